"""Follows the logs of running steps in the spool, for one watcher."""

import os
import uuid
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from composer.engine.spool import Spool
from composer.runs.media import whole_characters
from composer.runs.wire import log_message

PIECE = 64 * 1024
#: A watcher who is further behind than this gets the newest; the whole log is a file to be fetched.
BEHIND_MOST = 4 * PIECE


class LogTails:
    """Where one watcher stands in the log of each step that runs."""

    def __init__(self, spool: Spool, run_id: uuid.UUID) -> None:
        self._spool = spool
        self._run = str(run_id)
        self._at: dict[str, tuple[int, int]] = {}  # node -> attempt, bytes told

    @property
    def following(self) -> bool:
        """Whether any step's log may still grow."""
        return bool(self._at)

    def follow(self, node: str, attempt: int) -> None:
        """From now on, tell what this attempt writes to its log."""
        if self._at.get(node, (0, 0))[0] != attempt:
            self._at[node] = (attempt, 0)

    def read(self) -> Iterator[dict[str, Any]]:
        """What is new in all logs, a bounded piece each."""
        for node in list(self._at):
            yield from self._read(node, is_last=False)

    def finish(self, node: str) -> Iterator[dict[str, Any]]:
        """The rest of a log that grows no more."""
        if node in self._at:
            yield from self._read(node, is_last=True)
            del self._at[node]

    def _read(self, node: str, *, is_last: bool) -> Iterator[dict[str, Any]]:
        attempt, at = self._at[node]
        try:
            fd = self._spool.open_read(self._spool.log(self._run, node, attempt))
        except OSError:
            return
        try:
            size = os.fstat(fd).st_size
            at = max(at, size - BEHIND_MOST)
            while at < size:
                data = os.pread(fd, min(PIECE, size - at), at)
                if not is_last or at + len(data) < size:
                    data = whole_characters(data)
                if not data:
                    break
                yield log_message(node, at, data.decode("utf-8", "replace"), timezone.now())
                at += len(data)
        finally:
            os.close(fd)
        self._at[node] = (attempt, at)
