"""Brings the queue in line with the database: what is to be done and nobody does is sent again."""

import logging
import uuid
from datetime import timedelta
from pathlib import Path

from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from composer.runs import arming, dispatch, leases, liveness
from composer.runs.models import ACTIVE, Run

log = logging.getLogger(__name__)

FIRST_WAIT = 2.0  # seconds until a run that nobody took is sent again; doubles each time
LONGEST_WAIT = 30.0
MOST_AT_ONCE = 100


def reconcile(spool: Path) -> list[uuid.UUID]:
    """Frees what lost its worker and sends again what nobody took; returns the runs sent."""
    dead = liveness.dead_instances(spool)
    freed = leases.release_lost(dead)
    for run_id in freed:
        log.warning("Run %s lost its worker and is handed to another one", run_id)
    arming.bury(dead)
    for instance in dead:
        liveness.bury(spool, instance)
    sent = []
    for run_id, sends in _nobodys():
        if _mark_sent(run_id, sends):
            if not dispatch.send(run_id):
                _mark_unsent(run_id, sends)
                break  # the others would wait for the queue in vain, and leases behind them
            sent.append(run_id)
    return sent


def _nobodys() -> list[tuple[uuid.UUID, int]]:
    """Runs that nobody owns and that were not sent lately."""
    now = timezone.now()
    rows = (
        Run.objects.filter(status__in=ACTIVE, owner_instance="")
        .filter(Q(sent_at=None) | Q(sent_at__lt=now - timedelta(seconds=FIRST_WAIT)))
        .order_by("created_at")
        .values_list("id", "sends", "sent_at")
    )
    due = []
    for run_id, sends, sent_at in rows.iterator(chunk_size=500):
        wait = timedelta(seconds=min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(sends, 10)))
        if sent_at is None or sent_at < now - wait:
            due.append((run_id, sends))
        if len(due) == MOST_AT_ONCE:
            break
    return due


def _mark_sent(run_id: uuid.UUID, sends: int) -> bool:
    rows = Run.objects.filter(id=run_id, owner_instance="", sends=sends, status__in=ACTIVE)
    return rows.update(sent_at=Now(), sends=F("sends") + 1) == 1


def _mark_unsent(run_id: uuid.UUID, sends: int) -> None:
    """What could not be sent is due at the next look, not later each time."""
    rows = Run.objects.filter(id=run_id, owner_instance="", sends=sends + 1, status__in=ACTIVE)
    rows.update(sent_at=None, sends=sends)
