"""A few threads that do the earliest due job first: what a run waits for before what can wait."""

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable

log = logging.getLogger(__name__)

Job = Callable[[], None]


class Jobs:
    """Earliest deadline first, so nothing starves: a removal waits for preparations, but not for ever."""

    def __init__(self, threads: int) -> None:
        self._heap: list[tuple[float, int, Job]] = []
        self._count = itertools.count()
        self._changed = threading.Condition()
        self._closed = False
        self._threads = [
            threading.Thread(target=self._work, name=f"engine-job-{number}", daemon=True)
            for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def add(self, job: Job, *, slack: float = 0.0) -> None:
        """Queues a job that may wait about `slack` seconds behind more urgent ones."""
        with self._changed:
            heapq.heappush(self._heap, (time.monotonic() + slack, next(self._count), job))
            self._changed.notify()

    def close(self) -> None:
        """Finishes what is queued, then ends the threads."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._heap:
                    if self._closed:
                        return
                    self._changed.wait()
                _, _, job = heapq.heappop(self._heap)
            try:
                job()
            except Exception:
                log.exception("A job of the engine failed")
