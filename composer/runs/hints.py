"""“Look”: a hint to whoever watches a run that its event log has grown.

A thread of its own sends them, so nobody who writes events ever waits for Redis. Hints for the
same run that come while one is being sent melt into one. Losing them is allowed: watchers
also look by themselves now and then.
"""

import asyncio
import atexit
import logging
import threading

from channels.layers import BaseChannelLayer, channel_layers

log = logging.getLogger(__name__)

MOST_WAITING = 10_000
SEND_SECONDS = 5.0


def group(run_id: str) -> str:
    """The channel group of those who watch a run."""
    return f"run.{run_id}"


class Publisher:
    """A thread with an event loop that sends the hints."""

    def __init__(self) -> None:
        self._waiting: dict[str, None] = {}
        self._lock = threading.Lock()
        self._loop = asyncio.new_event_loop()
        self._more = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="run-hints", daemon=True)
        self._closing = self._failing = False
        self._thread.start()

    def look(self, run_id: str) -> None:
        """Never waits."""
        with self._lock:
            asleep = not self._waiting
            if len(self._waiting) < MOST_WAITING:
                self._waiting[run_id] = None
        if asleep:
            self._wake()

    def close(self) -> None:
        """Sends what waits and ends the thread."""
        self._closing = True
        self._wake()
        self._thread.join(timeout=SEND_SECONDS)

    def _wake(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._more.set)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._publish())

    async def _publish(self) -> None:
        layer = channel_layers.make_backend("default")
        while not self._closing or self._waiting:
            await self._more.wait()
            self._more.clear()
            with self._lock:
                batch, self._waiting = self._waiting, {}
            for run_id in batch:
                await self._send(layer, run_id)

    async def _send(self, layer: BaseChannelLayer, run_id: str) -> None:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await layer.group_send(group(run_id), {"type": "run.look"})
            self._failing = False
        except Exception as error:
            if not self._failing:
                log.warning("Hints cannot be sent, watchers see changes later: %s", error)
            self._failing = True


_publisher: Publisher | None = None
_starting = threading.Lock()


def look(run_id: str) -> None:
    """Tells those who watch the run to look. Never waits, may be lost."""
    global _publisher  # noqa: PLW0603 - one thread per process, started at first need
    if _publisher is None:
        with _starting:
            if _publisher is None:
                _publisher = Publisher()
                atexit.register(close)
    _publisher.look(run_id)


def close() -> None:
    """Ends the publisher's thread, if there is one; the next hint starts another."""
    global _publisher
    with _starting:
        publisher, _publisher = _publisher, None
    if publisher is not None:
        publisher.close()
