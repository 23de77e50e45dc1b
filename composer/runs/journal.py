"""The engine's journal on the database: the truth about one run, on behalf of one epoch of its lease.

This stands between the end of a step and the start of the next one, so it is written for speed:
one short transaction per commit, a handful of statements, no objects.
"""

import logging
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from typing import Any

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.utils import timezone

from composer.catalog.models import StepVersion
from composer.engine.errors import AlreadyClaimed, LeaseLost
from composer.engine.events import Change, GateClaimed, ImagePinned, Progress, RunChanged, StepChanged
from composer.engine.states import Status
from composer.runs import eventlog, faults, hints
from composer.runs.models import OVER, Run, RunEvent, StepRun
from composer.runs.wire import (
    PROGRESS,
    RUN_STATUS,
    STEP_STATUS,
    Entry,
    dumps,
    failure_json,
    progress_json,
    ways_json,
)

log = logging.getLogger(__name__)

# SQLite lets one write at a time, and whoever finds it busy sleeps before looking again.
# Threads of one process queue here instead, and are woken at once.
_ONE_WRITER = threading.Lock()

#: So often a run that goes on and on forgets how far it was before: with four a second, every two minutes.
PRUNE_AFTER = 500
_DELETED_AT_ONCE = 500


class ImpossibleChange(Exception):
    """What is over was to change: a fault in this program, never written."""


class DatabaseJournal:
    """See engine.ports.Journal."""

    def __init__(self, run_id: uuid.UUID, epoch: int) -> None:
        self._run_id = run_id
        self._epoch = epoch
        # What is known of the bytes in and out of each node: every event of a step tells them.
        rows = StepRun.objects.filter(run_id=run_id).values_list(
            "node", "step_version", "bytes_in", "bytes_out"
        )
        self._versions = {node: version for node, version, _, _ in rows}
        self._flows: dict[str, tuple[int | None, int | None]] = {n: (i, o) for n, _, i, o in rows}
        self._told = 0  # events of progress

    def commit(self, *changes: Change) -> None:
        """Writes all changes in one transaction, or none. Raises LeaseLost, AlreadyClaimed."""
        faults.before_commit(changes)
        now = timezone.now()
        count = sum(not isinstance(change, ImagePinned) for change in changes)
        with self._writing(count) as (cursor, key, first):
            entries = [entry for change in changes if (entry := self._write(cursor, key, change, now))]
            eventlog.insert(cursor, key, first, entries, now)
        faults.after_commit(changes)
        hints.look(str(self._run_id))

    def progress(self, progress: Progress) -> None:
        """Tells how far things are, if the database takes it: no run fails over that. Raises LeaseLost."""
        try:
            self._progress(progress)
        except (DatabaseError, InterfaceError) as error:
            log.warning("The progress of run %s is not told: %s", self._run_id, error)
            connection.close_if_unusable_or_obsolete()
            return
        hints.look(str(self._run_id))

    def _progress(self, progress: Progress) -> None:
        self._told += 1
        old = superseded(self._run_id) if self._told % PRUNE_AFTER == 0 else []
        now = timezone.now()
        moved = [(flow.bytes_in, flow.bytes_out, node) for node, flow in progress.steps.items()]
        with self._writing(1) as (cursor, key, first):
            for bytes_in, bytes_out, node in moved:
                cursor.execute(_FLOW, [bytes_in, bytes_out, key, node])
                self._flows[node] = (bytes_in, bytes_out)
            eventlog.insert(cursor, key, first, [Entry(PROGRESS, "", progress_json(progress))], now)
            for start in range(0, len(old), _DELETED_AT_ONCE):
                some = old[start : start + _DELETED_AT_ONCE]
                cursor.execute(_FORGET.format(", ".join(["%s"] * len(some))), [key, *some])

    @contextmanager
    def _writing(self, count: int) -> Iterator[tuple[Any, Any, int]]:
        queue = _ONE_WRITER if connection.vendor == "sqlite" else nullcontext()
        with queue, transaction.atomic(), connection.cursor() as cursor:
            key = eventlog.database_id(self._run_id)
            first = eventlog.allocate(cursor, key, count, epoch=self._epoch)
            if first is None:
                raise LeaseLost(f"Run {self._run_id} is no longer in epoch {self._epoch}.")
            yield cursor, key, first

    def _write(self, cursor: Any, key: Any, change: Change, now: datetime) -> Entry | None:
        match change:
            case GateClaimed():
                return self._claim(cursor, key, change, now)
            case StepChanged():
                return self._step(cursor, key, change, now)
            case RunChanged():
                return self._run(cursor, key, change, now)
            case ImagePinned():
                version = self._versions[change.node]
                StepVersion.objects.filter(id=version, image_digest=None).update(image_digest=change.digest)
        return None

    def _claim(self, cursor: Any, key: Any, change: GateClaimed, now: datetime) -> Entry:
        at = eventlog.database_time(now)
        cursor.execute(_CLAIM, [self._epoch, at, change.bytes_in, key, change.node, change.attempt])
        if cursor.rowcount != 1:
            raise AlreadyClaimed(f"Attempt {change.attempt} of “{change.node}” was claimed before.")
        self._flows[change.node] = (change.bytes_in, None)
        return self._step_entry(StepChanged(change.node, Status.RUNNING, change.attempt))

    def _step(self, cursor: Any, key: Any, change: StepChanged, now: datetime) -> Entry:
        failure = failure_json(change.failure)
        values = [
            *(change.attempt, change.attempt),
            change.status.value,
            change.attempt,
            change.exit_code,
            failure["message"] if failure else "",
            dumps(failure) if failure else None,
            change.note,
            dumps(ways_json(change.ways)),
            *(change.bytes_in, change.bytes_out),
            eventlog.database_time(now) if change.status.is_final else None,
        ]
        cursor.execute(_STEP, [*values, key, change.node])
        if cursor.rowcount != 1:
            raise ImpossibleChange(f"“{change.node}” is over, and was to become {change.status}.")
        before = self._flows.get(change.node, (None, None))
        self._flows[change.node] = (
            before[0] if change.bytes_in is None else change.bytes_in,
            before[1] if change.bytes_out is None else change.bytes_out,
        )
        return self._step_entry(change)

    def _step_entry(self, change: StepChanged) -> Entry:
        bytes_in, bytes_out = self._flows.get(change.node, (None, None))
        failure = failure_json(change.failure)
        data = {
            "status": change.status.value,
            "attempt": change.attempt,
            "exit_code": change.exit_code,
            "error": failure["message"] if failure else None,
            "failure": failure,
            "bytes_in": bytes_in,
            "bytes_out": bytes_out,
            "note": change.note,
            **({"ways": ways_json(change.ways)} if change.ways else {}),
        }
        return Entry(STEP_STATUS, change.node, data)

    def _run(self, cursor: Any, key: Any, change: RunChanged, now: datetime) -> Entry:
        failure = failure_json(change.failure)
        error = failure["message"] if failure else ""
        at = eventlog.database_time(now)
        over = change.status.is_final
        values = [
            change.status.value,
            at,
            at if over else None,
            error,
            dumps(failure) if failure else None,
            change.failed_node or "",
        ]
        cursor.execute(_RUN, [*values, key])
        if cursor.rowcount != 1:
            raise ImpossibleChange(f"The run is over, and was to become {change.status}.")
        if over:
            cursor.execute(_PRUNE, [key, PROGRESS])
        return run_entry(change.status, failure, change.failed_node)


