"""Proof that a worker of this host is dead: the lock it held for life is free.

Each worker process holds an exclusive `flock` on <spool>/workers/<instance>.lock. The kernel lets go
of it when the process dies, however it dies. A lock that bears another host's name, or this one's before it
was started anew, says nothing: there only the end of a lease does, and a file that nobody touches for long.
"""

import fcntl
import os
import time
import uuid
from contextlib import suppress
from pathlib import Path

LONG = 3600.0  # seconds without a touch, where a worker touches its file every few seconds
_BOOT = Path("/proc/sys/kernel/random/boot_id")


def this_host() -> str:
    """What tells one running kernel from another; containers on one host share it."""
    return _BOOT.read_text().strip()


class Life:
    """A worker process's name, and the lock that it holds as long as it lives."""

    def __init__(self, spool: Path) -> None:
        self.instance = uuid.uuid4().hex
        self._path = _folder(spool) / f"{self.instance}.lock"
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Locked before it has its name, so nobody ever finds it free while this process lives.
        unnamed = self._path.with_suffix(".new")
        self._fd = os.open(unnamed, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        fcntl.flock(self._fd, fcntl.LOCK_EX)
        os.write(self._fd, this_host().encode())
        unnamed.rename(self._path)

    def touch(self) -> None:
        """A sign of life for other hosts."""
        os.utime(self._fd)

    def end(self) -> None:
        """Gives the name up, in order."""
        self._path.unlink(missing_ok=True)
        os.close(self._fd)


def dead_instances(spool: Path) -> list[str]:
    """Workers that died and left their lock behind."""
    return [path.stem for path in _folder(spool).glob("*.lock") if _is_dead(path)]


def is_alive(spool: Path, instance: str) -> bool:
    """False only where it is certain: a worker that is dead, or left in order."""
    path = _folder(spool) / f"{instance}.lock"
    return path.exists() and not _is_dead(path)


def bury(spool: Path, instance: str) -> None:
    """Removes a dead worker's lock file, once nothing is owned by it any more."""
    path = _folder(spool) / f"{instance}.lock"
    if _is_dead(path):
        path.unlink(missing_ok=True)


def _folder(spool: Path) -> Path:
    return spool / "workers"


def _is_dead(path: Path) -> bool:
    try:
        fd = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        is_ours = os.read(fd, 100).decode() == this_host()
        return is_ours or time.time() - os.fstat(fd).st_mtime > LONG
    finally:
        with suppress(OSError):
            os.close(fd)
