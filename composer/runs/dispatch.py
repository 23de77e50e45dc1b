"""Puts a run into the workers' queue: its id and nothing else."""

import logging
import uuid

from celery import current_app
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

EXECUTE_RUN = "composer.runs.tasks.execute_run"


def send(run_id: uuid.UUID) -> None:
    """Sends the run to whichever worker is free. Losing it is allowed: the reconciler sends it again."""
    try:
        current_app.send_task(EXECUTE_RUN, args=[str(run_id)], retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        log.warning("Run %s was not sent, and will be soon: %s", run_id, error)
