"""Who works on a run. Each function is one conditional UPDATE: if no row changed, somebody else won.

Times are the database's own, so clocks of workers that differ do no harm.
"""

import time
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from composer.engine.states import Status
from composer.runs.models import ACTIVE, Run

LEASE = timedelta(seconds=30)
RENEW_EVERY = 10.0  # seconds
#: A worker that could not renew for so long takes its runs for lost before another one takes them.
HONEST_FOR = 25.0  # seconds
#: Leases run out while a machine sleeps, so a worker's own clock must not stand still (clock_gettime(2)).
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def clock() -> float:
    """Seconds since some moment, those in which the machine slept among them."""
    return time.clock_gettime(_CLOCK)


@dataclass(frozen=True, slots=True)
class Held:
    """What the database says of a run that a worker believes to hold."""

    epoch: int
    owner: str
    cancel_requested: bool


def claim(run_id: uuid.UUID, instance: str) -> int | None:
    """Makes the run this worker's; returns the new epoch, or None where it cannot be had."""
    free = Q(owner_instance="") | Q(lease_expires_at__lt=Now())
    with transaction.atomic():
        won = Run.objects.filter(free, id=run_id, status__in=ACTIVE).update(
            owner_instance=instance, epoch=F("epoch") + 1, lease_expires_at=Now() + LEASE
        )
        return Run.objects.values_list("epoch", flat=True).get(id=run_id) if won else None


def renew(instance: str, run_ids: Iterable[uuid.UUID]) -> None:
    """Prolongs the leases of the runs that this worker holds.

    Of those alone: a run that it owns and could not give back, as the database was away, runs out.
    """
    mine = Run.objects.filter(owner_instance=instance, id__in=list(run_ids), status__in=ACTIVE)
    mine.update(lease_expires_at=Now() + LEASE)


def held(run_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Held]:
    """How the runs that a worker believes to hold stand in the database."""
    rows = Run.objects.filter(id__in=list(run_ids)).values_list(
        "id", "epoch", "owner_instance", "cancel_requested_at"
    )
    return {run: Held(epoch, owner, canceled is not None) for run, epoch, owner, canceled in rows}


def release(run_id: uuid.UUID, epoch: int) -> bool:
    """Lets the next worker adopt the run at once."""
    owned = Run.objects.filter(id=run_id, epoch=epoch, status__in=ACTIVE)
    return owned.update(owner_instance="", lease_expires_at=None, sent_at=None, sends=0) == 1


def lay_down(run_id: uuid.UUID, epoch: int) -> None:
    """A run that waits for a person is nobody's."""
    resting = Run.objects.filter(id=run_id, epoch=epoch, status=Status.WAITING.value)
    resting.update(owner_instance="", lease_expires_at=None)


def back_off(run_id: uuid.UUID, epoch: int) -> bool:
    """Gives the run back for a while: the reconciler sends it again, later each time."""
    owned = Run.objects.filter(id=run_id, epoch=epoch, status__in=ACTIVE)
    return owned.update(owner_instance="", lease_expires_at=None, sent_at=Now(), sends=F("sends") + 1) == 1


def release_lost(dead: Collection[str]) -> list[uuid.UUID]:
    """Frees the runs of dead workers, and those whose lease ran out; returns their ids."""
    lost = ~Q(owner_instance="") & (Q(owner_instance__in=dead) | Q(lease_expires_at__lt=Now()))
    seen = Run.objects.filter(lost, status__in=ACTIVE).values_list("id", "epoch")
    return [run for run, epoch in seen if _free(run, epoch, lost)]


def _free(run_id: uuid.UUID, epoch: int, lost: Q) -> bool:
    rows = Run.objects.filter(lost, id=run_id, epoch=epoch, status__in=ACTIVE)
    return rows.update(owner_instance="", lease_expires_at=None, sent_at=None, sends=0) == 1
