"""A run that was prepared before anybody started it: all its containers wait at their gates.

Not one instruction of a step has run. When the run is started, its gates are opened in their turn and
nothing else has to be made; when it is not, the containers are removed and nothing has happened.
"""

import threading
from enum import Enum, auto

from composer.engine.attempt import Phase
from composer.engine.events import Change, Progress
from composer.engine.loop import RunLoop
from composer.engine.ports import Inbox, Journal, RunSpec
from composer.engine.workshop import Workshop


class State(Enum):
    """Where a run to come stands."""

    MAKING = auto()
    READY = auto()
    BROKEN = auto()  # something could not be prepared, or a container died while it waited


class _Nothing:
    """Nothing of a run is written down before it is started."""

    def commit(self, *changes: Change) -> None:
        raise AssertionError(f"A run that was not started cannot change: {changes}")

    def progress(self, progress: Progress) -> None:
        raise AssertionError("A run that was not started makes no progress.")


class WaitingRun:
    """A run to come. `tend` it now and then, then either `begin` or `give_up`; any thread may."""

    def __init__(self, run: RunSpec, workshop: Workshop) -> None:
        self.inbox = Inbox()
        try:
            self._loop = RunLoop(run, {}, workshop=workshop, journal=_Nothing(), inbox=self.inbox)
        except BaseException:
            self.inbox.close()
            raise
        self._count = len(run.steps)
        self._is_over = False  # begun, or given up
        self._lock = threading.Lock()

    def tend(self) -> State:
        """Goes on preparing; says how far it is. Waits for nothing."""
        with self._lock:
            board = self._loop.board
            self._loop.prepare_ahead(self._count, soon=False)
            self._loop.wait(0)
            self._loop.settle_ended()
            if any(attempt.number > 1 or attempt.phase is Phase.OVER for attempt in board.attempts.values()):
                return State.BROKEN
            ready = all(attempt.phase is Phase.PREPARED for attempt in board.attempts.values())
            return State.READY if ready else State.MAKING

    def begin(self, run: RunSpec, journal: Journal) -> RunLoop:
        """It is started: hands over the loop with all that was prepared."""
        with self._lock:
            self._loop.hand_over(run, journal)
            self._is_over = True
            return self._loop

    def give_up(self) -> None:
        """It will not be started: its containers go. Says nothing where it was begun, or given up before."""
        with self._lock:
            if self._is_over:
                return
            self._is_over = True
            self._loop.abandon()
            self.inbox.close()
