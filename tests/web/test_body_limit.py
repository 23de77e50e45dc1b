"""Bodies that are too large end before Django has kept them, whether announced or not."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from composer.web.body_limit import FORM_ROOM, BodyLimit

FORM = b"multipart/form-data; boundary=x"


async def ask(
    pieces: list[bytes], *, announced: bytes | None = None, kind: bytes = b"application/json"
) -> tuple[int, dict[str, Any], int]:
    """The status, the body of the answer, and how many bytes the application was given."""
    waiting: Iterator[tuple[int, bytes]] = iter(enumerate(pieces, 1))
    sent: list[Any] = []
    given = 0

    async def receive() -> Any:
        place, piece = next(waiting)
        return {"type": "http.request", "body": piece, "more_body": place < len(pieces)}

    async def send(message: Any) -> None:
        sent.append(message)

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        nonlocal given
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return  # as Django does: nobody is there to answer
            given += len(message["body"])
            if not message["more_body"]:
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    headers = [(b"content-type", kind), *([(b"content-length", announced)] if announced else [])]
    await BodyLimit(inner, plain_max=100, file_max=1000)({"type": "http", "headers": headers}, receive, send)
    return sent[0]["status"], json.loads(sent[1]["body"]), given


async def test_what_fits_passes() -> None:
    assert await ask([b"x" * 60, b"y" * 40], announced=b"100") == (200, {}, 100)


async def test_what_announces_to_be_too_large_is_not_read_at_all() -> None:
    status, body, given = await ask([b"x" * 101], announced=b"101")
    assert (status, given) == (413, 0)
    assert "multipart" in body["detail"]


async def test_what_grows_too_large_ends_there() -> None:
    status, body, given = await ask([b"x" * 60, b"y" * 60, b"z" * 60])
    assert (status, given, body["status"]) == (413, 60, 413)


async def test_a_form_may_be_as_large_as_a_file() -> None:
    whole = b"x" * (1000 + FORM_ROOM)
    assert (await ask([whole], kind=FORM))[0] == 200
    assert (await ask([whole, b"y"], kind=FORM))[0] == 413


@pytest.mark.parametrize("announced", [b"nonsense", b"-1", b"9" * 400])
async def test_nonsense_in_the_header_does_no_harm(announced: bytes) -> None:
    status, _, _ = await ask([b"x"], announced=announced)
    assert status == (413 if announced.isdigit() else 200)
