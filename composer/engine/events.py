"""What the run loop tells the outside: plain data, written by the journal in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from composer.engine.states import Status


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a step or a run did not succeed, in words for a person.

    `kind` is one of: exit, signal, memory, time, output, disk, image, command,
    environment, architecture, input, rule, together, infrastructure, unknown.
    """

    kind: str
    message: str
    detail: str = ""
    log_tail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """Whether the way over a pipe is taken; `trouble` where its rule could not be decided."""

    taken: bool
    why: str = ""  # in words, where somebody might ask
    trouble: bool = False


@dataclass(frozen=True, slots=True)
class RunChanged:
    """The run as a whole has a new status."""

    status: Status
    failure: Failure | None = None
    failed_node: str | None = None


@dataclass(frozen=True, slots=True)
class StepChanged:
    """One node has a new status. A `QUEUED` change with a higher attempt means: made anew."""

    node: str
    status: Status
    attempt: int
    exit_code: int | None = None
    failure: Failure | None = None
    bytes_in: int | None = None  # None: leave as it was
    bytes_out: int | None = None
    note: str = (
        ""  # what a preparing step is doing, e.g. "Downloading its program, 40 %"; why one was skipped
    )
    ways: Mapping[str, Way] = field(default_factory=dict)  # by edge, once it is over: which lead on


@dataclass(frozen=True, slots=True)
class GateClaimed:
    """The one irreversible act: this attempt of this node is about to be let go.

    The journal must refuse (AlreadyClaimed) if the attempt was claimed before, and must
    make the step `running`, with `started_at`, in the same transaction.
    """

    node: str
    attempt: int
    bytes_in: int


@dataclass(frozen=True, slots=True)
class ImagePinned:
    """The image that a step's version means from now on: a repo digest or an image id."""

    node: str
    digest: str


Change = RunChanged | StepChanged | GateClaimed | ImagePinned


@dataclass(frozen=True, slots=True)
class EdgeFlow:
    """What went through one pipe so far."""

    bytes: int
    rate: float = 0.0  # bytes per second since the last tick
    waits_for: str | None = None  # "reader" | "writer", streams only


@dataclass(frozen=True, slots=True)
class StepFlow:
    """The bytes one running step has read and written so far."""

    bytes_in: int
    bytes_out: int
    log_bytes: int = 0
    fraction: float | None = None  # 0..1, where the step says so itself


@dataclass(frozen=True, slots=True)
class Progress:
    """What moved since the last tick; only what changed is in it. At most 4 a second."""

    steps: Mapping[str, StepFlow] = field(default_factory=dict)
    edges: Mapping[str, EdgeFlow] = field(default_factory=dict)
