"""Running programs, with their output kept for when something goes wrong."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from composer.boot import places
from composer.boot.telling import Trouble


def run(
    command: Sequence[str | Path],
    *,
    trouble: str,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    secret: bool = False,
) -> str:
    """Runs a program to its end and returns what it printed.

    Raises Trouble with `trouble` and the program's last words where it fails; all its words
    are in var/logs/start.log. `secret`: what it prints is for one pair of eyes, and kept nowhere.
    """
    try:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=folder or places.ROOT,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise Trouble(f"{trouble} ({error})") from error
    said = ((b"" if secret else done.stdout) + done.stderr).decode(errors="replace")
    log = places.logs() / "start.log"
    with log.open("a") as file:
        file.write(f"\n$ {' '.join(map(str, command))}\n{said}")
    if done.returncode != 0:
        raise Trouble(f"{trouble} {_last_words(said)}\nAll of it is in {log}.")
    return done.stdout.decode(errors="replace")


def show(
    command: Sequence[str | Path], *, folder: Path | None = None, environment: Mapping[str, str] | None = None
) -> int:
    """Runs a program with its output on the screen; returns its exit code."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder or places.ROOT,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return done.returncode


def have(program: str) -> bool:
    """Whether a program is on PATH, or where Debian keeps those for administrators."""
    return find(program) is not None


def find(program: str) -> str | None:
    """A program's path."""
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/local/sbin:/usr/sbin:/sbin")


def _last_words(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [
        line for line in lines if line.lower().startswith(("error", "e:", "npm err", "fatal"))
    ] or lines
    return telling[-1][:300] if telling else "It said nothing."
