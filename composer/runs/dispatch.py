"""Puts a run into the workers' queue: its id and nothing else."""

import logging
import uuid

from celery import current_app
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

EXECUTE_RUN = "composer.runs.tasks.execute_run"


def queue_of(instance: str) -> str:
    """The queue that one worker alone reads: for runs that it has prepared."""
    return f"{current_app.conf.task_default_queue}-{instance}"


def send(run_id: uuid.UUID, instance: str = "") -> bool:
    """Sends the run to whichever worker is free, or to the one that prepared it; False where it could not.

    Losing it is allowed: the reconciler sends it again.
    """
    queue = {"queue": queue_of(instance)} if instance else {}
    try:
        current_app.send_task(EXECUTE_RUN, args=[str(run_id)], retry=False, ignore_result=True, **queue)
    except (OperationalError, OSError) as error:
        log.warning("Run %s was not sent, and will be soon: %s", run_id, error)
        return False
    return True
