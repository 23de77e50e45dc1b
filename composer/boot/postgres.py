"""A PostgreSQL server for tests: Debian's, in a folder of its own, reached through a socket in it alone."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from composer.boot import debian, shell
from composer.boot.telling import Stage, Trouble, stage

PROGRAMS = Path("/usr/lib/postgresql")
USER = "postgres"
#: Nothing of it outlives the tests, so nothing need reach the disk.
FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "listen_addresses=",
    "max_connections=200",
)


@contextmanager
def server() -> Iterator[str]:
    """Its address, as DATABASE_URL; it ends with the block."""
    with stage("PostgreSQL") as told:
        programs = _programs(told)
        folder = Path(tempfile.mkdtemp(prefix="composer-postgres-"))
        _start(programs, folder)
        told.say(f"version {programs.parent.name} started")
    try:
        yield f"postgresql://{USER}@/composer?host={folder}"
    finally:
        _as_owner([programs / "pg_ctl", "--pgdata", folder / "data", "--mode", "immediate", "stop"])
        shutil.rmtree(folder, ignore_errors=True)


def _programs(told: Stage) -> Path:
    found = sorted(PROGRAMS.glob("*/bin/initdb"))
    if not found:
        debian.install(["postgresql"], told, why="PostgreSQL")
        found = sorted(PROGRAMS.glob("*/bin/initdb"))
    if not found:
        raise Trouble(f"There is no initdb in {PROGRAMS}. Install PostgreSQL's server.")
    return found[-1].parent


def _start(programs: Path, folder: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(folder, USER, USER)
    data = folder / "data"
    _as_owner(
        [programs / "initdb", "--pgdata", data, "--auth", "trust", "--username", USER, "--encoding", "UTF8"]
    )
    options = " ".join(f"-c {each}" for each in (*FAST, f"unix_socket_directories={folder}"))
    start: list[str | Path] = ["--wait", "--log", folder / "log", "--options", options, "start"]
    _as_owner([programs / "pg_ctl", "--pgdata", data, *start])
    _as_owner([programs / "createdb", "--host", folder, "--username", USER, "composer"])


def _as_owner(command: list[str | Path]) -> None:
    """PostgreSQL does not run as root, so there its own user does it."""
    who = [shell.find("runuser") or "runuser", "--user", USER, "--"] if os.geteuid() == 0 else []
    # pg_ctl hands its output on to the server, which would keep a pipe open for as long as it lives.
    done = subprocess.run(
        [*who, *map(str, command)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        check=False,
    )
    if done.returncode != 0:
        raise Trouble(f"PostgreSQL could not be prepared: {Path(command[0]).name} failed.")
