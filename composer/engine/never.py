"""Steps that can never begin: they wait for several ways of which only one is ever taken.

What must have come about before a step begins is known from the graph alone: which of several ways with rules
was taken, and whether steps went well or failed. A step that waits for all its ways needs all that they
need; one that waits for any needs only what all of them need. Where that holds two things that exclude each
other, nothing leads there.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from composer.engine.graph import Edge, Graph, edges_into, order

#: Of a step and the way it ended, or of a choice between ways with rules: what came about.
Need = tuple[str, str]
Needs = dict[Need, str]


@dataclass(frozen=True, slots=True)
class Never:
    """A node, and two of its ways that are never both taken."""

    node: str
    ways: tuple[Edge, Edge]


def never_begin(graph: Graph) -> list[Never]:
    """Where the contradiction is; what hangs on such a node is not named once more.

    Circles, and pipes that lead nowhere, are left out.
    """
    known = {node.id for node in graph.nodes}
    graph = replace(graph, edges=tuple(e for e in graph.edges if {e.source, e.target} <= known))
    into = edges_into(graph.edges)
    needs: dict[str, Needs] = {}
    found: dict[str, Never] = {}
    joins = {node.id: node.join for node in graph.nodes}
    for node in order(graph):
        ways = [edge for edge in into.get(node, ()) if edge.source in needs]
        asked = [_needs_of(edge, needs[edge.source]) for edge in ways]
        if joins[node] == "any":
            needs[node] = _common(asked)
            continue
        if apart := _apart(ways, asked):
            found[node] = Never(node, apart)
            needs[node] = {}
        else:
            needs[node] = {need: what for each in asked for need, what in each.items()}
    return list(found.values())


def _needs_of(edge: Edge, before: Needs) -> Needs:
    """What must have come about for a way to be taken."""
    own: Needs = dict(before)
    if edge.when in ("success", "failure"):
        own[edge.source, "ended"] = edge.when
    if edge.rule is not None:
        own[edge.source, f"choice of {edge.when}"] = edge.id
    return own


def _common(asked: list[Needs]) -> Needs:
    if not asked:
        return {}
    first, *others = asked
    return {need: what for need, what in first.items() if all(each.get(need) == what for each in others)}


def _apart(ways: list[Edge], asked: list[Needs]) -> tuple[Edge, Edge] | None:
    """The first two that exclude each other."""
    seen: dict[Need, tuple[str, Edge]] = {}
    for way, need, what in _flat(ways, asked):
        before, other = seen.setdefault(need, (what, way))
        if before != what:
            return other, way
    return None


def _flat(ways: list[Edge], asked: list[Needs]) -> Iterable[tuple[Edge, Need, str]]:
    for way, needs in zip(ways, asked, strict=True):
        for need, what in needs.items():
            yield way, need, what
