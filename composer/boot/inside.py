"""What each container of docker-compose.yml does: `python3 -m composer.boot.inside web|worker|beat|…`."""

import filecmp
import os
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from composer.boot import health, keys
from composer.boot.telling import Trouble, box, fail

GATE = Path("/opt/gate")  # as the image brings it; it is mounted into steps from a volume
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
    if "DOCKER_HOST" not in environment:
        check_socket(SOCKET)
    install_gate(GATE, Path(environment["COMPOSER_GATE"]))
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO"]
    return [*CELERY, "worker", "--pool", "threads", *quiet, "--hostname", "worker@%h"]


def beat(environment: Mapping[str, str]) -> list[str]:
    """The schedule; there is one of it."""
    return [*CELERY, "beat", "--schedule", str(health.SCHEDULE), "--pidfile=", "--loglevel", "WARNING"]


def setup(environment: Mapping[str, str]) -> list[str]:
    """The database is brought up to date. Whoever never signed in gets a link."""
    check_address(environment.get("COMPOSER_ADDRESS", ""), environment.get("ALLOWED_HOSTS", ""))
    _manage("migrate", "--verbosity", "0")
    print(_manage("bootstrap"), flush=True)
    if path := _manage("sign_in_link", "--first"):
        address = environment.get("COMPOSER_ADDRESS", "").rstrip("/")
        box([f"Composer is ready soon: {address}", "", "The owner signs in here, once:", address + path])
    return ["true"]


def make_keys(environment: Mapping[str, str]) -> list[str]:
    """What nobody gave is made, once."""
    folder = Path(environment["COMPOSER_VAR"])
    made = keys.make(environment, folder)
    keys.share(folder)
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
    """Puts the gate into its volume in one move: gates that run keep the old file.

    Where it is there already nothing is written: a disk that is full keeps no worker from making room.
    """
    target.parent.mkdir(mode=0o755, exist_ok=True)
    if target.exists() and filecmp.cmp(source, target, shallow=False):
        return
    made = target.with_name(f"{target.name}.{os.uname().nodename}")
    shutil.copyfile(source, made)
    made.chmod(0o755)
    made.replace(target)


def check_socket(path: Path) -> None:
    """Raises Trouble where the engine does not listen there, or does not let us in.

    The container then ends and is started anew, and a socket that was made anew meanwhile is mounted.
    """
    if not path.exists() or not stat.S_ISSOCK(path.stat().st_mode):
        raise Trouble(f"{path} is no socket. Let ENGINE_SOCKET name the container engine's own.")
    with socket.socket(socket.AF_UNIX) as caller:
        try:
            caller.connect(str(path))
        except OSError as error:
            raise Trouble(
                f"The container engine does not answer at {path} ({error.strerror}). Does it run, and "
                "does ENGINE_SOCKET name its socket?"
            ) from error


def check_address(address: str, allowed: str) -> None:
    """Raises Trouble where the address in the owner's first link would be refused."""
    if not address:
        return
    host = urlsplit(address).hostname or ""
    shown = f"[{host}]" if ":" in host else host
    names = [name.strip().lower() for name in allowed.split(",")]
    if not any(name in ("*", shown) or (name[:1] == "." and f".{host}".endswith(name)) for name in names):
        raise Trouble(
            f"COMPOSER_ADDRESS is “{address}”, and “{shown}” is not among ALLOWED_HOSTS ({allowed}). "
            "Add it there."
        )


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
