"""Taking a run over from a worker that died: what it had started goes on, nothing is done twice.

A claimed attempt whose container lives and has begun is watched on. One that has ended is
settled from its `ended`. One that was claimed but provably never began is made anew. Nobody
writes to a gate that another epoch claimed.
"""

from collections.abc import Mapping

from composer.engine.attempt import Attempt, Phase, Prepared
from composer.engine.gate.gate import read_ended, read_started
from composer.engine.loop import RunLoop
from composer.engine.ports import ContainerState, StepRecord


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
    for node, record in records.items():
        attempt = loop.board.attempts[node]
        if record.claimed and not record.status.is_final:
            _resume(loop, attempt, found.pop((node, str(record.attempt)), None))
    for left in found.values():  # not claimed, so it never ran
        workshop.remove(left.id)


def _resume(loop: RunLoop, attempt: Attempt, state: ContainerState | None) -> None:
    attempt.phase = Phase.RUNNING
    stdin = loop.board.stdin_of(attempt.node)
    attempt.bytes_in = stdin.stat().st_size if stdin and stdin.exists() else 0
    if state is None:
        loop.settle(attempt)
        return
    attempt.prepared = Prepared(state.id, None)
    # In this order: an end between two of these lines is seen by the next one.
    loop.board.watch(attempt)
    if read_ended(attempt.files) is not None:
        loop.settle(attempt)
    elif not read_started(attempt.files):
        loop.workshop.containers.kill(state.id)
        loop.lose(attempt)
    else:
        loop.patrol_soon()