def superseded(run_id: uuid.UUID) -> list[int]:
    """Numbers of a run's progress that later progress has made worthless.

    Each tells only what moved: whoever comes late still reads the last of every node and pipe.
    """
    rows = RunEvent.objects.filter(run_id=run_id, type=PROGRESS).order_by("-seq").values_list("seq", "data")
    seen: set[tuple[str, str]] = set()
    old = []
    for seq, data in rows:
        told = {(kind, name) for kind in ("steps", "edges") for name in data.get(kind, ())}
        if told <= seen:
            old.append(seq)
        seen |= told
    return old


def run_entry(status: Status, failure: dict[str, Any] | None = None, failed_node: str | None = None) -> Entry:
    """The event of a run's new status."""
    data = {
        "status": status.value,
        "error": failure["message"] if failure else None,
        "failure": failure,
        "failed_node": failed_node,
    }
    return Entry(RUN_STATUS, "", data)


_STEP_TABLE, _RUN_TABLE, _EVENT_TABLE = StepRun._meta.db_table, Run._meta.db_table, RunEvent._meta.db_table
_OPEN = "status NOT IN ({})".format(", ".join(f"'{status}'" for status in OVER))

# The gate is claimed once per attempt: whoever changes this row from unclaimed has won.
_CLAIM = f"""
    UPDATE {_STEP_TABLE} SET claimed_epoch = %s, status = 'running', started_at = %s, bytes_in = %s, note = ''
    WHERE run_id = %s AND node = %s AND attempt = %s AND claimed_epoch IS NULL AND {_OPEN}
"""  # noqa: S608
# Another attempt than before starts with a clean sheet.
_STEP = f"""
    UPDATE {_STEP_TABLE} SET
        claimed_epoch = CASE WHEN attempt = %s THEN claimed_epoch END,
        started_at = CASE WHEN attempt = %s THEN started_at END,
        status = %s, attempt = %s, exit_code = %s, error = %s, failure = %s, note = %s, ways = %s,
        bytes_in = COALESCE(%s, bytes_in), bytes_out = COALESCE(%s, bytes_out), finished_at = %s
    WHERE run_id = %s AND node = %s AND {_OPEN}
"""  # noqa: S608
_FLOW = f"UPDATE {_STEP_TABLE} SET bytes_in = %s, bytes_out = %s WHERE run_id = %s AND node = %s"  # noqa: S608
_RUN = f"""
    UPDATE {_RUN_TABLE} SET status = %s, started_at = COALESCE(started_at, %s), finished_at = %s,
        error = %s, failure = %s, failed_node = %s
    WHERE id = %s AND {_OPEN}
"""  # noqa: S608
_FORGET = f"DELETE FROM {_EVENT_TABLE} WHERE run_id = %s AND seq IN ({{}})"  # noqa: S608
_PRUNE = f"DELETE FROM {_EVENT_TABLE} WHERE run_id = %s AND type = %s"  # noqa: S608
