"""docker-compose.yml, driven by the compose plugin or by Debian's docker-compose."""

import io
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from composer.boot import debian, places, shell
from composer.boot.telling import Stage, Trouble

LOOKED_AT = "The stack cannot be looked at:"
CHUNK = 1 << 20


def find() -> list[str] | None:
    """The command; None where there is none."""
    docker = shell.find("docker")
    if docker and _answers([docker, "compose", "version"]):
        return [docker, "compose"]
    alone = shell.find("docker-compose")
    return [alone] if alone and _answers([alone, "version"]) else None


def ensure(told: Stage) -> list[str]:
    """The command, installed where it is missing. Raises Trouble."""
    found = find()
    if found is None:
        debian.install(["docker-compose"], told, why="docker-compose")
        found = find()
    if found is None:
        raise Trouble("There is no “docker compose”. Install Docker's compose plugin.")
    told.say(" ".join([Path(found[0]).name, *found[1:]]))
    return found


def _answers(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


class Stack:
    """The services of docker-compose.yml, under the project's name that the environment gives."""

    def __init__(self, command: list[str], environment: Mapping[str, str] | None = None) -> None:
        self._command = command
        self._environment = dict(environment or {})

    def run(self, *arguments: str, trouble: str) -> str:
        """Runs a compose command; returns what it printed. Raises Trouble."""
        return shell.run([*self._command, *arguments], trouble=trouble, environment=self._environment)

    def running(self, service: str) -> list[str]:
        """The ids of a service's containers that run. Raises Trouble."""
        found = self.run("ps", "-q", service, trouble=LOOKED_AT).split()
        command = ["docker", "inspect", "--format", "{{.State.Running}} {{.Id}}", *found]
        said = shell.run(command, trouble=LOOKED_AT) if found else ""
        return [line.split()[1] for line in said.splitlines() if line.startswith("true ")]

    def container(self, service: str) -> str:
        """The id of the first container of a running service. Raises Trouble."""
        found = self.running(service)
        if not found:
            raise Trouble(f"The service {service} does not run. Start it first: docker compose up --detach")
        return found[0]

    @contextmanager
    def helper(self, service: str) -> Iterator[str]:
        """A container that has what a service has, and only waits for commands; yields its name."""
        name = f"composer-helper-{secrets.token_hex(4)}"
        idle = ["--name", name, service, "sleep", "infinity"]
        try:
            self.run("run", "--detach", "--no-deps", *idle, trouble="The stack could not be prepared:")
            yield name
        finally:
            remove = ["docker", "rm", "--force", "--volumes", name]
            subprocess.run(remove, capture_output=True, check=False)


def into(
    container: str,
    command: list[str],
    *,
    trouble: str,
    stdin: IO[bytes] | None = None,
    stdout: IO[bytes] | None = None,
) -> None:
    """Runs a command in a container, and carries what goes in or comes out. Raises Trouble.

    Carried here and not by the client of the engine, which does not always say that a disk was full.
    """
    flags = ["--interactive"] if stdin else []
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(
            ["docker", "exec", *flags, container, *command],
            cwd=places.ROOT,
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE if stdout else subprocess.DEVNULL,
            stderr=said,
        ) as process,
    ):
        try:
            _carry(process, stdin, stdout)
        except BaseException:
            process.kill()
            raise
        if process.wait() != 0:
            said.seek(0)
            words = [line.strip() for line in said.read().decode(errors="replace").splitlines()]
            raise Trouble(f"{trouble} {next((line for line in reversed(words) if line), 'It said nothing.')}")


def _carry(process: "subprocess.Popen[bytes]", stdin: IO[bytes] | None, stdout: IO[bytes] | None) -> None:
    if stdin and process.stdin:
        with suppress(BrokenPipeError):  # it has ended, and says why
            shutil.copyfileobj(stdin, process.stdin, CHUNK)
        with suppress(BrokenPipeError):
            process.stdin.close()
    if stdout and process.stdout:
        shutil.copyfileobj(process.stdout, stdout, CHUNK)


def answer(container: str, command: list[str], *, trouble: str) -> str:
    """What a command in a container prints. It is kept in no log. Raises Trouble."""
    said = io.BytesIO()
    into(container, command, trouble=trouble, stdout=said)
    return said.getvalue().decode()
