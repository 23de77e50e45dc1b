"""One attempt at one node, as the run loop sees it."""

import os
import select
import threading
from dataclasses import dataclass
from enum import Enum, auto

from composer.engine.events import Failure
from composer.engine.gate.gate import Ended, read_ended, watch
from composer.engine.ports import Image, StepSpec
from composer.engine.spool import AttemptFiles
from composer.engine.whole import what_is_missing


class Phase(Enum):
    """Where the container of an attempt stands."""

    IDLE = auto()  # nothing made yet
    PREPARING = auto()  # a thread is making it
    PREPARED = auto()  # it waits at its gate and has not run one instruction of the step
    RUNNING = auto()  # the gate was opened
    LOST = auto()  # it went away without a whole `ended`; a thread is finding out why
    ENDED = auto()  # how it ended is known; what that means may hang on those it streams with
    OVER = auto()  # settled, or given up


UNDER_WAY = frozenset({Phase.RUNNING, Phase.LOST, Phase.ENDED})


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a preparation made."""

    container: str
    image: Image | None  # None: made by another worker, and past its gate


class Attempt:
    """The n-th attempt at a node: its files, its container, and the descriptor that tells of its end."""

    def __init__(self, node: str, number: int, step: StepSpec, files: AttemptFiles) -> None:
        self.node = node
        self.number = number
        self.step = step
        self.files = files
        self.phase = Phase.IDLE
        self.has_files = False
        self.prepared: Prepared | None = None
        self.mounted: frozenset[str] = frozenset()  # what its container sees, by its name in there
        self.fd: int | None = None
        self.kept_in = 0  # bytes that it was given in files
        self.end: Ended | None = None
        self.missing = ""  # what its gate wrote and is not there any more, in words
        self.was_adopted = False  # another worker opened its gate
        self.interruption: Failure | None = None  # why there is no `end`
        self.stopped = False  # by us: because of a person, or of a step that it streams with
        self.kill_at = float("inf")  # when it is made to end, after it was asked to
        self.fraction: float | None = None  # how far the step says it is
        self.dropped = threading.Event()

    @property
    def container(self) -> str | None:
        """The id of its container, once there is one."""
        return self.prepared.container if self.prepared else None

    def read_end(self) -> Ended | None:
        """How it ended, where its gate got so far as to say it, and whether its output is still whole."""
        self.end = read_ended(self.files)
        self.missing = what_is_missing(self.files, self.step, self.end) if self.end else ""
        return self.end

    def watch(self, poller: select.epoll) -> int:
        """Has the poller tell when the container's gate is gone; returns the descriptor."""
        if self.fd is None:
            self.fd = watch(self.files)
            poller.register(self.fd, select.EPOLLHUP)
        return self.fd

    def unwatch(self, poller: select.epoll) -> None:
        """Ends the watch."""
        if self.fd is not None:
            poller.unregister(self.fd)
            os.close(self.fd)
            self.fd = None
