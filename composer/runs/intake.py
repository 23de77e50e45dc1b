"""A run's input on its way into the spool: streamed, whatever its size, and whole or not at all."""

import hashlib
import os
import uuid
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from composer.engine.spool import Spool

CHUNK = 1024 * 1024


class InputTooLarge(Exception):
    """More than the installation allows."""

    def __init__(self, most: int) -> None:
        super().__init__(f"The input is larger than {most:,} bytes, the most this installation takes.")


class SpoolFull(Exception):
    """The disk that holds the spool has no room."""

    def __init__(self) -> None:
        super().__init__("The disk where Composer keeps its data is full or cannot be written.")


@dataclass(frozen=True, slots=True)
class Given:
    """What a person or program gives a run to work on."""

    kind: str  # text | file | sample
    name: str
    chunks: Iterable[bytes]


@dataclass(frozen=True, slots=True)
class Stored:
    """An input that lies in the spool, under the id of a run that does not exist yet."""

    run_id: uuid.UUID
    size: int
    digest: str


def store(spool: Spool, run_id: uuid.UUID, given: Given, most: int) -> Stored:
    """Writes the input where the run will look for it. Raises InputTooLarge, SpoolFull."""
    target = spool.input(str(run_id))
    unfinished = target.with_name("input.part")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        size, digest = _write(unfinished, given.chunks, most)
        unfinished.rename(target)
    except OSError as error:
        spool.remove_run(str(run_id))
        raise SpoolFull from error
    except BaseException:
        spool.remove_run(str(run_id))
        raise
    return Stored(run_id, size, digest)


def fill(spool: Spool, run_id: uuid.UUID, given: Given, most: int) -> Stored:
    """Writes the input of a run that was prepared, into the file that its containers see already.

    Raises InputTooLarge, SpoolFull; then the file is empty again.
    """
    target = spool.input(str(run_id))
    try:
        size, digest = _write(target, given.chunks, most)
    except OSError as error:
        _empty(target)
        raise SpoolFull from error
    except BaseException:
        _empty(target)
        raise
    return Stored(run_id, size, digest)


def _empty(path: Path) -> None:
    with suppress(OSError):  # it may be gone, with its worker
        os.truncate(path, 0)


def _write(path: Path, chunks: Iterable[bytes], most: int) -> tuple[int, str]:
    fingerprint = hashlib.sha256()
    size = 0
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
    with os.fdopen(fd, "wb") as file:
        # Steps run as another user, and read this file through a mount of it alone.
        os.fchmod(file.fileno(), 0o644)
        for chunk in chunks:
            size += len(chunk)
            if size > most:
                raise InputTooLarge(most)
            fingerprint.update(chunk)
            file.write(chunk)
    return size, fingerprint.hexdigest()


def pieces(text: str) -> Iterable[bytes]:
    """A text as bytes, a piece at a time."""
    for start in range(0, len(text), CHUNK):
        yield text[start : start + CHUNK].encode()
