"""Where every node of one run stands, and what of it is not written down yet."""

import select
from collections.abc import Mapping
from pathlib import Path

from composer.engine.attempt import Attempt, Phase
from composer.engine.events import Change, Failure, StepChanged
from composer.engine.plan import NOT_STARTED, Plan
from composer.engine.ports import Journal, RunSpec, StepRecord
from composer.engine.states import Status
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
        self.plan = Plan(run.steps, run.edges)
        self.failures: dict[str, Failure] = {}
        self.statuses: dict[str, Status] = {}
        self.attempts: dict[str, Attempt] = {}
        self.pending: list[Change] = []
        self.watched: dict[int, Attempt] = {}
        self._journal = journal
        self._poller = poller
        for node in run.steps:
            record = records.get(node, StepRecord())
            self.statuses[node] = record.status
            self.attempts[node] = self._new_attempt(node, record.attempt)
            if record.status.is_final:
                self.attempts[node].phase = Phase.OVER

    def due(self) -> list[Attempt]:
        """The attempts whose turn has come."""
        return [self.attempts[node] for node in self.plan.due(self.statuses)]

    def running(self) -> list[Attempt]:
        """The attempts whose gate was opened and whose end was not seen."""
        return [attempt for attempt in self.attempts.values() if attempt.phase is Phase.RUNNING]

    @property
    def under_way(self) -> bool:
        """True while a step runs, or the way that it ended is being found out."""
        return any(attempt.phase in (Phase.RUNNING, Phase.LOST) for attempt in self.attempts.values())

    def stdin_of(self, node: str) -> Path | None:
        """The file a node reads: the output of the node before it, or the run's input."""
        if not self.run.steps[node].reads_input:
            return None
        source = self.plan.source(node)
        return self.run.input if source is None else self.attempts[source].files.stdout

    def change(self, attempt: Attempt, status: Status, note: str = "") -> None:
        """Notes a node's new status."""
        self.statuses[attempt.node] = status
        self.pending.append(StepChanged(attempt.node, status, attempt.number, note=note))

    def give_up(self, attempt: Attempt, status: Status) -> None:
        """A node whose turn never comes: its container is removed and never ran."""
        self.change(attempt, status)
        self.drop(attempt)

    def finish(
        self,
        attempt: Attempt,
        status: Status,
        failure: Failure | None = None,
        *,
        exit_code: int | None = None,
        bytes_out: int | None = None,
    ) -> None:
        """The attempt is over, and so is its node."""
        self.statuses[attempt.node] = status
        if failure:
            self.failures[attempt.node] = failure
        self.pending.append(
            StepChanged(
                attempt.node,
                status,
                attempt.number,
                exit_code=exit_code,
                failure=failure,
                bytes_in=attempt.bytes_in,
                bytes_out=bytes_out,
            )
        )
        self.drop(attempt)

    def renew(self, attempt: Attempt) -> None:
        """Replaces an attempt, and whatever was prepared to read from it, by the next one."""
        self.drop(attempt)
        node = attempt.node
        self.attempts[node] = self._new_attempt(node, attempt.number + 1)
        self.change(self.attempts[node], Status.QUEUED)
        for edge in self.plan.edges_from.get(node, ()):
            follower = self.attempts[edge.target]
            if self.statuses[edge.target] in NOT_STARTED and follower.phase is not Phase.IDLE:
                self.renew(follower)

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

    def _new_attempt(self, node: str, number: int) -> Attempt:
        files = self.workshop.spool.attempt(self.run.id, node, number)
        return Attempt(node, number, self.run.steps[node], files)
