"""The socket of a run: everything after a cursor, then whatever comes, in order and without gaps.

What is sent is read from the event log. Messages of the channel layer only say “look”; where
they are lost, a slow poll finds out.
"""

import asyncio
import logging
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from composer.accounts.socket import workspace_of_scope
from composer.engine.spool import Spool
from composer.runs import feed, hints, selectors
from composer.runs.models import OVER
from composer.runs.tail import LogTails
from composer.runs.wire import RUN_STATUS, STEP_STATUS, dumps

log = logging.getLogger(__name__)

BAD_CURSOR, NOT_SIGNED_IN, NO_SUCH_RUN, OWN_FAULT = 4400, 4401, 4404, 1011
POLL = 2.0  # seconds; only matters where a hint was lost
LOG_POLL = 0.3  # seconds between looks into the logs of running steps


class _Refused(Exception):
    """The socket is closed with this code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class _Left(Exception):
    """The watcher went away while it was being told something."""


@dataclass(slots=True)
class _Place:
    """Where a watcher stands."""

    run_id: uuid.UUID
    seq: int
    is_over: bool
    tails: LogTails


class RunConsumer(AsyncWebsocketConsumer):
    """One watcher of one run."""

    _group: str | None = None
    _watching: "asyncio.Task[None] | None" = None

    async def connect(self) -> None:
        """Accepts first: only an open socket can be closed with a code that the other side sees."""
        self._more = asyncio.Event()
        await self.accept()
        try:
            place = await feed.in_thread(_place, self.scope)
        except _Refused as refused:
            await self.close(refused.code)
            return
        except Exception:
            log.exception("A watcher could not be let in")
            await self.close(OWN_FAULT)
            return
        await self._join(hints.group(str(place.run_id)))
        self._watching = asyncio.create_task(self._watch(place))

    async def disconnect(self, code: int) -> None:
        """Leaves nothing behind."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        if self._group is not None:
            try:
                await self.channel_layer.group_discard(self._group, self.channel_name)
            except Exception as error:
                log.warning("A watcher could not leave its group: %s", error)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """A watcher has nothing to say."""

    async def run_look(self, message: dict[str, Any]) -> None:
        """The run's event log has grown."""
        self._more.set()

    async def _join(self, group: str) -> None:
        try:
            await self.channel_layer.group_add(group, self.channel_name)
            self._group = group
        except Exception as error:
            log.warning("A watcher gets no hints: %s", error)

    async def _watch(self, place: _Place) -> None:
        try:
            while True:
                self._more.clear()
                await self._tell_events(place)
                if place.is_over:
                    return
                await self._tell_logs(place)
                await self._wait(LOG_POLL if place.tails.following else POLL)
        except _Left:
            return
        except Exception:
            log.exception("Watching run %s failed", place.run_id)
            await self.close(OWN_FAULT)

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._more.wait()
        except TimeoutError:
            return

    async def _tell(self, text: str) -> None:
        try:
            await self.send(text_data=text)
        except OSError as error:  # what servers raise where the other side has gone
            raise _Left from error

    async def _tell_events(self, place: _Place) -> None:
        while batch := await feed.events_after(place.run_id, place.seq):
            for event, text in batch:
                if event["type"] == STEP_STATUS:
                    await self._mind_log(place, event)
                await self._tell(text)
                place.seq = event["seq"]
                if event["type"] == RUN_STATUS:
                    place.is_over = event["status"] in OVER

    async def _mind_log(self, place: _Place, event: dict[str, Any]) -> None:
        """A step's log is followed from its start, and told to its end before the end is told."""
        if event["status"] == "running":
            place.tails.follow(event["node"], event["attempt"])
        elif event["status"] in OVER:
            for message in await feed.in_thread(lambda: list(place.tails.finish(event["node"]))):
                await self._tell(dumps(message))

    async def _tell_logs(self, place: _Place) -> None:
        if place.tails.following:
            for message in await feed.in_thread(lambda: list(place.tails.read())):
                await self._tell(dumps(message))


def _place(scope: dict[str, Any]) -> _Place:
    """Where the watcher begins. Raises _Refused."""
    workspace = workspace_of_scope(scope)
    if workspace is None:
        raise _Refused(NOT_SIGNED_IN)
    run = selectors.find_run(workspace, scope["url_route"]["kwargs"]["run_id"])
    if run is None:
        raise _Refused(NO_SUCH_RUN)
    try:
        query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        seq = selectors.parse_cursor(query.get("after", ["0"])[-1], run.last_seq)
    except selectors.BadCursor:
        raise _Refused(BAD_CURSOR) from None
    tails = LogTails(Spool(settings.COMPOSER_SPOOL), run.id)
    for node, attempt in run.steps.filter(status="running").values_list("node", "attempt"):
        tails.follow(node, attempt)
    return _Place(run.id, seq, run.is_over and seq == run.last_seq, tails)
