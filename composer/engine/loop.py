"""The moves of the run loop, in the order in which `execute` makes them."""

import select
import time
from collections.abc import Mapping, Sequence

from composer.engine.attempt import UNDER_WAY, Attempt, Phase, Prepared
from composer.engine.board import Board
from composer.engine.errors import GateLost, LeaseLost
from composer.engine.events import Failure, GateClaimed, ImagePinned, RunChanged
from composer.engine.failures import interrupted, no_room
from composer.engine.flow import TICK, FlowWatch
from composer.engine.gate.gate import read_ended
from composer.engine.hands import Hands
from composer.engine.orders import could_have_inputs, has_inputs, mounts_of, order_for
from composer.engine.ports import ContainerState, Inbox, Journal, RunSpec, StepRecord
from composer.engine.prepare import RunNamespace
from composer.engine.settle import is_bad, settle, settle_interrupted
from composer.engine.states import Status
from composer.engine.wiring import create_files, kept_bytes
from composer.engine.workshop import Workshop

AHEAD = 4  # nodes of one run that are prepared before their turn
GRACE = 3.0  # seconds between asking a step to stop and making it
PATROL = 10.0  # seconds between two looks at containers that say nothing


class RunLoop:
    """One run in the hands of one worker. What takes long is done by the workshop's threads."""

    def __init__(
        self,
        run: RunSpec,
        records: Mapping[str, StepRecord],
        *,
        workshop: Workshop,
        journal: Journal,
        inbox: Inbox,
    ) -> None:
        self.run, self.workshop, self.journal, self.inbox = run, workshop, journal, inbox
        self._poller = select.epoll()
        self._poller.register(inbox.fd, select.EPOLLIN)
        self.board = Board(run, records, workshop, journal, self._poller)
        self.stopping = False
        self._flow = FlowWatch(self.board)
        self._space = RunNamespace(workshop)
        self._status = run.status
        self._ended: list[Attempt] = []
        self._hands = Hands(workshop, inbox, self)
        self._patrol_at = time.monotonic() + PATROL

    def hand_over(self, run: RunSpec, journal: Journal) -> None:
        """What was prepared for a run to come is that run from now on; its values may have changed since."""
        self.run, self.journal = run, journal
        self.board.hand_over(run, journal)
        self._flow = FlowWatch(self.board)
        self._patrol_at = time.monotonic() + PATROL

    @property
    def over(self) -> bool:
        """True where nothing is under way and nothing more can be started."""
        return not self.board.under_way and (self.stopping or not self.board.due())

    def heed_inbox(self) -> None:
        """Stops on a person's word. Raises LeaseLost on the supervisor's."""
        if self.inbox.lease_lost.is_set():
            raise LeaseLost(self.run.id)
        if self.inbox.canceled.is_set() and not self.stopping:
            self._stop()
        for attempt in self.board.running():
            if time.monotonic() > attempt.kill_at:
                attempt.kill_at = float("inf")
                self._hands.kill([attempt], "KILL")

    def prepare_ahead(self, most: int = AHEAD, *, soon: bool = True) -> None:
        """Has threads make the containers of the nodes whose turn has come, and of the next `most`.

        Not `soon`: nobody waits for any of them yet.
        """
        board = self.board
        due = {attempt.node for attempt in board.due()} if soon else set()
        wanted = () if self.stopping else board.plan.ahead(board.statuses, board.taken, most)
        for node in wanted:
            if not board.attempts[node].has_files:
                self._make_files(board.group(board.attempts[node]))
        for node in wanted:
            attempt = board.attempts[node]
            if attempt.phase is Phase.IDLE and attempt.has_files:
                self._begin_preparing(attempt, is_due=node in due)
            if node in due and attempt.phase is Phase.PREPARING and board.statuses[node] is Status.QUEUED:
                board.change(attempt, Status.PREPARING)

    def open_gates(self) -> None:
        """Writes down what happened and claims, in the same transaction, the gates that are due."""
        board = self.board
        ready = [] if self.stopping else self._ready()
        for attempt in ready:
            attempt.kept_in = kept_bytes(board.plan, attempt, self.run, board.attempts, board.taken)
            board.pending.append(GateClaimed(attempt.node, attempt.number, attempt.kept_in))
        self._tell_status(Status.RUNNING if ready or board.under_way else Status.PREPARING)
        board.commit()
        for attempt in reversed(ready):  # readers first: then no writer waits for one
            board.statuses[attempt.node] = Status.RUNNING
            attempt.phase = Phase.RUNNING
            try:
                self.workshop.carrier.open(attempt, order_for(board, attempt))
            except GateLost:
                self.lose(attempt)

    def _ready(self) -> list[Attempt]:
        """The attempts that are due and wait at their gates, with all that they stream with."""
        found = []
        for attempt in self.board.due():
            group = self.board.group(attempt)
            if not all(each.phase is Phase.PREPARED for each in group):
                continue
            missing = [each for each in group if not has_inputs(self.board, each)]
            if not missing:
                found.append(attempt)
            elif attempt is group[0]:
                self._lack_input(missing, group)
        return found

    def _lack_input(self, missing: list[Attempt], group: list[Attempt]) -> None:
        """Something that is to be read was not there when the container was made."""
        if all(could_have_inputs(self.board, each) for each in missing):
            self.board.renew(group)
            return
        for attempt in group:
            words = "What it was to read is no longer all there. Run the workflow again from the start."
            self.board.finish(attempt, Status.FAILED, Failure("input", words))

    def wait(self, seconds: float = TICK) -> None:
        """Sleeps until a container's gate is gone, a thread is done, word comes in, or a tick is over."""
        for fd, _ in self._poller.poll(seconds):
            if fd == self.inbox.fd:
                self.inbox.drain()
            elif fd in self.board.watched:
                self._ended.append(self.board.watched[fd])
        self._hands.collect()
        if time.monotonic() > self._patrol_at:
            self._patrol_at = time.monotonic() + PATROL
            for attempt in self.board.running():
                self._hands.look_at(attempt)

    def settle_ended(self) -> None:
        """Decides what to call the end of each container whose gate is gone."""
        ended, self._ended = self._ended, []
        for attempt in ended:
            if attempt.phase is Phase.RUNNING:
                self.note_end(attempt)
            elif attempt.phase is Phase.PREPARED:  # it died while it waited, so nothing was lost
                attempt.interruption = interrupted(None)
                settle_interrupted(self.board, self.board.group(attempt), [attempt])
        self.board.give_up_lost()

    def tell_progress(self) -> None:
        """At most once a tick, tells what moved through the pipes."""
        if progress := self._flow.look():
            self.journal.progress(progress)

    def conclude(self, end: RunChanged) -> None:
        """Writes the run's end together with that of its last step."""
        self.board.pending.append(end)
        self.board.commit()
        for attempt in self.board.attempts.values():
            self.board.drop(attempt)
        self._space.release(clean=True)

    def abandon(self) -> None:
        """Nothing of it will run: takes away what was prepared."""
        for attempt in self.board.attempts.values():
            self.board.drop(attempt)
        self._space.release(clean=True)
        self._poller.close()

    def close(self) -> None:
        """Frees what it holds. Containers stay; what a thread still brings, it takes away again."""
        for attempt in self.board.attempts.values():
            attempt.dropped.set()
            self.board.unwatch(attempt)
        # Who joined the namespace stays in it without its holder.
        self._space.release(clean=False)
        self._poller.close()

    def note_end(self, attempt: Attempt) -> None:
        """The gate of a running attempt is gone: reads how it ended."""
        if attempt.read_end() is None:
            self.lose(attempt)
        else:
            self._weigh(attempt)

    def lose(self, attempt: Attempt) -> None:
        """It went away without a whole `ended`: a thread asks the engine what happened."""
        attempt.phase = Phase.LOST
        self.board.unwatch(attempt)
        self._hands.find_out(attempt)

    def _weigh(self, attempt: Attempt) -> None:
        """Settles its group once all have ended; an end that is bad for all stops the others."""
        attempt.phase = Phase.ENDED
        self.board.unwatch(attempt)
        group = self.board.group(attempt)
        if all(each.phase is Phase.ENDED for each in group):
            settle(self.board, group, stopping=self.stopping)
        elif is_bad(attempt):
            going_on = [each for each in group if each.phase is Phase.RUNNING and not each.stopped]
            # One that has ended is only not seen yet: how it did is its own doing.
            self._ask_to_end([each for each in going_on if read_ended(each.files) is None])

    def _ask_to_end(self, attempts: Sequence[Attempt]) -> None:
        """Readers first: none of them may take its writer's end for that of the data, and begin."""
        for attempt in attempts:
            attempt.stopped = True
            attempt.kill_at = time.monotonic() + GRACE
        self._hands.kill(attempts[::-1], "TERM")

    def patrol_soon(self) -> None:
        """Has the engine asked, a little later, whether the running containers still run."""
        self._patrol_at = time.monotonic() + 1.0

    def _stop(self) -> None:
        self.stopping = True
        attempts = {node: self.board.attempts[node] for node in self.board.plan.order}
        self._ask_to_end([each for each in attempts.values() if each.phase is Phase.RUNNING])
        for node, attempt in attempts.items():
            if attempt.phase not in UNDER_WAY and not self.board.statuses[node].is_final:
                self.board.give_up(attempt, Status.CANCELED)

    def _tell_status(self, status: Status) -> None:
        if self._status is not Status.RUNNING and status is not self._status and not self.stopping:
            self._status = status
            self.board.pending.insert(0, RunChanged(status))

    def _make_files(self, group: list[Attempt]) -> None:
        """In order and ahead of the threads: a reader's container mounts the output of its writer."""
        board = self.board
        while True:
            try:
                for attempt in group:
                    create_files(board.plan, attempt, self.run)
                    attempt.has_files = True
            except FileExistsError:  # an earlier worker began to make this very attempt
                board.renew(group)
                group = board.group(board.attempts[group[0].node])
            except OSError as error:
                for attempt in group:
                    board.finish(attempt, Status.FAILED, no_room(error))
                return
            else:
                return

    def _begin_preparing(self, attempt: Attempt, *, is_due: bool) -> None:
        attempt.phase = Phase.PREPARING
        seen = mounts_of(self.board, attempt)
        attempt.mounted = frozenset(mount.target for mount in seen)
        self._hands.prepare(attempt, self.run, seen, self._space, is_due=is_due)

    # What the hands report.

    def prepared(self, attempt: Attempt, made: Prepared) -> None:
        """It waits at its gate, unless it was dropped in the meantime."""
        attempt.prepared = made
        if attempt.phase is not Phase.PREPARING:  # dropped in the meantime
            self.workshop.remove(made.container)
            return
        attempt.phase = Phase.PREPARED
        self.board.watch(attempt)
        if made.image and made.image.digest != attempt.step.image:
            self.board.pending.append(ImagePinned(attempt.node, made.image.digest))

    def cannot_start(self, attempt: Attempt, failure: Failure) -> None:
        """It fails, with all that were to stream with it."""
        if attempt.phase is Phase.PREPARING:
            for each in self.board.group(attempt):
                together = Failure(
                    "together", f"It streams together with “{attempt.step.title}”, which failed."
                )
                self.board.finish(each, Status.FAILED, failure if each is attempt else together)

    def noted(self, attempt: Attempt, words: str) -> None:
        """Tells what its preparation is doing, while somebody waits for it."""
        if attempt.phase is Phase.PREPARING and self.board.statuses[attempt.node] is Status.PREPARING:
            self.board.change(attempt, Status.PREPARING, words)

    def found_out(self, attempt: Attempt, state: ContainerState | None) -> None:
        """It ended after all, or was interrupted."""
        if attempt.phase is Phase.LOST:
            if attempt.read_end() is None:
                attempt.interruption = interrupted(state)
            self._weigh(attempt)

    def seen_dead(self, attempt: Attempt) -> None:
        """Its end was not noticed by its gate."""
        if attempt.phase is Phase.RUNNING:
            self.note_end(attempt)
