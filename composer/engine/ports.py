"""What the engine needs from the outside: three small interfaces, and the data they speak.

`ContainerEngine` starts and stops containers (docker_engine.py; a fake for tests),
`Journal` keeps the truth (the runs app; a list for tests), `Inbox` brings word from
outside into a running loop.
"""

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

from composer.engine.events import Change, Progress
from composer.engine.graph import Edge, Join
from composer.engine.states import Status

MEBIBYTE = 1024 * 1024
#: Memory that a container takes while it waits at its gate: measured, most of it is Docker's own.
BYTES_PER_WAITING_CONTAINER = 7 * MEBIBYTE


@dataclass(frozen=True, slots=True)
class Limits:
    """What one step may use. Sizes in bytes."""

    memory: int = 256 * MEBIBYTE
    cpus: float = 1.0
    seconds: float = 300.0
    output: int = 1024 * MEBIBYTE
    pids: int = 256


@dataclass(frozen=True, slots=True)
class StepSpec:
    """One node, resolved: all that is needed to execute it."""

    image: str
    title: str
    entrypoint: tuple[str, ...] | None = None  # None: the image's own
    command: tuple[str, ...] | None = None  # None: the image's own
    environment: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    user: str | None = None
    writable: bool = False
    network: Literal["none", "internet"] = "none"
    limits: Limits = field(default_factory=Limits)
    reads_input: bool = True
    repeatable: bool = False
    may_pull: bool = False  # the image's registry is allowed and it may be fetched
    gives: str = "any"  # what its output is said to be, for rules that look at it
    outputs: Mapping[str, str] = field(default_factory=dict)  # further ones: name and what it gives
    take: str = "stdout"  # what counts as its data: stdout, stderr, or the path of a file that it leaves
    between: tuple[str, str] | None = None  # only the lines between these two are passed on


@dataclass(frozen=True, slots=True)
class RunSpec:
    """One run, resolved. `input` is the file given at the start, if any."""

    id: str
    workspace: str
    steps: Mapping[str, StepSpec]
    edges: Sequence[Edge]
    joins: Mapping[str, Join] = field(default_factory=dict)  # by node; "all" where it is not named
    input: Path | None = None
    status: Status = Status.QUEUED  # what it was when this worker took it
    taken_over: bool = False  # another worker may have begun it


@dataclass(frozen=True, slots=True)
class StepRecord:
    """What the journal knew of a node when this worker took the run."""

    status: Status = Status.QUEUED
    attempt: int = 1
    claimed: bool = False  # this attempt's gate was claimed
    exit_code: int | None = None


class Journal(Protocol):
    """Keeps the truth about one run, on behalf of one epoch of its lease."""

    def commit(self, *changes: Change) -> None:
        """Writes all changes in one transaction, or none.

        Raises LeaseLost where the epoch is no longer the run's, AlreadyClaimed where a
        `GateClaimed` names an attempt that was claimed before.
        """

    def progress(self, progress: Progress) -> None:
        """Tells how far things are; may be dropped. Raises LeaseLost."""


@dataclass(frozen=True, slots=True)
class Mount:
    """A single file or FIFO, shown to the container at `target`."""

    source: Path
    target: str
    read_only: bool = False
    is_fifo: bool = False  # it is a file where nothing else is said


@dataclass(frozen=True, slots=True)
class Image:
    """What an image says of itself."""

    id: str
    digest: str  # repo digest where there is one, else the id
    entrypoint: tuple[str, ...]
    command: tuple[str, ...]
    environment: Mapping[str, str]
    architecture: str
    os: str


@dataclass(frozen=True, slots=True)
class ContainerSpec:
    """A container as the engine is asked to make it. Holds no secret and no parameter."""

    image: str
    arguments: tuple[str, ...]
    mounts: tuple[Mount, ...]
    labels: Mapping[str, str]
    limits: Limits
    network: str  # "none", "bridge" or "container:<id>"
    user: str
    writable: bool
    entrypoint: str = "/.composer/run"
    volumes: tuple[str, ...] = ()  # anonymous ones, empty, at these places
    is_attached: bool = False  # its standard streams go to whoever is attached


