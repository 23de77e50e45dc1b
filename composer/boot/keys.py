"""The keys and passwords of a stack: given by the environment or as a file, else made once and kept."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from composer.boot.telling import Trouble

GIVEN = Path("/run/secrets")  # where docker puts the secrets of a service
#: The variable, and the length of what is made.
KEYS = {"SECRET_KEY": 50, "COMPOSER_INSTALLATION": 16, "DATABASE_PASSWORD": 32, "REDIS_PASSWORD": 32}

#: What a server of the stack gets, each in a volume of its own.
SHARES = {"DATABASE_PASSWORD": Path("/passwords/database"), "REDIS_PASSWORD": Path("/passwords/redis")}


def make(environment: Mapping[str, str], folder: Path, given: Path = GIVEN) -> list[str]:
    """Sees to it that all of them are files in the folder; returns the names of those that were made.

    Raises Trouble where one is given that cannot be used.
    """
    made = []
    for name, length in KEYS.items():
        path = folder / file_name(name)
        value = environment.get(name) or _read(given / file_name(name))
        if value:
            _check(name, value)
            _write(path, value)
        elif not path.exists():
            _write(path, secrets.token_hex(length // 2))
            made.append(path.name)
    return made


def share(folder: Path, shares: Mapping[str, Path] = SHARES) -> None:
    """Each server's password into the folder that it alone sees."""
    for name, place in shares.items():
        if place.is_dir():
            _write(place / file_name(name), (folder / file_name(name)).read_text())


def file_name(variable: str) -> str:
    """SECRET_KEY is kept in secret-key; the installation as `make run` calls it."""
    return variable.removeprefix("COMPOSER_").lower().replace("_", "-")


def _read(path: Path) -> str:
    return path.read_text().strip() if path.is_file() else ""


def _check(name: str, value: str) -> None:
    if not value.isprintable() or any(character in value for character in " \"'\\"):
        raise Trouble(f"{name} holds a space, a quotation mark or another sign that a password cannot have.")


def _write(path: Path, value: str) -> None:
    made = path.with_suffix(".new")
    made.unlink(missing_ok=True)
    fd = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "w") as file:
        file.write(value)
    made.replace(path)
