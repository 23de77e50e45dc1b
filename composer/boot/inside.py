"""What each container of docker-compose.yml does: `python3 -m composer.boot.inside web|worker|beat|…`."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from composer.boot import health, keys
from composer.boot.telling import Trouble, box, fail

GATE = Path("/opt/gate")  # as the image brings it; it is mounted into steps from the spool
SOCKET = Path("/var/run/docker.sock")
USER = 10001
CELERY = ("python3", "-m", "celery", "--app", "composer.celery", "--quiet")


def web(environment: Mapping[str, str]) -> list[str]:
    """Several processes on one port. What is uploaded waits where there is room: in the spool."""
    uploads = Path(environment["COMPOSER_SPOOL"]) / "uploads"
    uploads.mkdir(mode=0o700, exist_ok=True)
    os.environ["TMPDIR"] = str(uploads)
    address = ["--host", environment.get("HOST", "0.0.0.0"), "--port", environment.get("PORT", "8000")]
    quiet = ["--lifespan", "off", "--no-access-log", "--timeout-graceful-shutdown", "3"]
    count = number("COMPOSER_WEB_PROCESSES", environment, 2)
    return ["uvicorn", "composer.asgi:application", *address, "--workers", str(count), *quiet]


def worker(environment: Mapping[str, str]) -> list[str]:
    """A worker; the gate is laid where the engine can mount it from."""
    install_gate(GATE, Path(environment["COMPOSER_GATE"]))
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO"]
    return [*CELERY, "worker", "--pool", "threads", *quiet, "--hostname", "worker@%h"]


def beat(environment: Mapping[str, str]) -> list[str]:
    """The schedule; there is one of it."""
    return [*CELERY, "beat", "--schedule", str(health.SCHEDULE), "--pidfile=", "--loglevel", "WARNING"]


def setup(environment: Mapping[str, str]) -> list[str]:
    """The database is brought up to date. Whoever never signed in gets a link."""
    _manage("migrate", "--verbosity", "0")
    print(_manage("bootstrap"), flush=True)
    if path := _manage("sign_in_link", "--first"):
        address = environment.get("COMPOSER_ADDRESS", "").rstrip("/")
        box([f"Composer is ready soon: {address}", "", "The owner signs in here, once:", address + path])
    return ["true"]


def make_keys(environment: Mapping[str, str]) -> list[str]:
    """What nobody gave is made, once."""
    made = keys.make(environment, Path(environment["COMPOSER_VAR"]))
    print(f"Made: {', '.join(made)}" if made else "All keys are there", flush=True)
    return ["true"]


COMMANDS: dict[str, Callable[[Mapping[str, str]], list[str]]] = {
    "web": web,
    "worker": worker,
    "beat": beat,
    "setup": setup,
    "keys": make_keys,
}


def number(name: str, environment: Mapping[str, str], default: int) -> int:
    """A setting that is a number from 1 on. Raises Trouble."""
    text = environment.get(name) or str(default)
    if not text.isdigit() or int(text) < 1:
        raise Trouble(f"{name} is “{text}”, and must be a number from 1 on.")
    return int(text)


def install_gate(source: Path, target: Path) -> None:
    """Puts the gate into the spool in one move: gates that run keep the old file."""
    target.parent.mkdir(mode=0o755, exist_ok=True)
    made = target.with_name(f"{target.name}.{os.uname().nodename}")
    shutil.copyfile(source, made)
    made.chmod(0o755)
    made.replace(target)


def become_nobody_special(socket: Path = SOCKET) -> None:
    """Root is given up for good, but for the group that may use the engine's socket."""
    if os.geteuid() != 0:
        return
    groups = {USER}
    if socket.exists() and stat.S_ISSOCK(socket.stat().st_mode):
        groups.add(socket.stat().st_gid)
    os.setgroups(sorted(groups))
    os.setresgid(USER, USER, USER)
    os.setresuid(USER, USER, USER)


def _manage(*arguments: str) -> str:
    command = ["python3", "manage.py", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise Trouble(f"manage.py {arguments[0]} failed; what it said stands above.")
    return done.stdout.strip()


def main(arguments: list[str]) -> int:  # noqa: RET503 - what it becomes does not come back
    """Becomes the program that was asked for; anything else is run as it stands."""
    become_nobody_special()
    name, *more = arguments or ["web"]
    try:
        if name == "health":
            return 0 if health.is_well(more[0], os.environ) else 1
        command = COMMANDS[name](os.environ) if name in COMMANDS else arguments
    except Trouble as trouble:
        return fail(trouble)
    os.execvp(command[0], command)  # noqa: S606 - a list, never through a shell; it does not return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
