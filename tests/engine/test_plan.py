"""Whose turn it is: a chain a-b-c with a branch b-d, and one step z that stands alone."""

import pytest

from composer.engine.graph import Edge
from composer.engine.plan import Plan
from composer.engine.states import FINAL, TRANSITIONS, Status, may_become

PLAN = Plan("abcdz", [Edge("1", "a", "b"), Edge("2", "b", "c"), Edge("3", "b", "d")])
Q, R, S, F, W = Status.QUEUED, Status.RUNNING, Status.SUCCEEDED, Status.FAILED, Status.WAITING


def at(letters: str) -> tuple[dict[str, Status], dict[str, bool]]:
    """The statuses, and of the pipes whose source is over whether their ways are taken."""
    by_letter = {"q": Q, "p": Status.PREPARING, "r": R, "s": S, "f": F, "w": W, "c": Status.CANCELED}
    statuses = {node: by_letter[letter] for node, letter in zip("abcdz", letters, strict=True)}
    over = {edge.id: statuses[edge.source] for edges in PLAN.edges_from.values() for edge in edges}
    return statuses, {edge: status is S for edge, status in over.items() if status.is_final}


@pytest.mark.parametrize(
    ("statuses", "due"),
    [("qqqqq", "az"), ("rqqqq", "z"), ("sqqqr", "b"), ("sspqs", "cd"), ("fqqqs", ""), ("sssss", "")],
)
def test_a_node_is_due_when_what_it_reads_is_complete(statuses: str, due: str) -> None:
    assert PLAN.due(*at(statuses)) == list(due)


def test_what_is_due_is_prepared_and_the_next_few_ahead_of_their_turn() -> None:
    assert PLAN.ahead(*at("qqqqq"), 0) == ["a", "z"]
    assert PLAN.ahead(*at("qqqqq"), 1) == ["a", "z", "b"]
    assert PLAN.ahead(*at("rqqqs"), 2) == ["b", "c"]


def test_nothing_is_prepared_behind_a_failure() -> None:
    assert PLAN.ahead(*at("fqqqs"), 5) == []
    assert PLAN.ahead(*at("sfqqs"), 5) == []


def test_all_that_hangs_on_a_failure_is_unreachable() -> None:
    assert PLAN.lost(*at("fqqqq")) == ["b", "c", "d"]
    assert PLAN.lost(*at("sfqqs")) == ["c", "d"]


def test_what_hangs_on_a_step_that_waits_for_a_person_stays_reachable() -> None:
    assert PLAN.lost(*at("wqqqs")) == []
    assert PLAN.due(*at("wqqqs")) == []


def test_the_order_has_every_source_before_its_targets() -> None:
    assert PLAN.order == ("a", "z", "b", "c", "d")


def test_nothing_follows_a_final_status() -> None:
    assert all(not TRANSITIONS[status] for status in FINAL)
    assert not any(may_become(status, Status.RUNNING) for status in FINAL)
