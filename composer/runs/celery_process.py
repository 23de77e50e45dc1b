"""Ties the life of a celery worker process to this app's Worker. Imported with the tasks."""

import sys
from typing import Any

from celery.signals import worker_ready, worker_shutdown, worker_shutting_down

from composer.runs import dispatch, hints, worker

#: Python hands its lock on every 5 ms; a step's end that waits for it three times is late by 15.
SWITCH_SECONDS = 0.0005


@worker_ready.connect
def _begin(sender: Any, **_: Any) -> None:
    """Takes over at once what dead workers left, and has a network namespace ready."""
    sys.setswitchinterval(SWITCH_SECONDS)
    sender.add_task_queue(dispatch.queue_of(worker.current().instance))  # for runs that it keeps ready
    worker.current().workshop.warm()


@worker_shutting_down.connect
def _leave(**_: Any) -> None:
    """Runs in a signal handler: only sets a flag. The supervision thread tells the runs."""
    worker.leave()


@worker_shutdown.connect
def _end(**_: Any) -> None:
    worker.retire()
    hints.close()
