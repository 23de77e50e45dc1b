"""Taking a run over from a worker that died: what it had started goes on, nothing is done twice.

A claimed attempt whose container lives and has begun is watched on. One that has ended is
settled from its `ended`; where less of its output is there than that says, it was lost. One that was
claimed but provably never began is made anew. Nobody writes to a gate that another epoch claimed.
"""

from collections.abc import Mapping

from composer.engine.attempt import Attempt, Phase, Prepared
from composer.engine.carriers import outlives_worker
from composer.engine.gate.gate import read_ended, read_opened
from composer.engine.loop import RunLoop
from composer.engine.ports import ContainerState, StepRecord
from composer.engine.wiring import kept_bytes


def take_over(loop: RunLoop, records: Mapping[str, StepRecord]) -> None:
    """Finds the run's containers by their labels and puts each in its place. Raises EngineAway."""
    workshop = loop.workshop
    labels = {
        "composer.installation": workshop.labels["composer.installation"],
        "composer.run": loop.run.id,
        "composer.role": "step",
    }
    found = {
        (state.labels.get("composer.node"), state.labels.get("composer.attempt")): state
        for state in workshop.containers.find(labels)
    }
    claimed = [node for node, record in records.items() if record.claimed and not record.status.is_final]
    for node in claimed:  # all of them first: what streams together is weighed together
        loop.board.attempts[node].phase = Phase.RUNNING
    loop.heed_inbox()  # a person may have pressed Stop before: then what has ended since was stopped
    for node in claimed:
        record, attempt = records[node], loop.board.attempts[node]
        if attempt.phase is Phase.RUNNING:
            _resume(loop, attempt, found.pop((node, str(record.attempt)), None))
    for left in found.values():  # not claimed, so it never ran
        workshop.remove(left.id)


def _resume(loop: RunLoop, attempt: Attempt, state: ContainerState | None) -> None:
    attempt.phase = Phase.RUNNING
    attempt.has_files = attempt.was_adopted = True
    board = loop.board
    attempt.kept_in = kept_bytes(board.plan, attempt, loop.run, board.attempts, board.taken)
    if state is None:
        loop.note_end(attempt)
        return
    attempt.prepared = Prepared(state.id, None)
    # In this order: an end between two of these lines is seen by the next one.
    board.watch(attempt)
    if read_ended(attempt.files) is not None:
        loop.note_end(attempt)
    elif not read_opened(attempt.files) or not _is_tended(loop, state):
        loop.workshop.containers.kill(state.id)
        loop.lose(attempt)
    else:
        loop.patrol_soon()


def _is_tended(loop: RunLoop, state: ContainerState) -> bool:
    """Whether somebody still brings in what the step writes: its gate, or this very worker."""
    return outlives_worker(state.labels) or loop.workshop.carrier.is_busy(state.id)
