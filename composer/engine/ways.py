"""Which ways lead on from a node that is over, and why.

A way is taken where its `when` fits how the node ended and its rule holds. Ways with rules are a
choice: the first whose rule holds is taken, in the order in which the graph lists them, and the one that
says `else` where none does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from composer.engine.events import Way
from composer.engine.files import size_of
from composer.engine.graph import STDOUT, Edge
from composer.engine.ports import StepSpec
from composer.engine.rules import CannotDecide, Facts, decide, in_words
from composer.engine.spool import AttemptFiles
from composer.engine.states import Status

_FITS = {
    "success": (Status.SUCCEEDED,),
    "failure": (Status.FAILED,),
    "always": (Status.SUCCEEDED, Status.FAILED),
}
_ENDED = {Status.FAILED: "failed", Status.SUCCEEDED: "went well"}


@dataclass(frozen=True, slots=True)
class Ending:
    """How a node ended, and what it left."""

    step: StepSpec
    status: Status
    exit_code: int | None
    files: AttemptFiles


def ways_from(edges: Sequence[Edge], end: Ending) -> dict[str, Way]:
    """By edge id, for all pipes that lead away from a node that is over."""
    found = {edge.id: _by_ending(edge, end) for edge in edges}
    choices: dict[str, list[Edge]] = {}
    for edge in edges:
        if edge.rule is not None and found[edge.id].taken:
            choices.setdefault(edge.when, []).append(edge)
    for choice in choices.values():
        found.update(_choose(choice, end))
    return found


def _by_ending(edge: Edge, end: Ending) -> Way:
    if end.status in _FITS[edge.when]:
        return Way(True)
    if end.status in _ENDED:
        return Way(False, f"“{end.step.title}” {_ENDED[end.status]}")
    return Way(False, f"“{end.step.title}” did not run")


def _choose(edges: Sequence[Edge], end: Ending) -> dict[str, Way]:
    """The first that holds; those behind it are not asked any more."""
    found: dict[str, Way] = {}
    taken: Edge | None = None
    for edge in sorted(edges, key=lambda each: each.rule is not None and each.rule.how == "else"):
        assert edge.rule is not None
        if taken is not None:
            assert taken.rule is not None
            found[edge.id] = Way(False, in_words(taken.rule))
            continue
        try:
            decision = decide(edge.rule, _facts(edge, end))
        except CannotDecide as error:
            # Neither this way nor one behind it can be known to be right.
            return {each.id: Way(False, str(error), trouble=True) for each in edges}
        found[edge.id] = Way(decision.holds, decision.why)
        taken = edge if decision.holds else None
    return found


def _facts(edge: Edge, end: Ending) -> Facts:
    data = end.files.output(edge.output)
    size = size_of(data)
    gives = end.step.gives if edge.output == STDOUT else end.step.outputs.get(edge.output, "any")
    return Facts(None if size is None else data, gives, size or 0, end.exit_code)
