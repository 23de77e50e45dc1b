"""What an attempt is given when its turn comes: the files that it sees, and its order."""

from composer.engine.attempt import Attempt
from composer.engine.board import Board
from composer.engine.gate.gate import Order, read_ended
from composer.engine.ports import Mount
from composer.engine.prepare import environment_of
from composer.engine.states import Status
from composer.engine.whole import what_is_missing
from composer.engine.wiring import input_names, mounts, wiring


def mounts_of(board: Board, attempt: Attempt) -> tuple[Mount, ...]:
    """What its container would see of the spool if it were made now."""
    return mounts(board.plan, attempt, board.run, board.attempts, board.workshop.gate)


def inputs_of(board: Board, attempt: Attempt) -> frozenset[str]:
    """All that it is to read, by its place in the container."""
    return frozenset(input_names(board.plan, attempt, board.run, board.taken))


def has_inputs(board: Board, attempt: Attempt) -> bool:
    """Whether all that it is to read was there when its container was made."""
    return inputs_of(board, attempt) <= attempt.mounted and not _are_inputs_cut(board, attempt)


def could_have_inputs(board: Board, attempt: Attempt) -> bool:
    """Whether all of it is there now."""
    seen = {mount.target for mount in mounts_of(board, attempt)}
    return inputs_of(board, attempt) <= seen and not _are_inputs_cut(board, attempt)


def _are_inputs_cut(board: Board, attempt: Attempt) -> bool:
    """Whether something has been lost of what was written before this worker took the run."""
    for edge in board.plan.edges_into.get(attempt.node, ()):
        writer = board.attempts[edge.source]
        if board.plan.is_stream(edge) or not board.taken.get(edge.id) or writer.end is not None:
            continue  # of those whose end was seen here it is known
        end = read_ended(writer.files)  # none where the output was taken over from another run
        if end is not None and what_is_missing(writer.files, writer.step, end):
            return True
    return False


def order_for(board: Board, attempt: Attempt) -> Order:
    """The message that opens its gate."""
    assert attempt.prepared is not None
    assert attempt.prepared.image is not None
    limits = attempt.step.limits
    absent = [node for node, status in board.statuses.items() if status is Status.SKIPPED]
    return Order(
        environment=environment_of(
            attempt.step, attempt.prepared.image, board.run, attempt, _told(board, attempt)
        ),
        seconds=limits.seconds,
        output=limits.output,
        wiring=wiring(board.plan, attempt, board.run, board.taken, absent),
    )


def _told(board: Board, attempt: Attempt) -> dict[str, str]:
    """A step that runs because another one failed is told of it."""
    for edge in board.plan.edges_into.get(attempt.node, ()):
        if board.taken.get(edge.id) and board.statuses[edge.source] is Status.FAILED:
            failure = board.failures.get(edge.source)
            return {
                "COMPOSER_FAILED_STEP": board.run.steps[edge.source].title,
                "COMPOSER_ERROR": failure.message if failure else "It failed.",
            }
    return {}
