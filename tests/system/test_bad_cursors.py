"""Runs asked for in ways that mean nothing: inputs, cursors, ranges, pages, and runs of others."""

import uuid
from collections.abc import Iterator

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.stack import Stack
from tests.system.flows import Flows
from tests.system.wire import PROBLEM, places, refused, send

TABLE = "a,b\n1,2\n3,4\n"
NO_CURSORS = ["-1", "x", "", "1.5", "²", "1e3", "0x1", " 1", "9" * 18, "9" * 400, "NaN", "\0", "1,2"]
STRANGER = """
from composer.accounts.models import Membership, User, Workspace
from composer.accounts.services import create_token
user = User.objects.create_user("stranger@example.org", "Stranger")
Membership.objects.create(user=user, workspace=Workspace.objects.create(name="Others"), role="owner")
print(create_token(user))
"""


@pytest.fixture(scope="module")
def workflow(flows: Flows) -> str:
    return flows.add({"a": flows.add_step("cat"), "b": flows.add_step("cat", gives="csv")})


@pytest.fixture(scope="module")
def run(flows: Flows, workflow: str) -> str:
    run = flows.start(workflow, TABLE)
    assert flows.end(run)["status"] == "succeeded"
    return run


@pytest.fixture(scope="module")
def stranger(stack: Stack) -> Iterator[httpx.Client]:
    """The owner of another workspace."""
    token = stack.manage("shell", "-v", "0", "-c", STRANGER).split()[-1]
    with httpx.Client(base_url=stack.url, headers={"Authorization": f"Token {token}"}) as http:
        yield http


def form(*parts: tuple[str, bytes], end: bytes = b"--line--\r\n") -> bytes:
    """A multipart form, whole or not."""
    return b"".join(b"--line\r\n%s\r\n\r\n%s\r\n" % (head.encode(), data) for head, data in parts) + end


FILE = 'Content-Disposition: form-data; name="input"; filename="x.csv"'
FORMS = {
    "without a boundary": (form((FILE, b"x")), "multipart/form-data"),
    "with a boundary of its own": (form((FILE, b"x")), "multipart/form-data; boundary=other"),
    "of nothing": (b"", "multipart/form-data; boundary=line"),
    "of noise": (b"\xff\0\r\n" * 1_000, "multipart/form-data; boundary=line"),
    "with an unknown field": (
        form(('Content-Disposition: form-data; name="inputs"', b"x")),
        "multipart/form-data; boundary=line",
    ),
    "with a field too many": (
        form((FILE, b"x"), ('Content-Disposition: form-data; name="more"', b"x")),
        "multipart/form-data; boundary=line",
    ),
    "with two inputs": (form((FILE, b"x"), (FILE, b"y")), "multipart/form-data; boundary=line"),
    "cut in the middle of its file": (
        form((FILE, b"x" * 1_000), end=b"")[:-500],
        "multipart/form-data; boundary=line",
    ),
    "cut in the middle of a large file": (
        form((FILE, b"x" * 3_000_000), end=b"")[:-500],
        "multipart/form-data; boundary=line",
    ),
    "cut in the middle of a text": (
        form(('Content-Disposition: form-data; name="input"', b"x" * 1_000), end=b"")[:-500],
        "multipart/form-data; boundary=line",
    ),
    "of 2,000 fields": (
        form(*[(f'Content-Disposition: form-data; name="f{n}"', b"") for n in range(2_000)]),
        "multipart/form-data; boundary=line",
    ),
    "in an unknown encoding": (
        form((FILE + "\r\nContent-Transfer-Encoding: base64", b"!" * 101)),
        "multipart/form-data; boundary=line",
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_is_none_starts_nothing(
    http: httpx.Client, flows: Flows, workflow: str, run: str, name: str
) -> None:
    body, kind = FORMS[name]
    before = flows.get(f"/api/runs/?workflow={workflow}")["count"]
    refused(send(http, "POST", f"/api/workflows/{workflow}/runs/", body, kind))
    assert flows.get(f"/api/runs/?workflow={workflow}")["count"] == before


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("a\\..\\b", "b"),
        ("<b>", "<b>"),
        ("%00", "%00"),
        ("\u202egnp.exe", "gnp.exe"),
    ],
)
def test_a_files_name_is_only_a_name(
    flows: Flows, http: httpx.Client, workflow: str, name: str, kept: str
) -> None:
    answer = http.post(f"/api/workflows/{workflow}/runs/", files={"input": (name, b"x\n")})
    assert answer.status_code == 201, answer.text
    run = answer.json()
    assert run["input"]["name"] == kept
    assert flows.end(run["id"])["status"] == "succeeded"
    assert http.get(f"/api/runs/{run['id']}/input?download=1").content == b"x\n"


@pytest.mark.parametrize("name", ["x" * 100_000, "."])
def test_a_files_name_that_is_none_is_refused(http: httpx.Client, workflow: str, name: str) -> None:
    refused(http.post(f"/api/workflows/{workflow}/runs/", files={"input": (name, b"x\n")}))


@pytest.mark.parametrize("text", NO_CURSORS)
def test_a_cursor_that_was_never_given_out_is_refused(
    http: httpx.Client, flows: Flows, stack: Stack, run: str, text: str
) -> None:
    asked = httpx.QueryParams({"after": text})
    told = refused(http.get(f"/api/runs/{run}/events/?{asked}"))
    assert places(told) == {(None, "after")}
    assert closed_with(stack, f"/ws/runs/{run}/?{asked}") == 4400


