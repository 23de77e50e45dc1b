"""Runs to come: which of them are ready, and taking one when a run is started.

A workflow that is armed keeps the containers of its next runs waiting. The rows here are the truth: a
worker that adds a row for a slot has won it, and whoever changes a row from `ready` to `taken` has its run.
"""

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Q, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Now
from django.utils import timezone

from composer.engine.ports import BYTES_PER_WAITING_CONTAINER
from composer.runs.models import ArmedRun, Run
from composer.workflows.models import Workflow, WorkflowVersion

SEEN_EVERY = 10.0  # seconds between two signs of life of a worker
STALE = timedelta(seconds=45)
TAKEN_MOST = timedelta(minutes=10)  # between taking a run and writing it down: a large input is copied
MOST_AGE = timedelta(hours=1)  # then it is made anew: images may have changed
ASKED_AT_ONCE = 500  # a database takes only so many values in one question
QUIET = timedelta(seconds=2)  # since the last change: nobody is typing any more


class Gone(Exception):
    """The worker that kept it ready has gone, and its files may have gone with it."""


def take(version: WorkflowVersion, *, has_input: bool) -> ArmedRun | None:
    """A run that is ready to be started, now the caller's alone; None where there is none."""
    alive = timezone.now() - STALE
    ready = ArmedRun.objects.filter(
        workflow=version.workflow_id,
        version=version,
        has_input=has_input,
        state=ArmedRun.READY,
        seen_at__gt=alive,
    )
    for armed in ready.order_by("slot"):
        mine = ArmedRun.objects.filter(id=armed.id, state=ArmedRun.READY)
        if mine.update(state=ArmedRun.TAKEN, seen_at=Now()):
            return armed
    return None


def give_back(armed: ArmedRun) -> None:
    """It was not started after all."""
    ArmedRun.objects.filter(id=armed.id, state=ArmedRun.TAKEN).update(state=ArmedRun.READY)


def use_up(armed: ArmedRun) -> None:
    """It is a run now. In the transaction that writes the run. Raises Gone where nobody keeps it any more."""
    deleted, _ = ArmedRun.objects.filter(id=armed.id, state=ArmedRun.TAKEN).delete()
    if not deleted:
        raise Gone


def armed_workflows() -> list[Workflow]:
    """What is to be kept ready: armed, not removed, at rest, and run not too long ago."""
    now = timezone.now()
    newest = Run.objects.filter(workflow=OuterRef("id")).order_by("-created_at").values("created_at")[:1]
    armed = Workflow.objects.filter(armed__gt=0, deleted_at=None, updated_at__lt=now - QUIET)
    rows = armed.select_related("workspace").annotate(run_at=Subquery(newest), input_kind=KT("input__kind"))
    rows = rows.defer("input")  # its sample may be large, and this is asked every second
    idle = now - timedelta(seconds=settings.COMPOSER_ARMED_IDLE)
    return [row for row in rows if max(row.updated_at, row.run_at or row.updated_at) > idle]


def free_slots(workflow: Workflow) -> list[int]:
    """The slots that no worker holds."""
    held = set(ArmedRun.objects.filter(workflow=workflow).values_list("slot", flat=True))
    return [slot for slot in range(workflow.armed) if slot not in held]


def hold_slot(version: WorkflowVersion, slot: int, instance: str, *, has_input: bool) -> ArmedRun | None:
    """Makes the slot this worker's; None where another one was quicker."""
    try:
        with transaction.atomic():
            return ArmedRun.objects.create(
                workflow_id=version.workflow_id,
                version=version,
                slot=slot,
                instance=instance,
                has_input=has_input,
                seen_at=timezone.now(),
            )
    except IntegrityError:
        return None


def let_go(armed_id: uuid.UUID, instance: str) -> bool:
    """Gives a slot up, unless somebody has just taken it; True where it is gone."""
    mine = ArmedRun.objects.filter(id=armed_id, instance=instance)
    mine.exclude(state=ArmedRun.TAKEN).delete()
    forgotten = Q(state=ArmedRun.TAKEN, seen_at__lt=timezone.now() - TAKEN_MOST)
    mine.filter(forgotten).delete()
    return not mine.exists()


def ready(armed_id: uuid.UUID) -> None:
    """All its containers wait at their gates."""
    ArmedRun.objects.filter(id=armed_id, state=ArmedRun.MAKING).update(state=ArmedRun.READY)


def sign_of_life(instance: str) -> None:
    """The worker lives; what it holds can be taken."""
    ArmedRun.objects.filter(instance=instance).exclude(state=ArmedRun.TAKEN).update(seen_at=Now())


def bury(dead: Collection[str]) -> None:
    """Forgets what workers held that are dead, or gave no sign of life for long."""
    now = timezone.now()
    stale = Q(seen_at__lt=now - 2 * STALE) & ~Q(state=ArmedRun.TAKEN)
    forgotten = Q(seen_at__lt=now - STALE - TAKEN_MOST)
    ArmedRun.objects.filter(Q(instance__in=dead) | stale | forgotten).delete()


def is_current(armed: ArmedRun, workflow: Workflow | None, version: WorkflowVersion | None) -> bool:
    """Whether it still is what the next run would be."""
    if workflow is None or version is None or armed.slot >= workflow.armed:
        return False
    fresh = armed.made_at > timezone.now() - MOST_AGE
    return fresh and armed.version_id == version.id and armed.has_input == takes_input(workflow)


def takes_input(workflow: Workflow) -> bool:
    """Whether a run of it is given something to read at its start."""
    known = getattr(workflow, "input_kind", None)
    return bool((known or workflow.input.get("kind", "none")) != "none")


def cost(nodes: int) -> int:
    """Bytes of memory that the waiting containers of one run take."""
    return nodes * BYTES_PER_WAITING_CONTAINER


def known(ids: Iterable[str]) -> dict[str, datetime | None]:
    """Of these run ids, those of runs and of runs to come: when they ended, if they did."""
    wanted, found = list(ids), dict[str, datetime | None]()
    for start in range(0, len(wanted), ASKED_AT_ONCE):
        some = wanted[start : start + ASKED_AT_ONCE]
        found |= dict.fromkeys(map(str, ArmedRun.objects.filter(id__in=some).values_list("id", flat=True)))
        runs = Run.objects.filter(id__in=some).values_list("id", "finished_at")
        found |= {str(run): finished_at for run, finished_at in runs}
    return found
