"""Where every node of one run stands, and what of it is not written down yet."""

import select
from collections.abc import Iterable, Mapping

from composer.engine.attempt import UNDER_WAY, Attempt, Phase
from composer.engine.events import Change, Failure, StepChanged, Way
from composer.engine.plan import NOT_STARTED, Plan
from composer.engine.ports import Journal, RunSpec, StepRecord
from composer.engine.states import Status
from composer.engine.ways import Ending, ways_from
from composer.engine.workshop import Workshop


class Board:
    """Belongs to the run's own thread; nobody else touches it."""

    def __init__(
        self,
        run: RunSpec,
        records: Mapping[str, StepRecord],
        workshop: Workshop,
        journal: Journal,
        poller: select.epoll,
    ) -> None:
        self.run, self.workshop = run, workshop
        known = {node: records.get(node, StepRecord()) for node in run.steps}
        self.plan = Plan(
            run.steps,
            run.edges,
            joins=run.joins,
            late=[node for node, step in run.steps.items() if step.take.startswith("/")],
            done=[node for node, record in known.items() if record.status.is_final],
            unable=workshop.unable_to_stream(run),
        )
        self.failures: dict[str, Failure] = {}
        self.statuses: dict[str, Status] = {}
        self.attempts: dict[str, Attempt] = {}
        self.taken: dict[str, bool] = {}
        self.ways: dict[str, Way] = {}
        self.pending: list[Change] = []
        self.watched: dict[int, Attempt] = {}
        self._journal = journal
        self._poller = poller
        for node, record in known.items():
            self.statuses[node] = record.status
            self.attempts[node] = self._new_attempt(node, record.attempt)
        for node, record in known.items():
            if record.status.is_final:
                self.attempts[node].phase = Phase.OVER
                self._decide_ways(node, record.exit_code)

    def hand_over(self, run: RunSpec, journal: Journal) -> None:
        """The same nodes and pipes, as they are described now."""
        self.run, self._journal = run, journal
        for node, attempt in self.attempts.items():
            attempt.step = run.steps[node]

    def due(self) -> list[Attempt]:
        """The attempts whose turn has come."""
        return [self.attempts[node] for node in self.plan.due(self.statuses, self.taken)]

    def running(self) -> list[Attempt]:
        """The attempts whose gate was opened and whose end was not seen."""
        return [attempt for attempt in self.attempts.values() if attempt.phase is Phase.RUNNING]

    @property
    def under_way(self) -> bool:
        """True while a step runs, or the way that it ended is being found out."""
        return any(attempt.phase in UNDER_WAY for attempt in self.attempts.values())

    def group(self, attempt: Attempt) -> list[Attempt]:
        """The attempts that run together with this one, itself among them; writers before readers."""
        together = (self.attempts[node] for node in self.plan.group(attempt.node))
        return [each for each in together if self.statuses[each.node] is not Status.SKIPPED]

    def change(self, attempt: Attempt, status: Status, note: str = "") -> None:
        """Notes a node's new status."""
        self.statuses[attempt.node] = status
        self.pending.append(StepChanged(attempt.node, status, attempt.number, note=note))

    def give_up(self, attempt: Attempt, status: Status, note: str = "") -> None:
        """A node whose turn never comes: its container is removed and never ran."""
        self.statuses[attempt.node] = status
        ways = self._decide_ways(attempt.node, None)
        self.pending.append(StepChanged(attempt.node, status, attempt.number, note=note, ways=ways))
        self.drop(attempt)

    def finish(
        self,
        attempt: Attempt,
        status: Status,
        failure: Failure | None = None,
        *,
        exit_code: int | None = None,
        bytes_in: int | None = None,
        bytes_out: int | None = None,
    ) -> None:
        """The attempt is over, and so is its node."""
        self.statuses[attempt.node] = status
        if failure:
            self.failures[attempt.node] = failure
        ways = self._decide_ways(attempt.node, exit_code) if status.is_final else {}
        self.pending.append(
            StepChanged(
                attempt.node,
                status,
                attempt.number,
                exit_code=exit_code,
                failure=failure,
                bytes_in=bytes_in,
                bytes_out=bytes_out,
                ways=ways,
            )
        )
        self.drop(attempt)
        self._fail_behind(ways)

    def give_up_lost(self) -> None:
        """Skips what no way leads to any more, and what hangs on that."""
        while lost := self.plan.lost(self.statuses, self.taken):
            for node in lost:
                closed = (self.ways[e.id] for e in self.plan.edges_into.get(node, ()) if e.id in self.ways)
                why = next((way.why for way in closed if not way.taken and way.why), "")
                self.give_up(self.attempts[node], Status.SKIPPED, why)

    def renew(self, attempts: Iterable[Attempt]) -> None:
        """Replaces the attempts of a group, and whatever was prepared to read from them, by the next ones."""
        for attempt in attempts:
            self.drop(attempt)
            node = attempt.node
            self.attempts[node] = self._new_attempt(node, attempt.number + 1)
            self.change(self.attempts[node], Status.QUEUED)
        for attempt in attempts:
            for edge in self.plan.edges_from.get(attempt.node, ()):
                follower = self.attempts[edge.target]
                if self.statuses[edge.target] in NOT_STARTED and follower.phase is not Phase.IDLE:
                    self.renew(self.group(follower))

    def drop(self, attempt: Attempt) -> None:
        """Nothing more is expected of this attempt; its container may go."""
        attempt.dropped.set()
        attempt.phase = Phase.OVER
        self.unwatch(attempt)
        if attempt.container:
            self.workshop.remove(attempt.container)

    def watch(self, attempt: Attempt) -> None:
        """Has the loop woken when this container's gate is gone."""
        self.watched[attempt.watch(self._poller)] = attempt

    def unwatch(self, attempt: Attempt) -> None:
        """Ends the watch, if there is one."""
        if attempt.fd is not None:
            del self.watched[attempt.fd]
            attempt.unwatch(self._poller)

    def commit(self) -> None:
        """Writes what is pending, all of it or nothing."""
        if self.pending:
            changes, self.pending = self.pending, []
            self._journal.commit(*changes)

    def _decide_ways(self, node: str, exit_code: int | None) -> dict[str, Way]:
        edges = self.plan.edges_from.get(node, ())
        end = Ending(self.run.steps[node], self.statuses[node], exit_code, self.attempts[node].files)
        ways = ways_from([edge for edge in edges if not self.plan.is_stream(edge)], end)
        # What streamed has flowed, however the step ended.
        ran = self.statuses[node] not in (Status.SKIPPED, Status.CANCELED)
        ways |= {edge.id: Way(ran) for edge in edges if self.plan.is_stream(edge)}
        self.ways.update(ways)
        self.taken.update((edge, way.taken) for edge, way in ways.items())
        return ways

    def _fail_behind(self, ways: Mapping[str, Way]) -> None:
        """Where a rule could not be decided, the step behind it fails and says why. It never runs."""
        for edge in self.run.edges:
            way = ways.get(edge.id)
            if way and way.trouble and self.statuses[edge.target] in NOT_STARTED:
                message = f"The rule on the way here could not be decided. {way.why}"
                self.finish(self.attempts[edge.target], Status.FAILED, Failure("rule", message))

    def _new_attempt(self, node: str, number: int) -> Attempt:
        files = self.workshop.spool.attempt(self.run.id, node, number)
        return Attempt(node, number, self.run.steps[node], files)
