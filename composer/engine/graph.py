"""A workflow's graph: steps, and the pipes between them.

`parse` (graph_parse.py) makes a Graph out of JSON and refuses what has not the right shape;
`problems` (graph_problems.py) says what keeps a well-shaped graph from being run.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from composer.engine.rules import Rule

MAX_NODES = 2_000
MAX_EDGES = 10_000

STDOUT, STDIN = "stdout", "stdin"

Join = Literal["all", "any"]
When = Literal["success", "failure", "always"]
Mode = Literal["keep", "stream", "stream+keep"]


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
    join: Join = "all"  # whether all pipes into it must bring something, or any
    limits: Mapping[str, Any] = field(default_factory=dict)
    connections: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """A pipe from one node's output to another's input."""

    id: str
    source: str
    target: str
    output: str = STDOUT  # or the name of a further output that the source's step declares
    input: str = STDIN  # or the name of an input file that the target's step declares
    order: int = 0  # of several pipes into one input: the lowest is read first
    when: When = "success"  # how the source must have ended for this way to be taken
    rule: Rule | None = None
    mode: Mode = "keep"


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


def edges_into(edges: Sequence[Edge]) -> dict[str, list[Edge]]:
    """By target: the pipes that lead into it, in the order in which it reads them."""
    found: dict[str, list[Edge]] = defaultdict(list)
    for edge in sorted(edges, key=lambda each: each.order):  # stable: ties stay as they are listed
        found[edge.target].append(edge)
    return found


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
