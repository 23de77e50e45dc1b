"""Steps that nothing ever leads to, found before anything runs."""

from typing import Any

import pytest

from composer.engine.graph_parse import parse
from composer.engine.never import never_begin

RULE = {"all": [{"field": "total", "test": "greater", "value": 5}]}
ELSE = {"else": True}


Pipe = tuple[str, str, dict[str, Any]]


def found(*edges: Pipe, joins: str = "") -> list[tuple[str, list[str]]]:
    """Nodes that never begin, with the sources of two ways that exclude each other; `joins` take any way."""
    names = sorted({end for source, target, _ in edges for end in (source, target)})
    nodes = [{"id": name, "step": "x", **({"join": "any"} if name in joins else {})} for name in names]
    pipes = [
        {"id": f"{place}", "source": source, "target": target, **more}
        for place, (source, target, more) in enumerate(edges)
    ]
    graph = parse({"nodes": nodes, "edges": pipes})
    return [(never.node, [way.source for way in never.ways]) for never in never_begin(graph)]


def test_a_step_behind_a_rule_and_its_otherwise_never_begins() -> None:
    apart: list[Pipe] = [
        ("a", "b", {"rule": RULE}),
        ("a", "c", {"rule": ELSE}),
        ("b", "d", {}),
        ("c", "d", {}),
    ]
    assert found(*apart) == [("d", ["b", "c"])]
    assert found(*apart, joins="d") == []


def test_nor_does_one_behind_a_success_and_a_failure() -> None:
    ways: list[Pipe] = [("a", "b", {}), ("a", "c", {"when": "failure"}), ("b", "d", {}), ("c", "d", {})]
    assert found(*ways) == [("d", ["b", "c"])]


def test_nor_one_that_a_choice_leads_to_directly_and_by_a_further_way() -> None:
    assert found(("a", "b", {"rule": RULE}), ("a", "d", {"rule": ELSE}), ("b", "d", {})) == [
        ("d", ["a", "b"])
    ]


def test_what_hangs_on_it_is_not_named_once_more() -> None:
    ways: list[Pipe] = [
        ("a", "b", {"rule": RULE}),
        ("a", "c", {"rule": ELSE}),
        ("b", "d", {}),
        ("c", "d", {}),
    ]
    assert found(*ways, ("d", "e", {}), ("b", "e", {})) == [("d", ["b", "c"])]


@pytest.mark.parametrize(
    "ways",
    [
        [("a", "b", {}), ("a", "c", {}), ("b", "d", {}), ("c", "d", {})],
        [("a", "b", {"rule": RULE}), ("a", "c", {}), ("b", "d", {}), ("c", "d", {})],
        [("a", "b", {"rule": RULE}), ("a", "c", {"when": "failure"}), ("b", "d", {})],
        [("a", "b", {"rule": RULE}), ("x", "c", {"rule": RULE}), ("b", "d", {}), ("c", "d", {})],
        [("a", "b", {"when": "always"}), ("a", "c", {"when": "failure"}), ("b", "d", {}), ("c", "d", {})],
        [("a", "b", {}), ("b", "a", {})],
    ],
)
def test_ways_that_can_both_be_taken_are_not_named(ways: list[Pipe]) -> None:
    assert found(*ways) == []


def test_behind_a_step_that_takes_any_way_the_choice_is_open_again() -> None:
    ways: list[Pipe] = [
        ("a", "b", {"rule": RULE}),
        ("a", "c", {"rule": ELSE}),
        ("b", "j", {}),
        ("c", "j", {}),
    ]
    assert found(*ways, ("j", "e", {}), ("b", "e", {}), joins="j") == []


def test_pipes_that_lead_nowhere_are_left_out() -> None:
    pipes = [{"id": "1", "source": "a", "target": "gone"}, {"id": "2", "source": "gone", "target": "a"}]
    assert never_begin(parse({"nodes": [{"id": "a", "step": "x"}], "edges": pipes})) == []


def test_a_thousand_steps_in_a_row_are_looked_through() -> None:
    row = [(f"n{place:04}", f"n{place + 1:04}", {"rule": RULE}) for place in range(999)]
    assert found(*row) == []
