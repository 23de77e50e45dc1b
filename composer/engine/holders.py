"""Empty network namespaces, kept ready.

Making a network namespace is the larger half of a container's start. The steps of one run that
need no network therefore join one empty namespace, held by a small container that only sleeps.
A holder serves one run at a time and goes back to the pool when nothing of the run lives in it.
What this process made and no longer knows is of no use to anybody: the sweeper takes it.
"""

import threading
from collections.abc import Callable, Collection, Mapping

from composer.engine.errors import EngineAway
from composer.engine.ports import ContainerEngine, ContainerSpec, Limits, Mount

HOLDER_LIMITS = Limits(memory=8 * 1024 * 1024, cpus=0.1, pids=8)


class HolderPool:
    """Hands out the ids of running holder containers."""

    def __init__(
        self,
        containers: ContainerEngine,
        *,
        image: Callable[[], str],
        gate: Mount,
        labels: Mapping[str, str],
        keep: int = 4,
    ) -> None:
        self._containers = containers
        self._image = image
        self._gate = gate
        self._labels = {**labels, "composer.role": "holder"}
        self._keep = keep
        self._idle: list[str] = []
        self._given: set[str] = set()
        self._being_made = 0
        self._lock = threading.Lock()
        self._closed = False

    def acquire(self) -> str:
        """A holder for one run alone. Raises EngineAway, NotOurs."""
        while (holder := self._pop()) is not None:
            state = self._containers.inspect(holder)
            if state is not None and state.running:
                return holder
            self.forget(holder)
        return self._make()

    def give_back(self, holder: str) -> None:
        """No process of the run is left in its namespace: it can serve the next one."""
        with self._lock:
            self._given.discard(holder)
            if not self._closed and len(self._idle) < self._keep:
                self._idle.append(holder)
                return
        self._containers.remove(holder)

    def forget(self, holder: str) -> None:
        """It is to be removed."""
        with self._lock:
            self._given.discard(holder)

    def strangers(self, holders: Collection[str]) -> list[str]:
        """Of these holders that this process made, those that it does not know (any more)."""
        with self._lock:
            if self._being_made:
                return []  # one of them may be just that
            return [each for each in holders if each not in self._given and each not in self._idle]

    def warm(self) -> None:
        """Makes sure that one holder is ready before the first run asks."""
        with self._lock:
            ready = bool(self._idle)
        if not ready:
            self.give_back(self._make())

    def close(self) -> None:
        """Removes the idle ones."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for holder in idle:
            try:
                self._containers.remove(holder)
            except EngineAway:
                return  # the sweeper finds it by its labels

    def _pop(self) -> str | None:
        with self._lock:
            if not self._idle:
                return None
            self._given.add(holder := self._idle.pop())
            return holder

    def _make(self) -> str:
        with self._lock:
            self._being_made += 1
        holder = ""
        try:
            holder = self._containers.start(self._described())
        finally:
            with self._lock:
                self._being_made -= 1
                if holder:
                    self._given.add(holder)
        return holder

    def _described(self) -> ContainerSpec:
        return ContainerSpec(
            image=self._image(),
            entrypoint=self._gate.target,
            arguments=(),
            mounts=(self._gate,),
            labels=self._labels,
            limits=HOLDER_LIMITS,
            network="none",
            user="65534:65534",
            writable=False,
        )
