"""The socket of a run, through the real consumer, the real event log and a real Redis."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import unquote

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.conf import settings

from composer.accounts.models import User
from composer.accounts.services import create_token
from composer.engine.events import GateClaimed, Progress, RunChanged, StepChanged, StepFlow
from composer.engine.spool import Spool
from composer.engine.states import Status
from composer.runs import leases
from composer.runs.journal import DatabaseJournal
from composer.runs.models import Run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("redis_server")]

PATIENCE = 10.0
Watch = Callable[..., Awaitable["Socket"]]


class Socket(ApplicationCommunicator):
    """A watcher."""

    @classmethod
    async def open(cls, url: str, headers: list[tuple[bytes, bytes]]) -> "Socket":
        from composer.asgi import application

        path, _, query = url.partition("?")
        scope = {
            "type": "websocket",
            "path": unquote(path),
            "query_string": query.encode(),
            "headers": headers,
        }
        socket = cls(application, {**scope, "subprotocols": []})
        await socket.send_input({"type": "websocket.connect"})
        answer = await socket.receive_output(PATIENCE)
        assert answer["type"] == "websocket.accept", "it is accepted first, so that a close code is seen"
        return socket

    async def say(self, **what: str | bytes) -> None:
        await self.send_input({"type": "websocket.receive", **what})

    async def leave(self) -> None:
        if not self.future.done():
            await self.send_input({"type": "websocket.disconnect", "code": 1000})
            await self.wait(PATIENCE)

    async def next(self) -> dict[str, Any]:
        sent = await self.receive_output(PATIENCE)
        assert sent["type"] == "websocket.send", sent
        message: dict[str, Any] = json.loads(sent["text"])
        return message

    async def until_over(self) -> list[dict[str, Any]]:
        told = [await self.next()]
        while not (
            told[-1]["type"] == "run.status" and told[-1]["status"] in ("succeeded", "failed", "canceled")
        ):
            told.append(await self.next())
        return told

    async def close_code(self) -> int:
        closed = await self.receive_output(timeout=PATIENCE)
        assert closed["type"] == "websocket.close", closed
        return int(closed["code"])


@pytest.fixture
async def watch(owner: User) -> AsyncIterator[Watch]:
    token = await sync_to_async(create_token)(owner)
    sockets: list[Socket] = []

    async def open_socket(run_id: object, query: str = "", *, signed_in: bool = True) -> Socket:
        headers = [(b"host", b"localhost"), (b"origin", b"http://localhost")]
        if signed_in:
            headers.append((b"authorization", f"Token {token}".encode()))
        socket = await Socket.open(f"/ws/runs/{run_id}/{query}", headers)
        sockets.append(socket)
        return socket

    yield open_socket
    for socket in sockets:
        await socket.leave()


@pytest.fixture
def run(new_run: Callable[..., Run]) -> Run:
    return new_run("a", "b")


@pytest.fixture
def journal(run: Run) -> DatabaseJournal:
    epoch = leases.claim(run.id, "me")
    assert epoch is not None
    return DatabaseJournal(run.id, epoch)


async def commit(journal: DatabaseJournal, *changes: Any) -> None:
    await sync_to_async(journal.commit, thread_sensitive=False)(*changes)


async def finish(journal: DatabaseJournal) -> None:
    await commit(journal, RunChanged(Status.RUNNING), GateClaimed("a", 1, 3))
    await commit(journal, StepChanged("a", Status.SUCCEEDED, 1, 0, bytes_out=3), GateClaimed("b", 1, 3))
    await commit(journal, StepChanged("b", Status.SUCCEEDED, 1, 0, bytes_out=3), RunChanged(Status.SUCCEEDED))


async def test_what_came_before_is_told_first_then_what_comes(
    run: Run, journal: DatabaseJournal, watch: Watch
) -> None:
    await commit(journal, RunChanged(Status.RUNNING))
    socket = await watch(run.id, "?after=0")
    assert [(await socket.next())["status"] for _ in range(2)] == ["queued", "running"]
    await commit(journal, GateClaimed("a", 1, 3))
    told = await socket.next()
    assert (told["type"], told["node"], told["status"], told["bytes_in"]) == (
        "step.status",
        "a",
        "running",
        3,
    )
    assert {"seq", "at", "attempt", "exit_code", "error", "failure", "bytes_out", "note"} <= told.keys()


async def test_who_comes_back_with_a_cursor_misses_nothing(
    run: Run, journal: DatabaseJournal, watch: Watch
) -> None:
    await finish(journal)
    whole = await (await watch(run.id)).until_over()
    for event in whole[:-1]:
        rest = await (await watch(run.id, f"?after={event['seq']}")).until_over()
        assert rest == [later for later in whole if later["seq"] > event["seq"]]


async def test_a_thousand_events_come_in_order_and_without_gaps(
    run: Run, journal: DatabaseJournal, watch: Watch
) -> None:
    def write() -> None:
        for count in range(1_200):
            journal.progress(Progress(steps={"a": StepFlow(count, count)}))

    writing = asyncio.create_task(asyncio.to_thread(write))
    socket = await watch(run.id)
    numbers = [(await socket.next())["seq"] for _ in range(1_201)]
    await writing
    assert numbers == list(range(1, 1_202))


async def test_where_every_hint_is_lost_the_poll_finds_out(
    run: Run, journal: DatabaseJournal, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("composer.runs.hints.look", lambda run_id: None)
    socket = await watch(run.id, "?after=1")
    await asyncio.sleep(0.2)
    await finish(journal)
    assert (await socket.until_over())[-1]["status"] == "succeeded"


@pytest.mark.parametrize(
    "query",
    ["?after=-1", "?after=x", "?after=999999", "?after=", "?after=1.0", "?after=٣", "?after=" + "9" * 40],
)
async def test_a_cursor_that_was_never_given_out_is_refused(run: Run, watch: Watch, query: str) -> None:
    assert await (await watch(run.id, query)).close_code() == 4400


async def test_who_is_not_signed_in_is_told_so(run: Run, watch: Watch) -> None:
    assert await (await watch(run.id, signed_in=False)).close_code() == 4401


@pytest.mark.parametrize("run_id", ["3f0c8a52-6b1e-4c0d-9d7a-0e5f2b8c4a11", "nonsense", "%00"])
async def test_a_run_nobody_knows_is_not_there(watch: Watch, run_id: str) -> None:
    assert await (await watch(run_id)).close_code() == 4404


async def test_a_run_of_another_workspace_is_not_there(
    new_foreign_run: Callable[[], Run], watch: Watch
) -> None:
    foreign = await sync_to_async(new_foreign_run)()
    assert await (await watch(foreign.id)).close_code() == 4404


async def test_log_lines_come_as_they_are_written(run: Run, journal: DatabaseJournal, watch: Watch) -> None:
    log = Spool(settings.COMPOSER_SPOOL).log(str(run.id), "a", 1)
    log.parent.mkdir(parents=True)
    log.write_bytes(b"one\n")
    socket = await watch(run.id, "?after=1")
    await commit(journal, GateClaimed("a", 1, 3))
    assert (await socket.next())["status"] == "running"
    first = await socket.next()
    assert (first["type"], first["node"], first["from"], first["text"]) == ("log", "a", 0, "one\n")
    with log.open("ab") as file:
        file.write(b"two\n")
    assert (await socket.next())["text"] == "two\n"
    with log.open("ab") as file:
        file.write(b"three")
    await commit(journal, StepChanged("a", Status.SUCCEEDED, 1, 0))
    last = [await socket.next(), await socket.next()]
    assert [message.get("text") or message.get("status") for message in last] == ["three", "succeeded"]


async def test_a_step_that_runs_already_is_followed_too(
    run: Run, journal: DatabaseJournal, watch: Watch
) -> None:
    await commit(journal, GateClaimed("a", 1, 3))
    log = Spool(settings.COMPOSER_SPOOL).log(str(run.id), "a", 1)
    log.parent.mkdir(parents=True)
    log.write_bytes(b"before\n")
    socket = await watch(run.id, "?after=2")
    assert (await socket.next())["text"] == "before\n"


async def test_a_watcher_who_leaves_leaves_nothing_behind(run: Run, watch: Watch) -> None:
    before = len(asyncio.all_tasks())
    sockets = [await watch(run.id) for _ in range(10)]
    for socket in sockets:
        await socket.next()
        await socket.leave()
    await asyncio.sleep(0.1)
    assert len(asyncio.all_tasks()) <= before + 5, "what is left belongs to the channel layer"


async def test_many_watchers_see_the_same(run: Run, journal: DatabaseJournal, watch: Watch) -> None:
    sockets = [await watch(run.id) for _ in range(40)]
    await finish(journal)
    seen = await asyncio.gather(*(socket.until_over() for socket in sockets))
    assert all(told == seen[0] for told in seen)


async def test_what_a_watcher_says_is_ignored(run: Run, journal: DatabaseJournal, watch: Watch) -> None:
    socket = await watch(run.id)
    await socket.say(text="{not json")
    await socket.say(bytes=b"\xff" * 1000)
    await finish(journal)
    assert (await socket.until_over())[-1]["status"] == "succeeded"
