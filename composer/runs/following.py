"""Starts a run and stays with it to its end, from a program without a browser: `manage.py run`."""

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from celery import current_app
from django.conf import settings
from django.utils import timezone

from composer.engine.spool import Spool
from composer.runs import runner, selectors, services
from composer.runs.models import ACTIVE, Run
from composer.runs.terminal import Terminal
from composer.runs.worker import Worker

LOOK_EVERY = 0.1  # seconds
PING = 1.0  # seconds for a worker to answer


def follow(run: Run, terminal: Terminal) -> Run:
    """Shows the run until it is over. Ctrl-C stops it."""
    with _somebody_works_on(run):
        stopping = False
        while True:
            try:
                run.refresh_from_db()
                terminal.show(selectors.steps_of(run), timezone.now())
                if run.is_over:
                    return run
                time.sleep(LOOK_EVERY)
            except KeyboardInterrupt:
                if stopping:
                    raise
                stopping = True
                services.cancel_run(run)


def copy_result(run: Run, out: BinaryIO) -> None:
    """Writes what the last steps gave, bytes exact, one after the other."""
    spool, last = Spool(settings.COMPOSER_SPOOL), selectors.last_nodes(run)
    for step in selectors.steps_of(run):
        path = spool.stdout(str(run.id), step.node, step.attempt)
        if step.node in last and path.exists():
            with os.fdopen(spool.open_read(path), "rb") as file:
                shutil.copyfileobj(file, out, 1024 * 1024)
    out.flush()


@contextmanager
def _somebody_works_on(run: Run) -> Iterator[None]:
    """A running worker where one answers, else this process."""
    if _a_worker_answers():
        yield
        return
    worker = Worker(settings.COMPOSER_SPOOL)
    worker.start()
    thread = threading.Thread(target=_work_on, args=(worker, run), name="run")
    thread.start()
    try:
        yield
    finally:
        worker.leave()
        thread.join()
        worker.close()


def _work_on(worker: Worker, run: Run) -> None:
    while not worker.is_leaving and Run.objects.filter(id=run.id, status__in=ACTIVE).exists():
        runner.run_once(worker, run.id)
        time.sleep(LOOK_EVERY)  # given back: the container engine does not answer


def _a_worker_answers() -> bool:
    try:
        return bool(current_app.control.ping(timeout=PING, limit=1))
    except Exception:
        return False
