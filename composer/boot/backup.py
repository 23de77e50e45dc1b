"""`make backup` and `make restore FILE=…`: the stack's database, the data of its runs, and its keys.

The database is saved first and the files after it, so that no run that was saved lacks its files;
files of runs that came in between belong to nobody and are swept.
"""

import os
import secrets
import shutil
import subprocess
import tarfile
import tempfile
import time
from pathlib import Path
from typing import IO, cast

from composer.boot import compose, places
from composer.boot.telling import Trouble, stage

DATABASE, FILES = "database", "spool.tar"
KEYS = {"secret-key": "SECRET_KEY", "installation": "COMPOSER_INSTALLATION"}
#: tar says 1 where a file grew while it was read: then it is as long as it was at the beginning.
SAVE = "cd /spool && mkdir -p runs && { tar --create runs || [ $? -eq 1 ]; }"
BRING_BACK = "cd /spool && rm -rf runs && tar --extract --preserve-permissions"
PG = ["--username", "composer"]


def backup(arguments: list[str]) -> int:
    """Saves the running stack; prints where."""
    target = Path(arguments[0]) if arguments else _new_name()
    if target.exists():
        raise Trouble(f"{target} exists. Choose another name.")
    stack = compose.Stack(_compose())
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as made:
        folder = Path(made)
        with stage("Database") as told:
            dump = ["pg_dump", *PG, "--format", "custom", "composer"]
            _save(stack, "database", dump, folder / DATABASE)
            told.say(_size(folder / DATABASE))
        with stage("Data of runs") as told:
            _save(stack, "web", ["sh", "-c", SAVE], folder / FILES)
            told.say(_size(folder / FILES))
        for name in KEYS:
            _save(stack, "web", ["cat", f"/state/{name}"], folder / name)
        _pack(folder, target)
    print(f"Saved: {target}. It holds the keys: keep it where only you can read it.")
    return 0


def restore(arguments: list[str]) -> int:
    """Brings a backup back into the stack of docker-compose.yml, whatever is in it now, and starts it."""
    if len(arguments) != 1 or not Path(arguments[0]).is_file():
        raise Trouble("Name the backup: make restore FILE=saved.tar")
    with tempfile.TemporaryDirectory(dir=Path(arguments[0]).absolute().parent, prefix=".restore-") as made:
        folder = Path(made)
        _unpack(Path(arguments[0]), folder)
        stack = compose.Stack(_compose(), {KEYS[name]: (folder / name).read_text() for name in KEYS})
        with stage("Volumes") as told:
            _make_room(stack)
            told.say("made; web, worker and beat are stopped")
        with stage("Database") as told:
            _bring_database(stack, folder / DATABASE)
            told.say("brought back")
        with stage("Data of runs") as told:
            _bring_files(stack, folder / FILES)
            told.say("brought back")
    with stage("Composer") as told:
        compose.Stack(_compose()).run("up", "--detach", trouble="The stack could not be started:")
        told.say("starts")
    return 0


def _compose() -> list[str]:
    found = compose.find()
    if found is None:
        raise Trouble("There is no “docker compose”. Backups are for the stack of docker-compose.yml.")
    return found


def _new_name() -> Path:
    return places.var() / "backups" / time.strftime("composer-%Y%m%d-%H%M%S.tar")


def _save(stack: compose.Stack, service: str, command: list[str], target: Path) -> None:
    with target.open("xb") as file:
        stack.pipe(service, command, stdout=file, trouble=f"{target.name} could not be saved:")


def _pack(folder: Path, target: Path) -> None:
    """Under its own name only when it is whole, and for nobody else to read."""
    made = folder / "whole"
    with open(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        with tarfile.open(fileobj=file, mode="w") as archive:
            for name in (*KEYS, DATABASE, FILES):
                archive.add(folder / name, name)
        os.fsync(file.fileno())
    made.rename(target)


def _unpack(source: Path, folder: Path) -> None:
    """Only the four files that a backup has."""
    try:
        with tarfile.open(source) as archive:
            for name in (*KEYS, DATABASE, FILES):
                with (folder / name).open("xb") as file:
                    shutil.copyfileobj(cast(IO[bytes], archive.extractfile(archive.getmember(name))), file)
    except (tarfile.TarError, KeyError, TypeError, AttributeError) as error:
        raise Trouble(f"{source} is no backup of Composer, or not a whole one ({error}).") from error


def _make_room(stack: compose.Stack) -> None:
    trouble = "The stack could not be prepared:"
    stack.run("stop", "web", "worker", "beat", trouble=trouble)
    stack.run("run", "--rm", "--no-deps", "-T", "keys", trouble="The keys could not be brought back:")
    stack.run("up", "--detach", "database", trouble=trouble)


def _bring_database(stack: compose.Stack, saved: Path) -> None:
    _wait_for_database(stack)
    flags = ["--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error"]
    with saved.open("rb") as file:
        command = ["pg_restore", *PG, *flags, "--dbname", "composer"]
        stack.pipe("database", command, stdin=file, trouble="The database could not be brought back:")


def _wait_for_database(stack: compose.Stack) -> None:
    ready = ["pg_isready", "--quiet", "--host", "127.0.0.1", *PG, "--dbname", "composer"]
    deadline = time.monotonic() + 90
    while True:
        try:
            stack.pipe("database", ready, trouble="The database does not answer.")
        except Trouble:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
        else:
            return


def _bring_files(stack: compose.Stack, saved: Path) -> None:
    """Through a container of its own that has web's volumes: web itself is stopped."""
    trouble = "The data of runs could not be brought back:"
    name = f"composer-restore-{secrets.token_hex(4)}"
    idle = ["setup", "sleep", "infinity"]
    try:
        stack.run("run", "--detach", "--no-deps", "--name", name, *idle, trouble=trouble)
        with saved.open("rb") as file:
            compose.into(name, ["sh", "-c", BRING_BACK], trouble=trouble, stdin=file)
    finally:
        subprocess.run(["docker", "rm", "--force", name], capture_output=True, check=False)


def _size(path: Path) -> str:
    return f"{path.stat().st_size / 1e6:.1f} MB"
