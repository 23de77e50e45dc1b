"""Which nodes' turn has come, which never comes, which to prepare ahead: pure functions of the statuses."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

from composer.engine.ports import EdgeSpec
from composer.engine.states import Status

NOT_STARTED = frozenset({Status.QUEUED, Status.PREPARING})
DEAD_END = frozenset({Status.FAILED, Status.SKIPPED, Status.CANCELED, Status.WAITING})


class Plan:
    """The order of one run. A node has at most one incoming edge, and any number of outgoing ones."""

    def __init__(self, nodes: Iterable[str], edges: Sequence[EdgeSpec]) -> None:
        self.edge_into: Mapping[str, EdgeSpec] = {edge.target: edge for edge in edges}
        self.edges_from: dict[str, list[EdgeSpec]] = {}
        for edge in edges:
            self.edges_from.setdefault(edge.source, []).append(edge)
        self.order = tuple(self._sorted(nodes))

    def source(self, node: str) -> str | None:
        """The node whose output this one reads; None where it reads the run's input, if anything."""
        edge = self.edge_into.get(node)
        return edge.source if edge else None

    def due(self, statuses: Mapping[str, Status]) -> list[str]:
        """Nodes whose turn has come: not started, and what they read is complete."""
        return [
            node
            for node in self.order
            if statuses[node] in NOT_STARTED and self._source_status(node, statuses) is Status.SUCCEEDED
        ]

    def ahead(self, statuses: Mapping[str, Status], most: int) -> list[str]:
        """The nodes to have prepared by now: those that are due, then the next `most` in order."""
        due = self.due(statuses)
        chosen = dict.fromkeys(due)
        lost = {*self.unreachable(statuses)}
        for node in self.order:
            if len(chosen) >= len(due) + most:
                break
            blocked = node in lost or self._source_status(node, statuses) in DEAD_END
            if statuses[node] in NOT_STARTED and not blocked:
                chosen[node] = None
        return list(chosen)

    def unreachable(self, statuses: Mapping[str, Status]) -> list[str]:
        """Nodes that were not started and never will be, because something before them did not succeed."""
        ended_badly = DEAD_END - {Status.WAITING}
        lost: dict[str, None] = {}
        for node in self.order:
            source = self.source(node)
            if source is None or statuses[node] not in NOT_STARTED:
                continue
            if source in lost or statuses[source] in ended_badly:
                lost[node] = None
        return list(lost)

    def _source_status(self, node: str, statuses: Mapping[str, Status]) -> Status:
        source = self.source(node)
        return Status.SUCCEEDED if source is None else statuses[source]

    def _sorted(self, nodes: Iterable[str]) -> Iterator[str]:
        ready = deque(node for node in nodes if node not in self.edge_into)
        while ready:
            node = ready.popleft()
            yield node
            ready.extend(edge.target for edge in self.edges_from.get(node, ()))
