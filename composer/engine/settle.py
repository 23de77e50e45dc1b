"""What to call the end of attempts that ran together, and whether to try again.

A step that streams with nobody is a group of one. A group is settled once the end of each of its
members is known: it succeeds, fails and is made anew as one.
"""

import signal
import time
from collections.abc import Mapping, Sequence

from composer.engine.attempt import Attempt
from composer.engine.board import Board
from composer.engine.errors import EngineAway
from composer.engine.events import Failure
from composer.engine.failures import cut_short, data_lost, failure_of, told_to_end
from composer.engine.flow import bytes_in
from composer.engine.gate.gate import Ended, read_started
from composer.engine.ports import ContainerEngine, ContainerState
from composer.engine.prepare import wait_a_while
from composer.engine.states import Status

MOST_EXECUTIONS = 3
MOST_ATTEMPTS = 20  # also those of which nothing ran, as when a worker died before it opened the gate
NOTICE_TIME = 10.0  # seconds that the engine may take to notice a container's end
_SIGPIPE_CODE = 128 + signal.SIGPIPE


def settle(board: Board, group: Sequence[Attempt], *, stopping: bool) -> None:
    """The end of every member is known: decides what became of the group."""
    for attempt in group:
        if attempt.end and not attempt.stopped:
            attempt.interruption = _interruption(attempt, attempt.end)
    failures = verdicts(board, group)
    interrupted = [attempt for attempt in group if attempt.interruption and not attempt.stopped]
    if stopping and any(is_bad(attempt) for attempt in group):
        for attempt in group:
            _finish(board, attempt, Status.CANCELED)
    elif interrupted and not _failed_first(group, failures, interrupted):
        settle_interrupted(board, group, interrupted)
    elif failures:
        for attempt in group:
            _finish(board, attempt, Status.FAILED, failures.get(attempt.node) or _together(failures, board))
    else:
        for attempt in group:
            _finish(board, attempt, Status.SUCCEEDED)


def _interruption(attempt: Attempt, end: Ended) -> Failure | None:
    """What came from outside, though its end is known."""
    if end.told:
        return told_to_end()
    # While nobody watched, the machine may have been switched off, or brought back from a copy.
    is_lost = attempt.was_adopted and attempt.missing and _failure_by_itself(attempt, end) is None
    return data_lost(attempt.missing) if is_lost else None


def _failed_first(
    group: Sequence[Attempt], failures: Mapping[str, Failure], interrupted: Sequence[Attempt]
) -> bool:
    """Whether something had failed before anything was interrupted; else it may have come of that."""
    cut = min(attempt.end.ended_ns if attempt.end else 0 for attempt in interrupted)
    return any(each.node in failures and each.end and each.end.ended_ns < cut for each in group)


def verdicts(board: Board, group: Sequence[Attempt]) -> dict[str, Failure]:
    """Those whose own fault it is that the group did not succeed, and why. Readers are asked first."""
    found: dict[str, Failure] = {}
    for attempt in reversed(group):
        if attempt.end is None or attempt.stopped or attempt.interruption:
            continue
        if failure := _failure_of(attempt, attempt.end):
            found[attempt.node] = failure
    return found


def is_bad(attempt: Attempt) -> bool:
    """Whether an end means that what streams with this step cannot succeed either."""
    if attempt.end is None or attempt.end.told:
        return True
    return _failure_of(attempt, attempt.end) is not None


def _failure_of(attempt: Attempt, end: Ended) -> Failure | None:
    """Why it did not do right by itself; what is missing of its output explains the least."""
    failure = _failure_by_itself(attempt, end)
    return failure or (cut_short(attempt.missing) if attempt.missing else None)


def _failure_by_itself(attempt: Attempt, end: Ended) -> Failure | None:
    return None if lost_its_readers(end) else failure_of(end, attempt.step, attempt.files.log)


def lost_its_readers(end: Ended) -> bool:
    """Whether a writer ended because nobody read any more: right where its readers had ended well."""
    faulty = end.oom or end.limit or end.disk_full
    by_pipe = end.signal == signal.SIGPIPE or end.code == _SIGPIPE_CODE or end.unread
    return end.broken_pipe and by_pipe and not faulty


def settle_interrupted(board: Board, group: Sequence[Attempt], interrupted: Sequence[Attempt]) -> None:
    """Some went away without a word. The group is made anew where that can do no harm."""
    first = interrupted[0]
    failure = first.interruption
    assert failure is not None
    did_something = [a for a in group if read_started(a.files) and not a.step.repeatable]
    if did_something:
        message = f"{failure.message} It may have done some of its work: look before you run it again."
        for attempt in group:
            board.finish(attempt, Status.WAITING, Failure(failure.kind, message, failure.detail))
    elif max(_executions(board, a) for a in group) >= MOST_EXECUTIONS or first.number >= MOST_ATTEMPTS:
        for attempt in group:
            _finish(board, attempt, Status.FAILED, failure)
    else:
        board.renew(group)


def _executions(board: Board, attempt: Attempt) -> int:
    """In how many attempts so far the step began to run."""
    numbers = range(1, attempt.number + 1)
    return sum(read_started(board.workshop.spool.attempt(board.run.id, attempt.node, n)) for n in numbers)


def _finish(board: Board, attempt: Attempt, status: Status, failure: Failure | None = None) -> None:
    end = attempt.end
    if end is None:
        board.finish(attempt, status, failure)
        return
    code = end.code if end.signal is None else 128 + end.signal
    given = bytes_in(board, attempt)
    board.finish(attempt, status, failure, exit_code=code, bytes_in=given, bytes_out=end.bytes_out)


def _together(failures: dict[str, Failure], board: Board) -> Failure:
    title = board.run.steps[next(iter(failures))].title
    return Failure("together", f"It streams together with “{title}”, which failed.")


def find_out(attempt: Attempt, containers: ContainerEngine) -> ContainerState | None:
    """What the engine says of a container whose gate is gone; waits until it has noticed the end.

    For a thread of the workshop. Returns None where there is no such container.
    """
    deadline = time.monotonic() + NOTICE_TIME
    while not attempt.dropped.is_set():
        try:
            state = containers.inspect(attempt.container) if attempt.container else None
            if state is None or not state.running:
                return state
            if time.monotonic() > deadline:
                containers.kill(state.id)  # its gate is gone, so nothing is left to wait for
        except EngineAway:
            wait_a_while(attempt.dropped)
            deadline = time.monotonic() + NOTICE_TIME
        else:
            time.sleep(0.05)
    return None
