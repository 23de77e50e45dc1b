"""What takes long is done by the workshop's threads; what they bring waits here for the run loop."""

import logging
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from composer.engine.attempt import Attempt, Prepared
from composer.engine.errors import EngineAway, ImageMissing, StepError
from composer.engine.events import Failure
from composer.engine.ports import ContainerState, Inbox, Mount, RunSpec
from composer.engine.prepare import RunNamespace, prepare
from composer.engine.settle import find_out
from composer.engine.workshop import BACK_OFF, Workshop

log = logging.getLogger(__name__)

AHEAD_SLACK = 0.3  # seconds by which what is not due yet may wait behind what is
AHEAD_REST = 0.01  # seconds left to the gates that open now


class Reports(Protocol):
    """Whom the news is for. Called in the loop's own thread, by `collect`."""

    def prepared(self, attempt: Attempt, made: Prepared) -> None:
        """Its container waits at its gate."""

    def cannot_start(self, attempt: Attempt, failure: Failure) -> None:
        """It cannot be prepared as it is described."""

    def noted(self, attempt: Attempt, words: str) -> None:
        """What a preparation is doing."""

    def found_out(self, attempt: Attempt, state: ContainerState | None) -> None:
        """What the engine says of a container whose gate went away without a word."""

    def seen_dead(self, attempt: Attempt) -> None:
        """Its container does not run any more."""


class Hands:
    """The threads' side of one run."""

    def __init__(self, workshop: Workshop, inbox: Inbox, reports: Reports) -> None:
        self._workshop, self._inbox, self._reports = workshop, inbox, reports
        self._arrived: deque[Callable[[], None]] = deque()

    def collect(self) -> None:
        """Tells all that has arrived."""
        while self._arrived:
            self._arrived.popleft()()

    def prepare(
        self, attempt: Attempt, run: RunSpec, seen: tuple[Mount, ...], space: RunNamespace, *, is_due: bool
    ) -> None:
        """Has its container made, before what is not due yet or after it."""
        job = partial(self._prepare, attempt, run, seen, space)
        if is_due:
            self._workshop.jobs.add(job)
        else:
            self._workshop.jobs.add(job, slack=AHEAD_SLACK, after=AHEAD_REST)

    def kill(self, attempts: Sequence[Attempt], signal: str) -> None:
        """Has their containers sent a signal, one after the other."""
        self._workshop.jobs.add(partial(self._kill, attempts, signal))

    def find_out(self, attempt: Attempt) -> None:
        """Has the engine asked what became of a container."""
        self._workshop.jobs.add(partial(self._find_out, attempt))

    def look_at(self, attempt: Attempt) -> None:
        """Has the engine asked whether a container still runs."""
        self._workshop.jobs.add(partial(self._look_at, attempt))

    def _deliver(self, news: Callable[[], None]) -> None:
        self._arrived.append(news)
        self._inbox.wake()

    def _prepare(self, attempt: Attempt, run: RunSpec, seen: tuple[Mount, ...], space: RunNamespace) -> None:
        def note(words: str) -> None:
            self._deliver(partial(self._reports.noted, attempt, words))

        try:
            made = prepare(attempt, run, seen, self._workshop, space, note)
        except ImageMissing as error:
            if not attempt.step.may_pull:
                self._deliver(partial(self._reports.cannot_start, attempt, error.failure))
                return
            again = partial(self._fetched, attempt, partial(self._prepare, attempt, run, seen, space))
            self._workshop.fetches.add(attempt.step.image, note, again)
        except StepError as error:
            self._deliver(partial(self._reports.cannot_start, attempt, error.failure))
        except Exception as error:
            log.exception("Preparing a step failed")
            words = "It could not be prepared, for a reason within Composer."
            failure = Failure("unknown", words, repr(error))
            self._deliver(partial(self._reports.cannot_start, attempt, failure))
        else:
            if made and attempt.dropped.is_set():
                self._workshop.remove(made.container)
            elif made:
                self._deliver(partial(self._reports.prepared, attempt, made))

    def _fetched(self, attempt: Attempt, prepare_again: Callable[[], None], error: StepError | None) -> None:
        if error is not None:
            self._deliver(partial(self._reports.cannot_start, attempt, error.failure))
        else:
            self._workshop.jobs.add(prepare_again)

    def _kill(self, attempts: Sequence[Attempt], signal: str, tries: int = 0) -> None:
        """Until the engine has heard of it: a person who presses Stop does so once."""
        for place, attempt in enumerate(attempts):
            if not attempt.container or attempt.dropped.is_set():
                continue
            try:
                self._workshop.containers.kill(attempt.container, signal)
            except EngineAway:
                again = partial(self._kill, attempts[place:], signal, tries + 1)
                self._workshop.jobs.add(again, after=BACK_OFF[min(tries, len(BACK_OFF) - 1)])
                return

    def _find_out(self, attempt: Attempt) -> None:
        state = find_out(attempt, self._workshop.containers)
        self._deliver(partial(self._reports.found_out, attempt, state))

    def _look_at(self, attempt: Attempt) -> None:
        if not attempt.container or self._workshop.carrier.is_busy(attempt.container):
            return
        try:
            state = self._workshop.containers.inspect(attempt.container)
        except EngineAway:
            return
        if state is None or not state.running:
            self._deliver(partial(self._reports.seen_dead, attempt))
