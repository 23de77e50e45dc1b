"""The run loop: prepare, open the gate, watch, settle.

One thread runs one run. It sleeps in one epoll on the `alive` FIFOs of the run's containers and
on its inbox; what takes long (making, killing, removing containers) is done by other threads.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from composer.engine.arming import WaitingRun
from composer.engine.events import Failure, RunChanged
from composer.engine.loop import RunLoop
from composer.engine.ports import Inbox, Journal, RunSpec, StepRecord
from composer.engine.states import Status
from composer.engine.take_over import take_over
from composer.engine.workshop import Workshop


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended; `status` is None where this worker left it to another one."""

    status: Status | None
    failure: Failure | None = None
    failed_node: str | None = None


def execute(
    run: RunSpec,
    records: Mapping[str, StepRecord],
    *,
    workshop: Workshop,
    journal: Journal,
    inbox: Inbox,
    waiting: WaitingRun | None = None,
) -> Outcome:
    """Executes a run to its end, from wherever `records` say that it stands.

    `waiting`: what was prepared for it before it was started; its inbox is the one given here.

    Raises LeaseLost where another worker owns the run now (its containers are left alone), and
    EngineAway where the container engine does not answer a worker that takes a run over.
    """
    if waiting is None:
        loop = RunLoop(run, records, workshop=workshop, journal=journal, inbox=inbox)
    else:
        loop = waiting.begin(run, journal)
    try:
        if run.taken_over:
            take_over(loop, records)
        while not loop.over:
            loop.heed_inbox()
            if inbox.leaving.is_set():
                loop.board.commit()
                return Outcome(None)
            loop.prepare_ahead()
            loop.open_gates()
            loop.wait()
            loop.settle_ended()
            loop.tell_progress()
        outcome = _outcome(loop)
        loop.conclude(RunChanged(outcome.status or Status.FAILED, outcome.failure, outcome.failed_node))
        return outcome
    finally:
        loop.close()


def _outcome(loop: RunLoop) -> Outcome:
    """A run is what the worst of its steps is; but a failure that was seen to is none."""
    board = loop.board
    for status in (Status.WAITING, Status.CANCELED, Status.FAILED):
        nodes = [node for node in board.plan.order if board.statuses[node] is status]
        if status is Status.FAILED:
            nodes = [node for node in nodes if not _was_seen_to(loop, node)]
        if nodes:
            node = next((each for each in nodes if not _is_consequence(loop, each)), nodes[0])
            return Outcome(status, _failure_of_run(loop, node), node)
    forgotten = [node for node in board.plan.order if not board.statuses[node].is_final]
    if forgotten:  # never a success, whatever led here
        raise RuntimeError(f"Nothing more was due, and these had not run: {', '.join(forgotten)}")
    return Outcome(Status.SUCCEEDED)


def _was_seen_to(loop: RunLoop, node: str) -> bool:
    """Whether a way for failures led on from the step, or from one that failed together with it."""
    board = loop.board
    together = (each for each in board.plan.group(node) if board.statuses[each] is Status.FAILED)
    edges = (edge for each in together for edge in board.plan.edges_from.get(each, ()))
    return any(edge.when != "success" and board.taken.get(edge.id, False) for edge in edges)


def _is_consequence(loop: RunLoop, node: str) -> bool:
    failure = loop.board.failures.get(node)
    return failure is not None and failure.kind == "together"


def _failure_of_run(loop: RunLoop, node: str) -> Failure | None:
    failure = loop.board.failures.get(node)
    if failure is None:
        return None
    message = f"“{loop.run.steps[node].title}”: {failure.message}"
    return Failure(failure.kind, message, failure.detail, failure.log_tail)