def test_a_cursor_from_the_future_is_refused(
    http: httpx.Client, flows: Flows, stack: Stack, run: str
) -> None:
    last = flows.get(f"/api/runs/{run}/")["last_seq"]
    assert flows.get(f"/api/runs/{run}/events/?after={last}") == {"events": [], "last": last}
    assert places(refused(http.get(f"/api/runs/{run}/events/?after={last + 1}"))) == {(None, "after")}
    assert closed_with(stack, f"/ws/runs/{run}/?after={last + 1}") == 4400


def test_a_socket_of_a_run_that_is_not_there_is_closed_by_its_code(
    stack: Stack, run: str, stranger: httpx.Client
) -> None:
    for other in (str(uuid.uuid4()), "x", "%00", "%ED%A0%80", "-1"):
        assert closed_with(stack, f"/ws/runs/{other}/?after=0") == 4404
    assert closed_with(stack, f"/ws/runs/{run}/", stranger.headers["Authorization"]) == 4404
    for wrong in ("Token nobody", "Bearer \xff", "Token", ""):
        assert closed_with(stack, f"/ws/runs/{run}/", wrong) == 4401


def closed_with(stack: Stack, path: str, authorization: str | None = None) -> int | None:
    """The code with which the server closes a socket; None where it tells something."""
    headers = {"Authorization": f"Token {stack.token}" if authorization is None else authorization}
    with connect(stack.url.replace("http", "ws") + path, additional_headers=headers) as socket:
        try:
            socket.recv(timeout=30)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None
    return None


def test_a_run_of_another_workspace_is_not_there(run: str, workflow: str, stranger: httpx.Client) -> None:
    mine = f"/api/runs/{run}/"
    for path in ("", "events/", "output", "input", "preview", "steps/a/output", "steps/a/preview"):
        refused(stranger.get(mine + path), 404)
    for path in ("cancel/", "retry/"):
        refused(stranger.post(mine + path, json={}), 404)
    refused(stranger.post(f"/api/workflows/{workflow}/runs/", json={"input": "x"}), 404)
    assert stranger.get("/api/runs/").json()["count"] == 0
    assert stranger.get(f"/api/runs/?workflow={workflow}").json()["count"] == 0


@pytest.mark.parametrize("key", ["limit", "offset", "port"])
@pytest.mark.parametrize("value", ["-1", "x", "", "1.5", "9" * 30, "\0", "²", "log;input"])
def test_a_page_that_means_nothing_is_refused(http: httpx.Client, run: str, key: str, value: str) -> None:
    asked = httpx.QueryParams({key: value})
    for path in ("preview", "steps/b/preview"):
        assert places(refused(http.get(f"/api/runs/{run}/{path}?{asked}"))) == {(None, key)}


@pytest.mark.parametrize("offset", ["2", "3", "12", "1000000", str(2**50)])
def test_a_page_behind_the_end_is_empty(flows: Flows, run: str, offset: str) -> None:
    shown = flows.get(f"/api/runs/{run}/preview?port=output&offset={offset}")
    assert (shown["kind"], shown["rows"], shown["total_rows"]) == ("table", [], 2)


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=2-1",
        "bytes=x-y",
        "bytes=",
        "bytes=-",
        "lines=1-2",
        "bytes=0-0,2-3",
        "bytes=--1",
        "bytes=1-" + "9" * 40,
    ],
)
def test_a_range_that_means_nothing_is_ignored(http: httpx.Client, run: str, asked: str) -> None:
    answer = http.get(f"/api/runs/{run}/output", headers={"Range": asked})
    assert (answer.status_code, answer.text) == (200, TABLE)


def test_a_range_outside_tells_the_size(http: httpx.Client, run: str) -> None:
    for asked in (f"bytes={len(TABLE)}-", "bytes=999999999-", "bytes=-0"):
        answer = http.get(f"/api/runs/{run}/output", headers={"Range": asked})
        assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{len(TABLE)}")


@pytest.mark.parametrize(
    "path",
    [
        "steps/c/output",
        "steps/a/stdout",
        "steps/a/",
        "steps/..%2f..%2fa/output",
        "steps/%00/output",
        "nothing",
    ],
)
def test_data_that_is_not_there_is_not_found(http: httpx.Client, run: str, path: str) -> None:
    refused(http.get(f"/api/runs/{run}/{path}"), 404)


@pytest.mark.parametrize("asked", ["page=0", "page=x", "page=-1", "page=" + "9" * 30, "page=2"])
def test_a_page_of_a_list_that_is_not_there_is_not_found(http: httpx.Client, asked: str) -> None:
    refused(http.get(f"/api/runs/?status=canceled&workflow={uuid.uuid4()}&{asked}"), 404)


@pytest.mark.parametrize("asked", ["status=%00", "status=gone", "workflow=x", "workflow=%ED%A0%80"])
def test_a_filter_that_means_nothing_is_refused(http: httpx.Client, asked: str) -> None:
    refused(http.get(f"/api/runs/?{asked}"))


@pytest.mark.parametrize("start", ["c", "../a", "\0", "x" * 100_000])
def test_running_again_from_nowhere_is_refused(http: httpx.Client, run: str, start: str) -> None:
    assert places(refused(http.post(f"/api/runs/{run}/retry/", json={"from": start}))) == {(None, "from")}


def test_an_address_without_end_is_refused(http: httpx.Client) -> None:
    answer = http.get("/api/runs/" + "x" * 60_000)
    assert answer.status_code in (400, 404, 414, 431)
    answer = http.get("/api/nothing/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, PROBLEM)
