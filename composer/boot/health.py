"""Whether the process of a container is well, asked from inside it. Without Django: it is asked often."""

import http.client
import socket
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

LOCKS = Path("/proc/locks")
SCHEDULE = Path("/tmp/beat-schedule")  # noqa: S108 - in a container of its own
SOCKET = "unix:///var/run/docker.sock"
SECONDS = 4.0
#: A worker touches its lock every few seconds, once it has spoken with the database.
WORKER_SILENT = 60.0  # seconds
#: Beat writes its schedule down at least every three minutes.
BEAT_SILENT = 600.0  # seconds


def is_well(name: str, environment: Mapping[str, str]) -> bool:
    """Of web, worker or beat."""
    if name == "web":
        return web_answers(int(environment.get("PORT") or 8000), environment.get("ALLOWED_HOSTS", ""))
    if name == "worker":
        works = holds_a_lock(Path(environment["COMPOSER_SPOOL"]) / "workers")
        return works and engine_answers(environment)
    found = SCHEDULE.parent.glob(f"{SCHEDULE.name}*")  # its ending is the library's choice
    return any(_is_fresh(path, BEAT_SILENT) for path in found)


def web_answers(port: int, allowed: str) -> bool:
    """Whether /healthz does, under a name that Composer may be called by."""
    host = allowed.partition(",")[0].strip().lstrip(".")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    return _is_ok(connection, "/healthz", host if host not in ("", "*") else "localhost")


def engine_answers(environment: Mapping[str, str]) -> bool:
    """Whether the container engine does. One behind TLS or ssh is taken at its word."""
    address = environment.get("DOCKER_HOST") or SOCKET
    if address.startswith("unix://"):
        return _is_ok(_Unix(address.removeprefix("unix://")), "/version", "engine")
    if address.startswith("tcp://") and not environment.get("DOCKER_TLS_VERIFY"):
        parts = urlsplit(address)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 2375, timeout=SECONDS)
        return _is_ok(connection, "/version", parts.netloc)
    return True


def holds_a_lock(folder: Path, locks: Path = LOCKS) -> bool:
    """Whether a worker of this container is at work: it holds a lock for life, and touches it."""
    return any(is_held(path, locks) and _is_fresh(path, WORKER_SILENT) for path in folder.glob("*.lock"))


def is_held(path: Path, locks: Path = LOCKS) -> bool:
    """Whether a process of this container holds this lock. The kernel shows it no others."""
    held = (line.split() for line in locks.read_text().splitlines() if " FLOCK " in line)
    inodes = {next(part for part in words if part.count(":") == 2).rpartition(":")[2] for words in held}
    try:
        return str(path.stat().st_ino) in inodes
    except FileNotFoundError:  # its worker has just left
        return False


class _Unix(http.client.HTTPConnection):
    """HTTP over a socket that is a file."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(SECONDS)
        self.sock.connect(self._path)


def _is_ok(connection: http.client.HTTPConnection, path: str, host: str) -> bool:
    try:
        connection.request("GET", path, headers={"Host": host})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _is_fresh(path: Path, seconds: float) -> bool:
    try:
        return time.time() - path.stat().st_mtime < seconds
    except FileNotFoundError:
        return False
