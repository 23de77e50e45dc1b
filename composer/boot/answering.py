"""Waits until the processes answer."""

import fcntl
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from composer.boot import places
from composer.boot.telling import Trouble

PATIENCE = 90.0  # seconds
MOST_DEATHS = 4  # of one process, before it answers for the first time


def wait_for_web(address: str, supervisor: "subprocess.Popen[bytes]") -> None:
    """Raises Trouble where the web process does not get well."""
    deadline = time.monotonic() + PATIENCE
    while not _is_well(f"{address}/healthz"):
        _still_going(supervisor, deadline, "web")
        time.sleep(0.05)


def wait_for_worker(spool: Path, since: float, supervisor: "subprocess.Popen[bytes]") -> None:
    """A worker that is ready holds a lock on a file of its own. Raises Trouble where none gets so far."""
    deadline = time.monotonic() + PATIENCE
    while not any(_is_held(lock, since) for lock in (spool / "workers").glob("*.lock")):
        _still_going(supervisor, deadline, "worker")
        time.sleep(0.05)


def _still_going(supervisor: "subprocess.Popen[bytes]", deadline: float, name: str) -> None:
    log = places.logs() / f"{name}.log"
    if supervisor.poll() is not None:
        raise Trouble(f"The process manager ended. Its log is {places.logs() / 'supervisor-output.log'}.")
    deaths = (places.logs() / "supervisor.log").read_text(errors="replace").count(f"exited: {name} ")
    if deaths > MOST_DEATHS:
        raise Trouble(f"The {name} process dies again and again. Its log says why: {log}")
    if time.monotonic() > deadline:
        raise Trouble(f"The {name} process does not answer after {PATIENCE:g} s. Its log is {log}.")


def _is_well(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _is_held(lock: Path, since: float) -> bool:
    try:
        if lock.stat().st_mtime < since:
            return False
        with lock.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
