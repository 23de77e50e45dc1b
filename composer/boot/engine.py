"""The container engine: the one that answers, else Debian's, installed and started here."""

import os
import signal
import subprocess
import time
from pathlib import Path

from composer.boot import debian, places, shell
from composer.boot.telling import Stage, Trouble

PATIENCE = 60.0  # seconds
SYSTEMD = Path("/run/systemd/system")


def version() -> str | None:
    """The version of the engine that answers; None where none does."""
    docker = shell.find("docker")
    if docker is None:
        return None
    command = [docker, "version", "--format", "{{.Server.Version}}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
    except subprocess.TimeoutExpired:
        return None
    return done.stdout.strip() if done.returncode == 0 and done.stdout.strip() else None


def ensure(told: Stage) -> "OwnEngine | None":
    """Sees to it that an engine answers; returns it where it was started here, for us to end."""
    if found := version():
        told.say(f"{found} answers")
        return None
    if os.environ.get("DOCKER_HOST"):
        raise Trouble(
            f"No container engine answers at {os.environ['DOCKER_HOST']}. Start it, or unset DOCKER_HOST."
        )
    missing = [
        package
        for package, program in (("docker.io", "dockerd"), ("iptables", "iptables"))
        if not shell.have(program)
    ]
    if not shell.have("docker") and "docker.io" not in missing:
        missing.append("docker.io")
    if missing:
        debian.install(missing, told, why="The container engine")
    own = _start()
    told.say(f"{version()} started" + (", installed before" if missing else ""))
    return own


def _start() -> "OwnEngine | None":
    if SYSTEMD.is_dir():
        command = [*debian.as_root(), "systemctl", "start", "docker"]
        shell.run(command, trouble="The container engine could not be started:")
        _wait(None)
        return None
    dockerd = shell.find("dockerd")
    assert dockerd is not None  # just installed
    log = places.logs() / "dockerd.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*debian.as_root(), dockerd],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C is for us; the engine goes last
        )
    _wait(process)
    return OwnEngine(process)


def _wait(process: "subprocess.Popen[bytes] | None") -> None:
    deadline = time.monotonic() + PATIENCE
    while version() is None:
        log = places.logs() / "dockerd.log"
        if process is not None and process.poll() is not None:
            last = log.read_text(errors="replace").strip().splitlines()[-1:]
            raise Trouble(f"The container engine ended at once: {' '.join(last)[-300:]}\nIts log is {log}.")
        if time.monotonic() > deadline:
            raise Trouble(f"The container engine does not answer after {PATIENCE:g} s. Its log is {log}.")
        time.sleep(0.2)


class OwnEngine:
    """An engine that this process started."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    def stop(self) -> None:
        """Ends it, and waits until it has."""
        if self._process.poll() is None:
            try:
                os.kill(self._process.pid, signal.SIGTERM)
                self._process.wait(20)
            except PermissionError:  # started through sudo
                subprocess.run([*debian.as_root(), "kill", str(self._process.pid)], check=False)
            except subprocess.TimeoutExpired:
                self._process.kill()


def remove_containers(installation: str) -> int:
    """Removes every container of this installation; returns how many there were."""
    docker = shell.find("docker")
    if docker is None:
        return 0
    label = f"label=composer.installation={installation}"
    found = subprocess.run(
        [docker, "ps", "-aq", "--filter", label], capture_output=True, text=True, check=False
    )
    ids = found.stdout.split()
    if ids:
        subprocess.run([docker, "rm", "-f", "-v", *ids], capture_output=True, check=False)
    return len(ids)
