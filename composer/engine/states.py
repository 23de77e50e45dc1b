"""The one enum of statuses, for runs and for steps, and the transitions allowed."""

from enum import StrEnum


class Status(StrEnum):
    """Where a run, or one node of it, stands."""

    QUEUED = "queued"
    PREPARING = "preparing"
    RUNNING = "running"
    WAITING = "waiting"  # paused for a person or a limit
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    SKIPPED = "skipped"
    CANCELED = "canceled"

    @property
    def is_final(self) -> bool:
        """True where nothing more will happen by itself or by a person's decision."""
        return self in FINAL


FINAL = frozenset({Status.SUCCEEDED, Status.FAILED, Status.SKIPPED, Status.CANCELED})

TRANSITIONS: dict[Status, frozenset[Status]] = {
    # QUEUED again: a claimed attempt that provably never began is made anew.
    # WAITING from the start: after a backup was brought back nobody knows whether it was done since.
    Status.QUEUED: frozenset(
        {Status.PREPARING, Status.RUNNING, Status.WAITING, Status.FAILED, Status.SKIPPED, Status.CANCELED}
    ),
    Status.PREPARING: frozenset(
        {Status.QUEUED, Status.RUNNING, Status.WAITING, Status.FAILED, Status.SKIPPED, Status.CANCELED}
    ),
    Status.RUNNING: frozenset(
        {Status.QUEUED, Status.WAITING, Status.SUCCEEDED, Status.FAILED, Status.CANCELED}
    ),
    Status.WAITING: frozenset({Status.QUEUED, Status.FAILED, Status.CANCELED}),
    Status.SUCCEEDED: frozenset(),
    Status.FAILED: frozenset(),
    Status.SKIPPED: frozenset(),
    Status.CANCELED: frozenset(),
}


def may_become(now: Status, then: Status) -> bool:
    """Whether a run or step may go from `now` to `then`."""
    return then in TRANSITIONS[now]
