"""Reads the event log for many watchers at once.

Watchers of one run who stand at the same place share one read and one encoding. The reads run in
a few threads of their own: Django's default is a single one for the whole process.
"""

import asyncio
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, ParamSpec, TypeVar

from django.db import DatabaseError, InterfaceError, connection

from composer.runs import selectors
from composer.runs.wire import dumps

P = ParamSpec("P")
T = TypeVar("T")

_GONE = (DatabaseError, InterfaceError)

_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="run-watchers")


class Told(NamedTuple):
    """An event, and the same as it goes over the wire."""

    event: dict[str, Any]
    text: str


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Calls what reads the database or a file, off the event loop."""
    return await asyncio.get_running_loop().run_in_executor(
        _threads, lambda: _call(function, *args, **kwargs)
    )


def _call(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    try:
        return function(*args, **kwargs)
    except _GONE:
        connection.close()  # it may have died long ago: a server that starts anew ends them all
    try:
        return function(*args, **kwargs)
    except _GONE:
        connection.close()
        raise


_Key = tuple[asyncio.AbstractEventLoop, uuid.UUID, int]
_reading: dict[_Key, "asyncio.Task[list[Told]]"] = {}


async def events_after(run_id: uuid.UUID, after: int) -> list[Told]:
    """The next events, at most `selectors.EVENTS_AT_ONCE`."""
    key = (asyncio.get_running_loop(), run_id, after)
    task = _reading.get(key)
    if task is None:
        task = _reading[key] = asyncio.create_task(in_thread(_read, run_id, after))
        task.add_done_callback(lambda _: _reading.pop(key, None))
    # Shielded: a watcher who leaves does not take the read from the others.
    return await asyncio.shield(task)


def _read(run_id: uuid.UUID, after: int) -> list[Told]:
    return [Told(event, dumps(event)) for event in selectors.events_after(run_id, after)]
