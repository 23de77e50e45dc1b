"""A backup as a file: a tar of a few parts. Each is streamed into it, and out of it, with no copy beside."""

import json
import os
import secrets
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from composer.boot.telling import Trouble

DATABASE, FILES, ABOUT = "database", "spool.tar", "about"
#: What is kept of the volume `state`, and the variable that may give it.
KEYS = {"secret-key": "SECRET_KEY", "installation": "COMPOSER_INSTALLATION"}
BLOCK = tarfile.BLOCKSIZE


class Writer:
    """A backup that is being made."""

    def __init__(self, target: Path, file: IO[bytes]) -> None:
        self._target, self._file = target, file

    @contextmanager
    def part(self, name: str) -> Iterator[IO[bytes]]:
        """What is written into it is the part. How much it was is noted before it afterwards."""
        with _in_words(self._target):
            start = self._file.tell()
            self._file.write(bytes(BLOCK))
            yield self._file
            end = self._file.tell()
            about = tarfile.TarInfo(name)
            about.size, about.mode, about.mtime = end - start - BLOCK, 0o600, int(time.time())
            self._file.write(bytes(-end % BLOCK))
            self._file.seek(start)
            self._file.write(about.tobuf(tarfile.GNU_FORMAT))
            self._file.seek(0, os.SEEK_END)

    def add(self, name: str, text: str) -> None:
        """A part that is a short text."""
        with self.part(name) as file:
            file.write(text.encode())


@contextmanager
def new(target: Path) -> Iterator[Writer]:
    """A backup that has its name only when it is whole, for nobody else to read. Raises Trouble."""
    made = target.with_name(f".{target.name}-{secrets.token_hex(4)}.part")
    with _in_words(target):
        try:
            with open(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                yield Writer(target, file)
                file.write(bytes(2 * BLOCK))
                file.flush()
                os.fsync(file.fileno())
            made.rename(target)
        finally:
            made.unlink(missing_ok=True)


class Saved:
    """A backup that is there."""

    def __init__(self, source: Path, archive: tarfile.TarFile) -> None:
        self.source, self._archive = source, archive
        self._members = {member.name: member for member in archive.getmembers() if member.isreg()}
        about = json.loads(self.text(ABOUT)) if ABOUT in self._members else {}
        #: Whether it was told to do without a database; else it must have one.
        self.has_database = bool(about.get("has_database", True))
        #: How much room the database took.
        self.database_bytes = int(about.get("database_bytes", 0))
        missing = {*KEYS, FILES, *([DATABASE] if self.has_database else [])} - self._members.keys()
        if missing:
            raise tarfile.ReadError(f"“{min(missing)}” is missing")

    def size(self, name: str) -> int:
        """How many bytes a part has."""
        return self._members[name].size

    @contextmanager
    def part(self, name: str) -> Iterator[IO[bytes]]:
        """A part, to be read from its beginning."""
        with cast(IO[bytes], self._archive.extractfile(self._members[name])) as file:
            yield file

    def text(self, name: str) -> str:
        """A part that is a short text."""
        with self.part(name) as file:
            return file.read(1 << 16).decode()


@contextmanager
def opened(source: Path) -> Iterator[Saved]:
    """A backup, looked through to its end. Raises Trouble where it is none, or not whole."""
    try:
        with tarfile.open(source) as archive:
            yield _looked_through(source, archive)
    except (tarfile.TarError, EOFError) as error:
        raise Trouble(f"{source} is no backup of Composer, or not a whole one ({error}).") from error
    except OSError as error:
        raise Trouble(f"{source} could not be read: {error.strerror or error}.") from error


def _looked_through(source: Path, archive: tarfile.TarFile) -> Saved:
    try:
        return Saved(source, archive)
    except ValueError as error:  # what is said about it is no JSON
        raise tarfile.ReadError(str(error)) from error


@contextmanager
def _in_words(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Trouble(f"{target} could not be written: {error.strerror or error}.") from error


def in_words(size: int) -> str:
    """A number of bytes."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"


def check_room(place: str, *, free: int, needed: int, cure: str) -> None:
    """Raises Trouble where there is too little, and says how much is missing."""
    if free < needed:
        raise Trouble(
            f"{place} has {in_words(free)} left, and {in_words(needed)} may be needed: "
            f"{in_words(needed - free)} are missing. {cure}"
        )
