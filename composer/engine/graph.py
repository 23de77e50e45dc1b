"""A workflow's graph, and what is wrong with it, in plain words, by node.

`parse` (graph_parse.py) makes a Graph out of JSON and refuses what has not the right shape;
`problems` says what keeps a well-shaped graph from being run.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

MAX_NODES = 2_000
MAX_EDGES = 10_000


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: where it is and, in words for a person, what to do."""

    message: str
    node: str | None = None
    edge: str | None = None
    field: str | None = None


class GraphError(Exception):
    """The data is not a graph at all; `problems` says why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems[0].message if problems else "This is not a workflow.")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Node:
    """A step placed in a workflow."""

    id: str
    step: str
    version: str | None = None  # None: the newest when the graph is saved
    title: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    position: tuple[float, float] = (0.0, 0.0)
    limits: Mapping[str, Any] = field(default_factory=dict)
    connections: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """A pipe from one node's standard output to another's standard input."""

    id: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Graph:
    """The nodes and pipes of one workflow version. Never changes once made."""

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()

    def node(self, node_id: str) -> Node:
        """The node of that id. Raises KeyError."""
        for node in self.nodes:
            if node.id == node_id:
                return node
        raise KeyError(node_id)


@dataclass(frozen=True, slots=True)
class StepFacts:
    """What the graph's rules need to know of a library step."""

    title: str
    takes: str
    gives: str


FindStep = Callable[[str, str | None], StepFacts | None]


def problems(graph: Graph, find_step: FindStep) -> list[Problem]:
    """Everything that keeps this graph from being run, in the order a person meets it."""
    if not graph.nodes:
        return [Problem("There is nothing to run yet. Add a step.")]
    found = [*_double_ids(graph), *_loose_edges(graph)]
    if found:
        return found  # the rules below assume edges that end somewhere
    return [*_unknown_steps(graph, find_step), *_crowded_inputs(graph, find_step), *_cycles(graph)]


def _double_ids(graph: Graph) -> Iterable[Problem]:
    for node_id in _repeated(node.id for node in graph.nodes):
        yield Problem(f"Two steps have the id “{node_id}”. Give each its own.", node=node_id, field="id")
    for edge_id in _repeated(edge.id for edge in graph.edges):
        yield Problem(f"Two pipes have the id “{edge_id}”. Give each its own.", edge=edge_id, field="id")


def _repeated(ids: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    twice: dict[str, None] = {}
    for each in ids:
        if each in seen:
            twice[each] = None
        seen.add(each)
    return list(twice)


def _loose_edges(graph: Graph) -> Iterable[Problem]:
    known = {node.id for node in graph.nodes}
    for edge in graph.edges:
        for end, name in (("source", edge.source), ("target", edge.target)):
            if name not in known:
                message = f"This pipe’s {end} is “{name}”, and no step has that id."
                other_end = edge.target if end == "source" else edge.source
                yield Problem(message, node=other_end, edge=edge.id, field=end)
        if edge.source == edge.target:
            yield Problem(
                "A step cannot read its own output.", node=edge.source, edge=edge.id, field="target"
            )


def _unknown_steps(graph: Graph, find_step: FindStep) -> Iterable[Problem]:
    for node in graph.nodes:
        if find_step(node.step, node.version) is not None:
            continue
        if node.version is not None and find_step(node.step, None) is not None:
            message = f"The step “{node.step}” has no version {node.version} in the library."
            yield Problem(message, node=node.id, field="version")
        else:
            message = f"The library has no step “{node.step}”. Choose another one."
            yield Problem(message, node=node.id, field="step")


def _crowded_inputs(graph: Graph, find_step: FindStep) -> Iterable[Problem]:
    incoming: dict[str, list[Edge]] = defaultdict(list)
    for edge in graph.edges:
        incoming[edge.target].append(edge)
    for node in graph.nodes:
        edges = incoming[node.id]
        step = find_step(node.step, node.version)
        if len(edges) > 1:
            message = "Only one pipe can lead into a step. Remove the others."
            yield Problem(message, node=node.id, edge=edges[1].id, field="input")
        if edges and step is not None and step.takes == "nothing":
            message = f"“{step.title}” takes no input, so no pipe can lead into it. Make it the first step."
            yield Problem(message, node=node.id, edge=edges[0].id, field="input")
        yield from _dry_input(node, edges, step, graph, find_step)


def _dry_input(
    node: Node, edges: list[Edge], step: StepFacts | None, graph: Graph, find_step: FindStep
) -> Iterable[Problem]:
    for edge in edges:
        source = graph.node(edge.source)
        before = find_step(source.step, source.version)
        if step is not None and before is not None and before.gives == "nothing":
            message = f"“{before.title}” gives nothing on, so “{step.title}” would get no data."
            yield Problem(message, node=node.id, edge=edge.id, field="input")


def _cycles(graph: Graph) -> Iterable[Problem]:
    backwards = Graph(graph.nodes, tuple(Edge(e.id, e.target, e.source) for e in graph.edges))
    # What can be reached neither from the front nor from the back is held up by a circle.
    free = {*order(graph), *order(backwards)}
    for node in graph.nodes:
        if node.id not in free:
            message = "These steps wait for each other in a circle. Remove one of the pipes between them."
            yield Problem(message, node=node.id, field="input")


def order(graph: Graph) -> list[str]:
    """Node ids such that every source stands before its targets; nodes in a circle are left out."""
    targets: dict[str, list[str]] = defaultdict(list)
    open_inputs = {node.id: 0 for node in graph.nodes}
    for edge in graph.edges:
        targets[edge.source].append(edge.target)
        open_inputs[edge.target] += 1
    ready = [node.id for node in graph.nodes if open_inputs[node.id] == 0]
    done: list[str] = []
    for node_id in ready:  # grows while it is read
        done.append(node_id)
        for target in targets[node_id]:
            open_inputs[target] -= 1
            if open_inputs[target] == 0:
                ready.append(target)
    return done
