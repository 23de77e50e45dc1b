"""Has one run executed by this process: claim, resolve, execute, give back."""

import logging
import uuid

from django.db import DatabaseError, connection

from composer.engine.arming import WaitingRun
from composer.engine.errors import AlreadyClaimed, EngineAway, LeaseLost
from composer.engine.events import Failure, RunChanged, StepChanged
from composer.engine.execute import Outcome, execute
from composer.engine.ports import Inbox
from composer.engine.states import Status
from composer.runs import dispatch, leases
from composer.runs.journal import DatabaseJournal, ImpossibleChange
from composer.runs.models import OVER, Run, StepRun
from composer.runs.resolve import Unresolvable, records, resolve
from composer.runs.worker import Worker

log = logging.getLogger(__name__)

_OWN_FAULT = (
    "Composer itself met a fault while it worked on this run. Run it again; the log of the worker says more."
)


def run_once(worker: Worker, run_id: uuid.UUID) -> Outcome | None:
    """Executes the run if it can be had; None where it cannot, or was not brought to an end here."""
    if worker.is_leaving:
        dispatch.send(run_id)
        return None
    try:
        epoch = leases.claim(run_id, worker.instance)
        return None if epoch is None else _run_claimed(worker, run_id, epoch)
    finally:
        connection.close()


def _run_claimed(worker: Worker, run_id: uuid.UUID, epoch: int) -> Outcome | None:
    waiting = worker.armory.take(run_id)
    if waiting and epoch > 1:  # somebody worked on it before: what was prepared is not where it stands
        waiting.give_up()
        waiting = None
    inbox = worker.hold(run_id, epoch, waiting.inbox if waiting else Inbox())
    try:
        outcome = _execute(worker, run_id, epoch, inbox, waiting)
        if outcome.status is Status.WAITING:
            leases.lay_down(run_id, epoch)
        if outcome.status is None and leases.release(run_id, epoch):
            dispatch.send(run_id)
    except LeaseLost:
        log.warning("Run %s was taken over by another worker", run_id)
    except (EngineAway, DatabaseError) as error:
        log.warning("Run %s has to wait: %s", run_id, error)
        _back_off(run_id, epoch)
    else:
        return outcome
    finally:
        if waiting:
            waiting.give_up()  # unless it was begun
        worker.let_go(run_id, epoch, inbox)
    return None


def _back_off(run_id: uuid.UUID, epoch: int) -> None:
    """Gives the run back; where the database does not hear it, its lease runs out."""
    connection.close()  # it may be what failed
    try:
        leases.back_off(run_id, epoch)
    except DatabaseError as error:
        log.warning("Run %s is left to its lease: %s", run_id, error)


def _execute(
    worker: Worker, run_id: uuid.UUID, epoch: int, inbox: Inbox, waiting: WaitingRun | None
) -> Outcome:
    journal = DatabaseJournal(run_id, epoch)
    try:
        run = Run.objects.select_related("version", "workspace").get(id=run_id)
        if run.cancel_requested_at is not None:
            inbox.cancel()
        spec = resolve(run, worker.workshop.spool)
        return execute(
            spec, records(run), workshop=worker.workshop, journal=journal, inbox=inbox, waiting=waiting
        )
    except Unresolvable as problem:
        return _give_up(journal, run_id, problem.failure, problem.node)
    except (LeaseLost, EngineAway, DatabaseError):
        raise
    except Exception as error:
        # Without an end the reconciler would hand this run from worker to worker for ever.
        log.exception("Run %s met a fault of Composer's own", run_id)
        return _give_up(
            journal, run_id, Failure("infrastructure", _OWN_FAULT, f"{type(error).__name__}: {error}"), None
        )


def _give_up(journal: DatabaseJournal, run_id: uuid.UUID, failure: Failure, node: str | None) -> Outcome:
    """Ends a run that cannot go on. Its containers are removed by the sweeper."""
    changes: list[StepChanged] = []
    for step in StepRun.objects.filter(run_id=run_id).exclude(status__in=OVER):
        begun = step.node == node or step.status in (Status.RUNNING, Status.WAITING)
        status = Status.FAILED if begun else Status.SKIPPED
        changes.append(StepChanged(step.node, status, step.attempt, failure=failure if begun else None))
    try:
        journal.commit(*changes, RunChanged(Status.FAILED, failure, node))
    except (AlreadyClaimed, ImpossibleChange):
        log.exception("Run %s could not be ended", run_id)
        return Outcome(None)
    return Outcome(Status.FAILED, failure, node)
