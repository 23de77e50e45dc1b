"""Which pipes stream, and which steps therefore run together.

A stream is one FIFO between two containers, so both run at once: they form a group, which starts,
fails, stops and is tried again as one. What cannot stream is kept, and the checklist says why.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from composer.engine.graph import STDIN, Edge, Graph, Join, edges_into, order

MOST_STREAMS = 500  # in one workflow
MOST_TOGETHER = 64  # steps of one group: all their containers run at once

_RULE = "it is kept, because its rule looks at all of it before it decides"
_ENDING = "it is kept, because it depends on how the step before it ends"
_FILE = "it is kept, because the next step reads it as a file"
_ANY = "it is kept, because it is not known beforehand which pipes into the next step bring something"
_LATE = "it is kept, because the step before gives its output only when it ends"
_MEETS = "it is kept, because what parts before it meets again here: the streams would wait for each other"
NO_FILES = "it is kept, because the machine that runs the steps shares no files with Composer's worker"
_CROWD = f"it is kept, because at most {MOST_TOGETHER} steps can stream together"


@dataclass(frozen=True, slots=True)
class Streams:
    """How the pipes of a graph flow."""

    edges: frozenset[str] = frozenset()  # the ids of those that stream
    kept: Mapping[str, str] = field(default_factory=dict)  # of those that were to stream and do not: why
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by node: who runs with it, in order


def streams_of(
    nodes: Sequence[str],
    edges: Sequence[Edge],
    joins: Mapping[str, Join],
    *,
    late: Collection[str] = (),
    done: Collection[str] = (),
    unable: str = "",
) -> Streams:
    """Decides for every pipe; `nodes` in order.

    `late`: nodes whose output comes at their end; `done`: nodes that are over; `unable`: why nothing
    can stream here, if nothing can.
    """
    return _Choice(nodes, edges, joins, late, done, unable).streams()


def streams_of_graph(graph: Graph, late: Collection[str] = ()) -> Streams:
    """The same for a graph as it is drawn, before anything has run."""
    joins = {node.id: node.join for node in graph.nodes}
    return streams_of(order(graph), graph.edges, joins, late=late)


class _Choice:
    """Takes node after node in order, and lets it join the groups that it reads from, where it may."""

    def __init__(
        self,
        nodes: Sequence[str],
        edges: Sequence[Edge],
        joins: Mapping[str, Join],
        late: Collection[str],
        done: Collection[str],
        unable: str,
    ) -> None:
        self._unable = unable
        self._order, self._joins, self._late, self._done = nodes, joins, late, done
        self._into = edges_into(edges)
        self._group: dict[str, list[str]] = {node: [node] for node in nodes}
        self._streams: set[str] = set()
        self._kept: dict[str, str] = {}

    def streams(self) -> Streams:
        place = {node: number for number, node in enumerate(self._order)}
        for node in self._order:
            self._let_join(node, [edge for edge in self._into[node] if self._may_stream(edge)])
        groups = {node: tuple(sorted(group, key=place.__getitem__)) for node, group in self._group.items()}
        return Streams(frozenset(self._streams), self._kept, groups)

    def _may_stream(self, edge: Edge) -> bool:
        if edge.mode == "keep" or edge.source in self._done:
            return False
        several = len(self._into[edge.target]) > 1
        reasons = (
            (bool(self._unable), self._unable),
            (edge.rule is not None, _RULE),
            (edge.when != "success", _ENDING),
            (edge.input != STDIN, _FILE),
            (several and self._joins.get(edge.target) == "any", _ANY),
            (edge.source in self._late, _LATE),
        )
        why = next((words for true, words in reasons if true), None)
        if why:
            self._kept[edge.id] = why
        return why is None

    def _let_join(self, node: str, edges: Sequence[Edge]) -> None:
        if not edges:
            return
        self._streams.update(edge.id for edge in edges)
        groups = {id(group): group for group in (self._group[edge.source] for edge in edges)}
        merged = [member for group in groups.values() for member in group] + [node]
        why = None
        if len(groups) < len(edges) or self._waits_for_itself(merged):
            why = _MEETS
        elif len(merged) > MOST_TOGETHER:
            why = _CROWD
        if why is None:
            self._group.update(dict.fromkeys(merged, merged))
        else:
            self._streams.difference_update(edge.id for edge in edges)
            self._kept.update((edge.id, why) for edge in edges)

    def _waits_for_itself(self, group: Sequence[str]) -> bool:
        """Whether one of the group reads what, over kept pipes, comes from one of the group."""
        inside, todo, seen = set(group), list(group), set(group)
        for member in todo:  # grows while it is read
            for source in self._kept_sources(member):
                if source in inside:
                    return True
                # Who waits for a step waits for all that stream with it.
                fresh = [each for each in self._group[source] if each not in seen]
                seen.update(fresh)
                todo.extend(fresh)
        return False

    def _kept_sources(self, node: str) -> Iterator[str]:
        for edge in self._into[node]:
            if edge.id not in self._streams:
                yield edge.source
