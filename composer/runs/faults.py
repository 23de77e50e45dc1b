"""Places at which a test can have this process die, to prove what survives it.

COMPOSER_FAULT=<point> or <point>:<node> names one place; nothing happens where it is not set.
Points: before-gate (the claim is not written yet), claimed (written, the gate still shut),
ended (the step is over, its end not written yet), settled (its end is written).
"""

import os
import signal
from collections.abc import Sequence

from composer.engine.events import Change, GateClaimed, StepChanged
from composer.engine.states import Status

VARIABLE = "COMPOSER_FAULT"


def before_commit(changes: Sequence[Change]) -> None:
    """Called before the changes are written."""
    if VARIABLE in os.environ:
        _die_at("before-gate", _claimed(changes))
        _die_at("ended", _succeeded(changes))


def after_commit(changes: Sequence[Change]) -> None:
    """Called once the changes are written."""
    if VARIABLE in os.environ:
        _die_at("claimed", _claimed(changes))
        _die_at("settled", _succeeded(changes))


def _claimed(changes: Sequence[Change]) -> list[str]:
    return [change.node for change in changes if isinstance(change, GateClaimed)]


def _succeeded(changes: Sequence[Change]) -> list[str]:
    return [c.node for c in changes if isinstance(c, StepChanged) and c.status is Status.SUCCEEDED]


def _die_at(point: str, nodes: list[str]) -> None:
    wanted, _, node = os.environ[VARIABLE].partition(":")
    if wanted == point and nodes and (not node or node in nodes):
        os.kill(os.getpid(), signal.SIGKILL)
