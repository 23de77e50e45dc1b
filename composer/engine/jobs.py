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
        self._ready: list[tuple[float, int, Job]] = []  # by deadline
        self._later: list[tuple[float, int, float, Job]] = []  # by the time at which they may begin
        self._count = itertools.count()
        self._changed = threading.Condition()
        self._closed = False
        self._threads = [
            threading.Thread(target=self._work, name=f"engine-job-{number}", daemon=True)
            for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def add(self, job: Job, *, slack: float = 0.0, after: float = 0.0) -> None:
        """Queues a job that may wait about `slack` seconds behind more urgent ones.

        It does not begin before `after` seconds have passed, however idle the threads are: what
        can wait would otherwise take the processor from what was just made possible.
        """
        with self._changed:
            begin = time.monotonic() + after
            heapq.heappush(self._later, (begin, next(self._count), begin + slack, job))
            self._changed.notify()

    def close(self) -> None:
        """Does at once what is queued, then ends the threads."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while (job := self._next()) is not None:
            try:
                job()
            except Exception:
                log.exception("A job of the engine failed")

    def _next(self) -> Job | None:
        """Waits for the job to do now; None where there will be none."""
        with self._changed:
            while True:
                now = time.monotonic()
                while self._later and (self._closed or self._later[0][0] <= now):
                    _, number, deadline, job = heapq.heappop(self._later)
                    heapq.heappush(self._ready, (deadline, number, job))
                if self._ready:
                    if len(self._ready) > 1 or self._later:
                        self._changed.notify()  # somebody else takes, or waits for, the others
                    return heapq.heappop(self._ready)[2]
                if self._closed:
                    return None
                self._changed.wait(self._later[0][0] - now if self._later else None)
