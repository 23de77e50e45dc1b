"""The engine's errors, as a tree.

EngineError
├── LeaseLost               another worker owns the run now: write nothing more
├── AlreadyClaimed          this attempt's gate was claimed before
├── EngineAway              the container engine does not answer; look again later
├── GateLost                nobody stands behind the gate any more
├── Unwanted                nobody waits any more for what was being done
└── StepError               the step cannot start; `failure` says why, in words
    ├── ImageMissing
    ├── WrongArchitecture
    ├── NothingToRun        neither entrypoint nor command
    ├── CommandRefused      the engine refused the container as described
    ├── NoRoom              the disk of the container engine is full
    ├── NotOurs             what was to be shown to the step is not what Composer put there
    └── EnvironmentRefused  a value is too large or holds what it may not
"""

from composer.engine.events import Failure


class EngineError(Exception):
    """Anything the engine raises on purpose."""


class LeaseLost(EngineError):
    """Another worker owns this run now."""


class AlreadyClaimed(EngineError):
    """The attempt's gate was claimed before, by this worker or another."""


class EngineAway(EngineError):
    """The container engine does not answer."""


class GateLost(EngineError):
    """The gate's process is gone, or never came, so nothing was handed over."""


class Unwanted(EngineError):
    """Nobody waits any more for what was being done."""


class StepError(EngineError):
    """This step cannot start as it is described."""

    kind = "command"

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.failure = Failure(self.kind, message, detail)


class ImageMissing(StepError):
    kind = "image"


class WrongArchitecture(StepError):
    kind = "architecture"


class NothingToRun(StepError):
    kind = "command"


class CommandRefused(StepError):
    kind = "command"


class NoRoom(StepError):
    kind = "disk"


class NotOurs(StepError):
    kind = "infrastructure"


class EnvironmentRefused(StepError):
    kind = "environment"
