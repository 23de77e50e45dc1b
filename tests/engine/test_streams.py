"""Which pipes stream. `a=b` is to stream, `a-b` is kept."""

import itertools
import random

import pytest

from composer.engine.graph import Edge
from composer.engine.rules import Rule
from composer.engine.streams import MOST_TOGETHER, NO_FILES, Streams, streams_of
from tests.engine import conftest


def edge(ends: str, **more: object) -> Edge:
    """A pipe whose id is as it is written."""
    return conftest.edge(ends, id=ends, **more)


def flows(nodes: str, *edges: Edge, **more: object) -> Streams:
    joins = more.pop("joins", {})
    return streams_of(list(nodes), edges, joins, **more)  # type: ignore[arg-type]


def streaming(nodes: str, *ends: str) -> set[str]:
    return set(flows(nodes, *(edge(each) for each in ends)).edges)


def test_a_row_of_streams_is_one_group() -> None:
    found = flows("abcd", edge("a=b"), edge("b=c"), edge("c-d"))
    assert found.edges == {"a=b", "b=c"}
    assert found.groups == {"a": ("a", "b", "c"), "b": ("a", "b", "c"), "c": ("a", "b", "c"), "d": ("d",)}
    assert found.kept == {}


def test_one_output_may_stream_to_several() -> None:
    assert streaming("abcd", "a=b", "a=c", "c=d") == {"a=b", "a=c", "c=d"}


def test_several_streams_from_different_springs_may_meet() -> None:
    assert streaming("abc", "a=c", "b=c") == {"a=c", "b=c"}


@pytest.mark.parametrize(
    ("nodes", "ends", "streams"),
    [
        ("abcd", "a=b a=c b=d c=d", {"a=b", "a=c"}),
        ("abc", "a=b b=c a=c", {"a=b"}),
        ("abc", "a=b b-c a=c", {"a=b"}),
        ("abcd", "a=b b-c c-d a=d", {"a=b"}),
        ("abcde", "a=b a=c b-d d-e c=e", {"a=b", "a=c"}),
        ("abcde", "a=c b=c a=d b=d d=e", {"a=c", "b=c", "d=e"}),
        ("abcdef", "a=b b-c c=d a=e d=f e=f", {"a=b", "c=d", "a=e"}),
    ],
)
def test_streams_that_part_and_meet_again_are_kept_where_they_meet(
    nodes: str, ends: str, streams: set[str]
) -> None:
    found = flows(nodes, *(edge(each) for each in ends.split()))
    assert found.edges == streams
    assert {each for each in ends.split() if "=" in each} - streams == set(found.kept)
    assert all("meets again" in why for why in found.kept.values())


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"rule": Rule("else")}, "its rule"),
        ({"when": "failure"}, "how the step before it ends"),
        ({"when": "always"}, "how the step before it ends"),
        ({"input": "prices"}, "as a file"),
    ],
)
def test_what_has_to_be_there_whole_is_kept_and_says_why(more: dict[str, object], words: str) -> None:
    found = flows("ab", edge("a=b", **more))
    assert not found.edges
    assert words in found.kept["a=b"]


def test_nobody_streams_into_a_step_that_takes_any_of_several() -> None:
    assert not flows("abc", edge("a=c"), edge("b=c"), joins={"c": "any"}).edges
    assert flows("ab", edge("a=b"), joins={"b": "any"}).edges == {"a=b"}


def test_output_that_comes_at_the_end_and_output_that_is_there_do_not_stream() -> None:
    assert not flows("ab", edge("a=b"), late=["a"]).edges
    assert not flows("ab", edge("a=b"), done=["a"]).edges


def test_a_group_does_not_grow_without_end() -> None:
    nodes = [f"n{i}" for i in range(MOST_TOGETHER + 5)]
    edges = [edge(f"{a}={b}") for a, b in itertools.pairwise(nodes)]
    found = streams_of(nodes, edges, {})
    assert max(len(group) for group in found.groups.values()) == MOST_TOGETHER
    assert len(found.kept) == 1


@pytest.mark.parametrize("seed", range(200))
def test_no_group_waits_for_itself(seed: int) -> None:
    """Over any graph: a group's kept inputs never come from the group, not even over others."""
    dice = random.Random(seed)
    nodes = [f"n{i}" for i in range(12)]
    pairs = [(a, b) for i, a in enumerate(nodes) for b in nodes[i + 1 :]]
    edges = [edge(f"{a}{dice.choice('-==')}{b}") for a, b in dice.sample(pairs, 18)]
    found = streams_of(nodes, edges, {})
    waits: dict[tuple[str, ...], set[tuple[str, ...]]] = {group: set() for group in found.groups.values()}
    inside: dict[tuple[str, ...], int] = dict.fromkeys(waits, 0)
    for each in edges:
        source, target = found.groups[each.source], found.groups[each.target]
        if each.id in found.edges:
            assert source == target
            inside[source] += 1
        else:
            waits[target].add(source)
    assert all(count == len(group) - 1 for group, count in inside.items()), "a group is a tree"
    done: set[tuple[str, ...]] = set()
    while len(done) < len(waits):
        ready = {group for group, sources in waits.items() if group not in done and sources <= done}
        assert ready, "groups wait for each other in a circle"
        done |= ready


def test_where_nothing_can_stream_all_that_was_to_is_kept_and_says_so() -> None:
    found = flows("abcd", edge("a=b"), edge("b=c"), edge("c-d"), unable=NO_FILES)
    assert found.edges == frozenset()
    assert found.kept == {"a=b": NO_FILES, "b=c": NO_FILES}
    assert found.groups["b"] == ("b",)
