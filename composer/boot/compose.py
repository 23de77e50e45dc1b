"""docker-compose.yml, driven by the compose plugin or by Debian's docker-compose."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from composer.boot import debian, places, shell
from composer.boot.telling import Stage, Trouble


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

    def container(self, service: str) -> str:
        """The id of the first container of a running service. Raises Trouble."""
        said = self.run("ps", "-q", service, trouble="The stack cannot be looked at:").split()
        if not said:
            raise Trouble(f"The service {service} does not run. Start it first: docker compose up --detach")
        return said[0]

    def pipe(
        self,
        service: str,
        command: list[str],
        *,
        trouble: str,
        stdin: IO[bytes] | None = None,
        stdout: IO[bytes] | None = None,
    ) -> None:
        """Runs a command in a running service, with files as its input and output. Raises Trouble."""
        into(self.container(service), command, trouble=trouble, stdin=stdin, stdout=stdout)


def into(
    container: str,
    command: list[str],
    *,
    trouble: str,
    stdin: IO[bytes] | None = None,
    stdout: IO[bytes] | None = None,
) -> None:
    """Runs a command in a container, with files as its input and output. Raises Trouble."""
    flags = ["--interactive"] if stdin else []
    done = subprocess.run(
        ["docker", "exec", *flags, container, *command],
        cwd=places.ROOT,
        stdin=stdin or subprocess.DEVNULL,
        stdout=stdout or subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise Trouble(f"{trouble} {said[-1] if said else ''}")
