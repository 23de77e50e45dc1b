"""Which nodes' turn has come, which never comes, which to prepare ahead: pure functions of what is known.

What is known: the status of every node, and of every pipe whose source is over, whether this way
is taken. A step runs when all pipes into it are taken (or, where its node joins `any`, when all are
decided and at least one is taken); when that cannot become true any more it is skipped.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import Enum, auto

from composer.engine.graph import STDIN, Edge, Join, edges_into
from composer.engine.states import Status
from composer.engine.streams import Streams, streams_of

NOT_STARTED = frozenset({Status.QUEUED, Status.PREPARING})

Statuses = Mapping[str, Status]
Taken = Mapping[str, bool]  # by edge; what is not in it is not decided yet


class Turn(Enum):
    """Whether what a node reads from other groups is there."""

    LATER = auto()
    NOW = auto()
    NEVER = auto()


class Plan:
    """The order of one run."""

    def __init__(
        self,
        nodes: Iterable[str],
        edges: Sequence[Edge],
        *,
        joins: Mapping[str, Join] | None = None,
        late: Collection[str] = (),
        done: Collection[str] = (),
        unable: str = "",
    ) -> None:
        self.joins: Mapping[str, Join] = joins or {}
        self.edges_into = edges_into(edges)
        self.edges_from: dict[str, list[Edge]] = {}
        for edge in edges:
            self.edges_from.setdefault(edge.source, []).append(edge)
        self.order = tuple(self._sorted(nodes))
        self.streams: Streams = streams_of(self.order, edges, self.joins, late=late, done=done, unable=unable)

    def group(self, node: str) -> tuple[str, ...]:
        """The nodes that run together with this one, itself among them; each writer before its readers."""
        return self.streams.groups[node]

    def is_stream(self, edge: Edge) -> bool:
        """Whether both ends of the pipe run at once."""
        return edge.id in self.streams.edges

    def inputs(self, node: str, taken: Taken) -> list[Edge]:
        """What the node reads on its standard input, in order: the ways that are taken, and streams."""
        edges = self.edges_into.get(node, ())
        return [e for e in edges if e.input == STDIN and (self.is_stream(e) or taken.get(e.id, False))]

    def due(self, statuses: Statuses, taken: Taken) -> list[str]:
        """Nodes whose turn has come, whole groups at a time."""
        lost = {*self.lost(statuses, taken)}
        found = []
        for node in self.order:
            together = [
                each for each in self.group(node) if each not in lost and statuses[each] is not Status.SKIPPED
            ]
            if statuses[node] not in NOT_STARTED or node in lost:
                continue
            if all(self._turn(each, taken) is Turn.NOW for each in together):
                found.append(node)
        return found

    def ahead(self, statuses: Statuses, taken: Taken, most: int) -> list[str]:
        """The nodes to have prepared by now: those that are due, then the next `most` in order."""
        due = self.due(statuses, taken)
        chosen = dict.fromkeys(due)
        lost = {*self.lost(statuses, taken)}
        for node in self.order:
            if len(chosen) >= len(due) + most:
                break
            held_up = any(statuses[edge.source] is Status.WAITING for edge in self.edges_into.get(node, ()))
            if statuses[node] in NOT_STARTED and node not in lost and not held_up:
                chosen[node] = None
        return list(chosen)

    def lost(self, statuses: Statuses, taken: Taken) -> list[str]:
        """Nodes that were not started and never will be: no way leads there any more."""
        lost: dict[str, None] = {}
        foreseen = dict(taken)
        for node in self.order:
            if statuses[node] in NOT_STARTED and (
                self._turn(node, foreseen) is Turn.NEVER or self._has_lost_writer(node, statuses, lost)
            ):
                lost[node] = None
                foreseen.update((edge.id, False) for edge in self.edges_from.get(node, ()))
        return list(lost)

    def _has_lost_writer(self, node: str, statuses: Statuses, lost: Collection[str]) -> bool:
        never_ran = (Status.SKIPPED, Status.CANCELED)
        return any(
            edge.source in lost or statuses[edge.source] in never_ran
            for edge in self.edges_into.get(node, ())
            if self.is_stream(edge)
        )

    def _turn(self, node: str, taken: Taken) -> Turn:
        ways = [taken.get(e.id) for e in self.edges_into.get(node, ()) if not self.is_stream(e)]
        if not ways:
            return Turn.NOW
        if self.joins.get(node, "all") == "all":
            if False in ways:
                return Turn.NEVER
            return Turn.LATER if None in ways else Turn.NOW
        if None in ways:
            return Turn.LATER
        return Turn.NOW if True in ways else Turn.NEVER

    def _sorted(self, nodes: Iterable[str]) -> Iterable[str]:
        open_inputs = {node: len(self.edges_into.get(node, ())) for node in nodes}
        ready = [node for node, count in open_inputs.items() if count == 0]
        for node in ready:  # grows while it is read
            for edge in self.edges_from.get(node, ()):
                open_inputs[edge.target] -= 1
                if open_inputs[edge.target] == 0:
                    ready.append(edge.target)
        return ready
