"""Remembers what was done with what, so that a second start does nothing twice."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from composer.boot import places


def digest(paths: Iterable[Path], *more: str) -> str:
    """A hash of these files' names and contents, folders with all in them."""
    total = hashlib.sha256("\0".join(more).encode())
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and file.suffix != ".pyc":
                total.update(str(file.relative_to(places.ROOT)).encode() + b"\0")
                total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def is_done(name: str, value: str) -> bool:
    """Whether this was done with exactly this."""
    try:
        return _path(name).read_text() == value
    except OSError:
        return False


def set_done(name: str, value: str) -> None:
    """It is done."""
    _path(name).parent.mkdir(exist_ok=True)
    _path(name).write_text(value)


def _path(name: str) -> Path:
    return places.var() / "stamps" / name
