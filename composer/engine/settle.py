"""What to call the end of an attempt, and whether to try again."""

import time

from composer.engine.attempt import Attempt, Phase
from composer.engine.board import Board
from composer.engine.errors import EngineAway
from composer.engine.events import Failure
from composer.engine.failures import failure_of
from composer.engine.gate.gate import Ended, read_ended, read_started
from composer.engine.ports import ContainerEngine, ContainerState
from composer.engine.prepare import wait_a_while
from composer.engine.states import Status

MOST_ATTEMPTS = 3
NOTICE_TIME = 10.0  # seconds that the engine may take to notice a container's end


def settle(board: Board, attempt: Attempt, ended: Ended, *, stopping: bool) -> None:
    """The end of this attempt is known in full."""
    failure = failure_of(ended, attempt.step, attempt.files.log)
    status = Status.FAILED if failure else Status.SUCCEEDED
    if failure and stopping:
        status, failure = Status.CANCELED, None
    code = ended.code if ended.signal is None else 128 + ended.signal
    board.finish(attempt, status, failure, exit_code=code, bytes_out=ended.bytes_out)


def settle_interrupted(board: Board, attempt: Attempt, failure: Failure, *, stopping: bool) -> None:
    """The attempt went away without a word. It is made anew where that can do no harm."""
    ended = read_ended(attempt.files)
    if ended is not None:
        settle(board, attempt, ended, stopping=stopping)
    elif stopping:
        board.finish(attempt, Status.CANCELED)
    elif attempt.phase is Phase.LOST and read_started(attempt.files) and not attempt.step.repeatable:
        message = f"{failure.message} It may have done some of its work: look before you run it again."
        board.finish(attempt, Status.WAITING, Failure(failure.kind, message, failure.detail))
    elif attempt.number >= MOST_ATTEMPTS:
        board.finish(attempt, Status.FAILED, failure)
    else:
        board.renew(attempt)


def find_out(attempt: Attempt, containers: ContainerEngine) -> ContainerState | None:
    """What the engine says of a container whose gate is gone; waits until it has noticed the end.

    For a thread of the workshop. Returns None where there is no such container.
    """
    deadline = time.monotonic() + NOTICE_TIME
    while not attempt.dropped.is_set():
        try:
            state = containers.inspect(attempt.container) if attempt.container else None
        except EngineAway:
            wait_a_while(attempt.dropped)
            deadline = time.monotonic() + NOTICE_TIME
            continue
        if state is None or not state.running:
            return state
        if time.monotonic() > deadline:
            containers.kill(state.id)  # its gate is gone, so nothing is left to wait for
        time.sleep(0.05)
    return None
