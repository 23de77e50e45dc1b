"""The event log's two statements: give out numbers, and write entries under them.

Numbers are given out by an UPDATE of the run's row. It holds the row until the transaction ends,
so numbers become visible in their order; and it is where a worker that lost its run finds out.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection

from composer.runs.models import Run, RunEvent
from composer.runs.wire import Entry, dumps


def database_id(run_id: uuid.UUID) -> Any:
    """The id as this database stores it."""
    return Run._meta.pk.get_db_prep_value(run_id, connection)


def database_time(at: datetime) -> Any:
    """A time as this database stores it."""
    return connection.ops.adapt_datetimefield_value(at)


def allocate(cursor: Any, run_id: Any, count: int, *, epoch: int | None = None) -> int | None:
    """The first of `count` new numbers; None where the run is gone or has another epoch."""
    if epoch is None:
        cursor.execute(_statements()["allocate"], [count, run_id])
    else:
        cursor.execute(_statements()["allocate_in_epoch"], [count, run_id, epoch])
    rows = cursor.fetchall()
    return int(rows[0][0]) - count + 1 if rows else None


def insert(cursor: Any, run_id: Any, first: int, entries: Sequence[Entry], at: datetime) -> None:
    """Writes the entries under the numbers from `first` on."""
    stored = database_time(at)
    rows = [
        (run_id, first + place, entry.type, entry.node, stored, dumps(entry.data))
        for place, entry in enumerate(entries)
    ]
    if len(rows) == 1:
        cursor.execute(_statements()["insert"], rows[0])
    elif rows:
        cursor.executemany(_statements()["insert"], rows)


def append(run_id: uuid.UUID, entries: Sequence[Entry], at: datetime) -> None:
    """Writes entries for somebody who is not the run's worker. Call it inside a transaction."""
    with connection.cursor() as cursor:
        key = database_id(run_id)
        first = allocate(cursor, key, len(entries))
        if first is not None:
            insert(cursor, key, first, entries, at)


@cache
def _statements() -> dict[str, str]:
    run, event = Run._meta.db_table, RunEvent._meta.db_table
    allocate_ = f"UPDATE {run} SET last_seq = last_seq + %s WHERE id = %s"  # noqa: S608 - our own table names
    return {
        "allocate": f"{allocate_} RETURNING last_seq",
        "allocate_in_epoch": f"{allocate_} AND epoch = %s RETURNING last_seq",
        "insert": f"INSERT INTO {event} (run_id, seq, type, node, at, data) VALUES (%s, %s, %s, %s, %s, %s)",  # noqa: S608
    }
