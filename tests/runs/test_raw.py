"""The bytes of a run over HTTP: exact, in ranges, while they grow, and never as something that can act."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from django.test import AsyncClient, Client

from composer.engine.events import GateClaimed, StepChanged
from composer.engine.spool import Spool
from composer.engine.states import Status
from composer.runs import leases
from composer.runs.journal import DatabaseJournal
from composer.runs.models import Run
from composer.runs.raw import CHUNK

pytestmark = pytest.mark.django_db(transaction=True)

DATA = bytes(range(256)) * 5


@pytest.fixture
def run(new_run: Callable[..., Run], spool: Spool) -> Run:
    """a gave DATA and works still; b did not run."""
    run = new_run("a", "b")
    journal = DatabaseJournal(run.id, leases.claim(run.id, "me") or 0)
    spool.attempt(str(run.id), "a", 1).create()
    write(spool, run, DATA)
    journal.commit(GateClaimed("a", 1, 0))
    return run


def write(spool: Spool, run: Run, data: bytes) -> None:
    spool.stdout(str(run.id), "a", 1).write_bytes(data)


def finish(run: Run, *nodes: str) -> None:
    journal = DatabaseJournal(run.id, Run.objects.get(id=run.id).epoch)
    journal.commit(*(StepChanged(node, Status.SUCCEEDED, 1, 0) for node in nodes))


def get(client: Client, url: str, **headers: str) -> tuple[Any, bytes]:
    answer = client.get(url, headers=headers)
    body = b"".join(answer)
    answer.close()
    return answer, body


def url(run: Run, rest: str = "steps/a/output") -> str:
    return f"/api/runs/{run.id}/{rest}"


def test_the_bytes_are_exact(client: Client, run: Run) -> None:
    answer, body = get(client, url(run))
    assert (answer.status_code, body) == (200, DATA)
    assert answer["Content-Length"] == str(len(DATA))
    assert answer["Accept-Ranges"] == "bytes"
    assert answer["X-Composer-Complete"] == "false"


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-0", DATA[:1]),
        ("bytes=10-19", DATA[10:20]),
        ("bytes=1000-", DATA[1000:]),
        ("bytes=-5", DATA[-5:]),
        ("bytes=1270-99999", DATA[1270:]),
        ("bytes=-99999", DATA),
    ],
)
def test_a_range_is_a_part(client: Client, run: Run, header: str, part: bytes) -> None:
    answer, body = get(client, url(run), Range=header)
    assert (answer.status_code, body) == (206, part)
    start = len(DATA) - len(part) if header.startswith("bytes=-") else int(header[6:].partition("-")[0])
    assert answer["Content-Range"] == f"bytes {start}-{start + len(part) - 1}/{len(DATA)}"


@pytest.mark.parametrize("header", ["bytes=1280-", "bytes=99999-100000", "bytes=-0"])
def test_a_range_outside_is_told_the_size(client: Client, run: Run, header: str) -> None:
    answer, body = get(client, url(run), Range=header)
    assert (answer.status_code, body, answer["Content-Range"]) == (416, b"", f"bytes */{len(DATA)}")


@pytest.mark.parametrize(
    "header", ["bytes=", "bytes=5-2", "lines=1-2", "bytes=0-1,5-6", "bytes=a-b", "x" * 5000]
)
def test_a_range_that_cannot_be_read_is_ignored(client: Client, run: Run, header: str) -> None:
    answer, body = get(client, url(run), Range=header)
    assert (answer.status_code, body) == (200, DATA)


def test_what_grows_can_be_followed_by_ranges(client: Client, run: Run, spool: Spool) -> None:
    write(spool, run, b"one")
    seen = get(client, url(run))[1]
    write(spool, run, b"one two")
    seen += get(client, url(run), Range=f"bytes={len(seen)}-")[1]
    assert seen == b"one two"


def test_nothing_is_204_and_what_never_ran_404(client: Client, run: Run, spool: Spool) -> None:
    write(spool, run, b"")
    assert get(client, url(run))[0].status_code == 204
    assert get(client, url(run), Range="bytes=0-")[0].status_code == 204
    for rest in ("steps/b/output", "steps/b/log", "steps/nope/output", "steps/a/elbow", "output", "input"):
        answer = client.get(url(run, rest))
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json"), rest


def test_what_was_swept_away_is_404(client: Client, run: Run, spool: Spool) -> None:
    spool.remove_run(str(run.id))
    assert client.get(url(run)).status_code == 404


def test_the_output_of_a_run_is_that_of_its_last_step(client: Client, run: Run, spool: Spool) -> None:
    assert client.get(url(run, "output")).status_code == 404
    DatabaseJournal(run.id, 1).commit(GateClaimed("b", 1, 0))
    spool.attempt(str(run.id), "b", 1).create()
    spool.stdout(str(run.id), "b", 1).write_bytes(b"of b")
    assert get(client, url(run, "output"))[1] == b"of b"


def test_of_several_results_one_must_be_named(
    client: Client, new_run: Callable[..., Run], spool: Spool
) -> None:
    run = new_run("a", "b", "c", edges=[("a", "b"), ("a", "c")])
    journal = DatabaseJournal(run.id, leases.claim(run.id, "me") or 0)
    for node in "abc":
        spool.attempt(str(run.id), node, 1).create()
        spool.stdout(str(run.id), node, 1).write_bytes(node.encode())
    journal.commit(GateClaimed("a", 1, 0), GateClaimed("b", 1, 0))
    assert get(client, url(run, "output"))[1] == b"b", "of several, the one that ran"
    journal.commit(GateClaimed("c", 1, 0))
    answer = client.get(url(run, "output"))
    assert answer.status_code == 409
    assert "b, c" in answer.json()["detail"]


def test_the_input_of_a_step_is_the_output_before_it(client: Client, run: Run, spool: Spool) -> None:
    assert get(client, url(run, "steps/b/input"))[1] == DATA
    assert client.get(url(run, "steps/a/input")).status_code == 404
    spool.input(str(run.id)).write_bytes(b"given")
    Run.objects.filter(id=run.id).update(input={"kind": "text", "name": "", "bytes": 5})
    assert get(client, url(run, "steps/a/input"))[1] == get(client, url(run, "input"))[1] == b"given"


def test_the_log_is_plain_text(client: Client, run: Run, spool: Spool) -> None:
    spool.log(str(run.id), "a", 1).write_bytes(b"<script>\n")
    answer, body = get(client, url(run, "steps/a/log"))
    assert (answer["Content-Type"], body) == ("text/plain; charset=utf-8", b"<script>\n")


@pytest.mark.parametrize(
    ("gives", "data", "kind"),
    [
        ("csv", b"a,b\n", "text/csv; charset=utf-8"),
        ("json", b"{}", "application/json"),
        ("html", b"<script>alert(1)</script>", "text/html; charset=utf-8"),
        ("image", b"<svg onload='alert(1)'/>", "image/svg+xml"),
        ("any", b"<html><script>alert(1)</script>", "text/plain; charset=utf-8"),
        ("any", b"\0\1\2", "application/octet-stream"),
    ],
)
def test_data_is_what_its_step_says_and_can_never_act(
    client: Client, new_run: Callable[..., Run], spool: Spool, gives: str, data: bytes, kind: str
) -> None:
    run = new_run("a", gives=gives)
    DatabaseJournal(run.id, leases.claim(run.id, "me") or 0).commit(GateClaimed("a", 1, 0))
    spool.attempt(str(run.id), "a", 1).create()
    write(spool, run, data)
    answer, body = get(client, url(run))
    assert (answer["Content-Type"], body) == (kind, data)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


def test_a_download_has_a_name_a_person_finds_again(
    client: Client, new_run: Callable[..., Run], spool: Spool
) -> None:
    run = new_run("a", gives="csv", name="Größe/../<Sales>\r\n report")
    DatabaseJournal(run.id, leases.claim(run.id, "me") or 0).commit(GateClaimed("a", 1, 0))
    spool.attempt(str(run.id), "a", 1).create()
    write(spool, run, b"a\n")
    disposition = get(client, f"{url(run)}?download=1")[0]["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe")
    assert disposition.endswith(".csv")
    assert "/" not in disposition


@pytest.mark.parametrize("accept", ["image/*", "text/csv", "application/x-nothing"])
def test_whatever_is_accepted_the_data_comes(client: Client, run: Run, accept: str) -> None:
    assert get(client, url(run), Accept=accept)[1] == DATA


async def test_a_large_file_is_sent_piece_by_piece(
    run: Run, spool: Spool, owner_cookie: dict[str, str]
) -> None:
    large = b"0123456789abcdef" * (3 * CHUNK // 16) + b"end"
    await asyncio.to_thread(write, spool, run, large)
    client = AsyncClient()
    client.cookies.load(owner_cookie)
    answer = await client.get(url(run))
    pieces = [piece async for piece in answer]  # type: ignore[attr-defined]
    answer.close()
    assert [len(piece) for piece in pieces] == [CHUNK, CHUNK, CHUNK, 3]
    assert b"".join(pieces) == large


class TestPreview:
    def test_a_table_is_shown_as_rows(
        self, client: Client, new_run: Callable[..., Run], spool: Spool
    ) -> None:
        run = new_run("a", gives="csv")
        DatabaseJournal(run.id, leases.claim(run.id, "me") or 0).commit(GateClaimed("a", 1, 0))
        spool.attempt(str(run.id), "a", 1).create()
        write(spool, run, b"a,b\n1,2\n3,")
        shown = client.get(url(run, "steps/a/preview")).json()
        assert (shown["kind"], shown["complete"], shown["rows"]) == ("table", False, [["1", "2"]])
        finish(run, "a")
        shown = client.get(url(run, "steps/a/preview?offset=1&limit=1")).json()
        assert (shown["complete"], shown["rows"], shown["total_rows"]) == (True, [["3", ""]], 2)

    @pytest.mark.parametrize("query", ["port=elbow", "offset=-1", "offset=x", "limit=0", "limit=1001"])
    def test_a_page_that_means_nothing_is_refused(self, client: Client, run: Run, query: str) -> None:
        answer = client.get(url(run, f"steps/a/preview?{query}"))
        assert answer.status_code == 400
        assert answer.json()["problems"][0]["field"] == query.partition("=")[0]

    def test_the_log_and_the_input_can_be_looked_at(self, client: Client, run: Run, spool: Spool) -> None:
        spool.log(str(run.id), "a", 1).write_bytes(b"said\n")
        assert client.get(url(run, "steps/a/preview?port=log")).json()["text"] == "said\n"
        spool.input(str(run.id)).write_bytes(b"a,b\n1,2\n")
        Run.objects.filter(id=run.id).update(input={"kind": "file", "name": "x.CSV", "bytes": 8})
        assert client.get(url(run, "preview?port=input")).json()["rows"] == [["1", "2"]]

    @pytest.mark.parametrize(("takes", "kind"), [("csv", "table"), ("lines", "text"), ("any", "text")])
    def test_a_text_without_a_name_is_what_its_readers_take(
        self, client: Client, new_run: Callable[..., Run], spool: Spool, takes: str, kind: str
    ) -> None:
        run = new_run("a", "b", edges=[("a", "b")], takes=takes)
        spool.attempt(str(run.id), "a", 1).create()
        spool.input(str(run.id)).write_bytes(b"a,b\n1,2\n")
        Run.objects.filter(id=run.id).update(input={"kind": "text", "name": "", "bytes": 8})
        assert client.get(url(run, "preview?port=input")).json()["kind"] == kind

    def test_what_never_ran_has_no_preview(self, client: Client, run: Run) -> None:
        assert client.get(url(run, "steps/b/preview")).status_code == 404
