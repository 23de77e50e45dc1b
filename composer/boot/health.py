"""Whether the process of a container is well, asked from inside it. Without Django: it is asked often."""

import http.client
from collections.abc import Mapping
from pathlib import Path

LOCKS = Path("/proc/locks")
SCHEDULE = Path("/tmp/beat-schedule")  # noqa: S108 - in a container of its own
SECONDS = 8.0


def is_well(name: str, environment: Mapping[str, str]) -> bool:
    """Of web, worker or beat."""
    if name == "web":
        return web_answers(int(environment.get("PORT") or 8000), environment.get("ALLOWED_HOSTS", ""))
    if name == "worker":
        return holds_a_lock(Path(environment["COMPOSER_SPOOL"]) / "workers")
    return any(SCHEDULE.parent.glob(f"{SCHEDULE.name}*"))  # its ending is the library's choice


def web_answers(port: int, allowed: str) -> bool:
    """Whether /healthz does, under a name that Composer may be called by."""
    host = allowed.partition(",")[0].strip().lstrip(".")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request(
            "GET", "/healthz", headers={"Host": host if host not in ("", "*") else "localhost"}
        )
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def holds_a_lock(folder: Path, locks: Path = LOCKS) -> bool:
    """Whether a worker of this container is ready: then it holds a lock for life."""
    return any(is_held(path, locks) for path in folder.glob("*.lock"))


def is_held(path: Path, locks: Path = LOCKS) -> bool:
    """Whether a process of this container holds this lock. The kernel shows it no others."""
    held = (line.split() for line in locks.read_text().splitlines() if " FLOCK " in line)
    inodes = {next(part for part in words if part.count(":") == 2).rpartition(":")[2] for words in held}
    return str(path.stat().st_ino) in inodes
