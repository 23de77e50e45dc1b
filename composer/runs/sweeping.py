"""Removes what no run needs any more. Only what bears this installation's labels is ever touched."""

import logging
import time
import uuid
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from composer.engine.errors import EngineAway
from composer.engine.ports import ContainerEngine, ContainerState
from composer.engine.spool import Spool
from composer.engine.states import Status
from composer.runs import arming, liveness
from composer.runs.models import Run

if TYPE_CHECKING:
    from composer.runs.worker import Worker

log = logging.getLogger(__name__)

#: The run's own worker removes its containers; the sweeper only what it left.
GRACE = timedelta(seconds=10)
#: A run's folder is there before its row is.
UNBORN = 3600.0  # seconds


def sweep(worker: "Worker") -> None:
    """Containers of runs that are over or unknown, holders of dead workers, files that nobody needs."""
    try:
        _sweep_containers(worker)
    except EngineAway as error:
        log.warning("The container engine does not answer the sweeper: %s", error)
    _sweep_spool(worker.workshop.spool)
    _sweep_uploads(worker.workshop.spool)


def _sweep_containers(worker: "Worker") -> None:
    engine: ContainerEngine = worker.workshop.containers
    ours = engine.find({"composer.installation": settings.COMPOSER_INSTALLATION})
    steps = [c for c in ours if c.labels.get("composer.role") == "step"]
    holders = [c for c in ours if c.labels.get("composer.role") == "holder"]
    needed = _needed_runs({c.labels.get("composer.run", "") for c in steps})
    useless = [c for c in steps if c.labels.get("composer.run", "") not in needed]
    useless += _useless_holders(worker, holders)
    for container in useless:
        log.info("Sweeping container %s", container.id[:12])
        engine.remove(container.id)


def _needed_runs(ids: set[str]) -> set[str]:
    """Of these runs, those that are not over, or only just. One that waits for a person needs none."""
    known = [each for each in ids if _is_uuid(each)]
    lately = timezone.now() - GRACE
    ended = arming.known(known)
    resting = Run.objects.filter(id__in=known, status=Status.WAITING.value).values_list("id", flat=True)
    needed = {run for run, finished_at in ended.items() if finished_at is None or finished_at > lately}
    return needed - {str(run) for run in resting}


def _useless_holders(worker: "Worker", holders: list[ContainerState]) -> list[ContainerState]:
    """Those of dead workers, and those of this one that it does not know any more."""
    makers = {c.id: c.labels.get("composer.instance", "-") for c in holders}
    mine = [holder for holder, maker in makers.items() if maker == worker.instance]
    strangers = set(worker.workshop.holders.strangers(mine))
    dead = {maker for maker in makers.values() if not liveness.is_alive(worker.spool, maker)}
    return [c for c in holders if c.id in strangers or makers[c.id] in dead]


def _sweep_spool(spool: Spool) -> None:
    old = [run_id for run_id in spool.runs() if _is_old(spool, run_id)]
    known = arming.known(run_id for run_id in old if _is_uuid(run_id))
    for run_id in old:
        if run_id not in known:
            log.info("Sweeping the files of run %s", run_id)
            spool.remove_run(run_id)


def _sweep_uploads(spool: Spool) -> None:
    """What a web process was being given when it died."""
    for path in spool.uploads.glob("*"):
        with suppress(FileNotFoundError, IsADirectoryError):
            if time.time() - path.stat(follow_symlinks=False).st_mtime > UNBORN:
                path.unlink()


def _is_old(spool: Spool, run_id: str) -> bool:
    try:
        return time.time() - spool.input(run_id).parent.stat().st_mtime > UNBORN
    except FileNotFoundError:
        return False  # somebody else has just removed it


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