@dataclass(frozen=True, slots=True)
class ContainerState:
    """A container as the engine sees it."""

    id: str
    labels: Mapping[str, str]
    running: bool
    exit_code: int | None
    oom_killed: bool = False
    error: str = ""


class ContainerEngine(Protocol):
    """Makes, starts, inspects and removes containers. Every call may raise EngineAway."""

    def image(self, reference: str, *, may_pull: bool, on_progress: Callable[[str], None]) -> Image:
        """The image behind a reference. Raises ImageMissing, WrongArchitecture."""

    def start(self, spec: ContainerSpec) -> str:
        """Creates and starts a container; returns its id. Raises CommandRefused, ImageMissing."""

    def inspect(self, container: str) -> ContainerState | None:
        """Its state, or None where there is none (any more)."""

    def find(self, labels: Mapping[str, str]) -> list[ContainerState]:
        """All containers, running or not, that bear all these labels ("" = any value)."""

    def kill(self, container: str, signal: str = "KILL") -> None:
        """Sends a signal; says nothing where the container is gone."""

    def remove(self, container: str) -> None:
        """Stops and removes it with its anonymous volumes; says nothing where it is gone."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that is put into a container: bytes, a copy of a file, or a FIFO."""

    path: str  # in the container, in a folder that is there
    content: bytes | Path = b""
    mode: int = 0o666
    is_fifo: bool = False


class Line(Protocol):
    """The standard streams of one container. For one thread."""

    def fileno(self) -> int:
        """A descriptor that is readable once something has arrived, or the line has ended."""

    def send(self, data: bytes) -> None:
        """Writes to standard input. Raises OSError."""

    def receive(self, seconds: float) -> tuple[int, bytes] | None:
        """What comes next, of stream 1 or 2; None at the end.

        Raises TimeoutError where nothing has come by then, OSError where the line broke.
        """

    def close(self) -> None:
        """Ends it, also a second time; the container goes on."""


@runtime_checkable
class AttachableEngine(ContainerEngine, Protocol):
    """A container engine with which no files need to be shared. Every call may raise EngineAway."""

    def holder_image(self) -> str:
        """An image with nothing in it."""

    def start_attached(self, spec: ContainerSpec, entries: Sequence[Entry]) -> tuple[str, Line]:
        """Creates a container, puts the entries into its volumes, attaches to it, and only then starts it.

        Raises as `start` does.
        """

    def put(self, container: str, entries: Sequence[Entry], wanted: Callable[[], bool]) -> None:
        """Puts more into its volumes; gives up with Unwanted once `wanted` says no.

        Raises OSError, with ENOSPC where the engine's disk is full.
        """

    def get(self, container: str, path: str) -> Iterator[bytes]:
        """The bytes of a file in there; none where there is no such file. Raises OSError."""


class Inbox:
    """Word from outside to one running loop. Any thread may call; the loop is woken at once."""

    def __init__(self) -> None:
        self.fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self.canceled = threading.Event()
        self.leaving = threading.Event()
        self.lease_lost = threading.Event()
        self._open = True
        self._lock = threading.Lock()  # so that nobody writes to a descriptor that was closed

    def cancel(self) -> None:
        """A person pressed Stop."""
        self.canceled.set()
        self.wake()

    def leave(self) -> None:
        """This worker is going away; containers stay for the next one."""
        self.leaving.set()
        self.wake()

    def lose_lease(self) -> None:
        """Another worker owns the run now, or may at any moment."""
        self.lease_lost.set()
        self.wake()

    def wake(self) -> None:
        """Something the loop waits for has happened."""
        with self._lock:
            if self._open:
                os.eventfd_write(self.fd, 1)

    def drain(self) -> None:
        """Called by the loop: takes note of all wake-ups so far."""
        with suppress(BlockingIOError):
            os.eventfd_read(self.fd)

    def close(self) -> None:
        """Nobody listens any more."""
        with self._lock:
            if self._open:
                self._open = False
                os.close(self.fd)
