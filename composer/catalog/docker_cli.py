"""The docker command, for building images and checking examples. Runs never go this way."""

import subprocess
from typing import IO


class DockerFailed(Exception):
    """A docker command did not do its work; `said` is what it wrote, for the details."""

    def __init__(self, message: str, said: str = "") -> None:
        super().__init__(message)
        self.said = said


class DockerTooSlow(DockerFailed):
    """It did not end in the time it was given."""


def docker(*arguments: str, stdin: IO[bytes] | int | None = None, seconds: float | None = None) -> str:
    """What the command wrote. Raises DockerFailed."""
    done = attempt(*arguments, stdin=stdin, seconds=seconds)
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace") + done.stdout.decode(errors="replace")
        raise DockerFailed(f"docker {arguments[0]} failed: {last_line(said)}", said)
    return done.stdout.decode(errors="replace").strip()


def attempt(
    *arguments: str, stdin: IO[bytes] | int | None = None, seconds: float | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Runs the command to its end, whatever its exit code. Raises DockerFailed where it cannot."""
    try:
        return subprocess.run(
            ["docker", *arguments],
            stdin=subprocess.DEVNULL if stdin is None else stdin,
            capture_output=True,
            check=False,
            timeout=seconds,
        )
    except FileNotFoundError as error:
        raise DockerFailed("The docker command is missing. Install Docker and try again.") from error
    except subprocess.TimeoutExpired as error:
        raise DockerTooSlow(f"docker {arguments[0]} did not end within {seconds:g} seconds.") from error


def image_id(reference: str) -> str | None:
    """The id of an image on the engine. Raises DockerFailed where no engine answers."""
    done = attempt("image", "inspect", "--format", "{{.Id}}", reference, seconds=60)
    if done.returncode == 0:
        return done.stdout.decode().strip()
    said = done.stderr.decode(errors="replace")
    if "no such image" not in said.lower():
        raise DockerFailed(f"The container engine does not answer: {last_line(said)}", said)
    return None


def last_line(said: str) -> str:
    """The last thing that was said, which names the trouble as a rule."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"
