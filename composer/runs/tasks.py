"""What workers are asked to do. A task carries an id at most; the database knows the rest."""

import uuid

from celery import shared_task
from django.conf import settings

from composer.runs import leases, runner, sweeping, worker
from composer.runs import reconcile as reconciling


@shared_task(name="composer.runs.tasks.execute_run", ignore_result=True, acks_late=False)
def execute_run(run_id: str) -> None:
    """Executes a run, if no other worker has it."""
    runner.run_once(worker.current(), uuid.UUID(run_id))


@shared_task(name="composer.runs.tasks.reconcile", ignore_result=True, acks_late=False)
def reconcile() -> None:
    """Sends again what nobody works on, and frees what lost its worker."""
    own = worker.current()
    own.reconciled_at = leases.clock()
    own.renew()  # first: where the machine has slept, what nobody took meanwhile is still ours
    reconciling.reconcile(settings.COMPOSER_SPOOL)


@shared_task(name="composer.runs.tasks.sweep", ignore_result=True, acks_late=False)
def sweep() -> None:
    """Removes containers and files that no run needs any more."""
    own = worker.current()
    own.swept_at = leases.clock()
    sweeping.sweep(own)
