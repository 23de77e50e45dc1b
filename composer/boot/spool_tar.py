"""The data of runs as a tar: made, and taken apart again, in a container of the stack.

The text of this file is handed to that container's own Python, so that it works in one of an earlier version
too: nothing but the standard library, and nothing of Composer.

Files are written to while they are read here. A step counts as done where its `ended` is whole, so what must
never be saved is an `ended` beside data that were read before their end. Which steps have ended is therefore
looked up before anything is read; one that ends later is saved as one that has not: its `ended` is zeros.
"""

import io
import json
import os
import shutil
import stat
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

RUNS, NEW, BEFORE = "runs", "runs.new", "runs.before"
END = "end"  # the last in the tar: without it, a tar that was cut can look like a whole one
ENDED = "ended"
CHUNK = 1 << 16  # a stream of tarfile is slow with larger ones


class Padded:
    """A file that may have grown or shrunk since it was looked at; what is missing is zeros."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int) -> bytes:
        """Exactly so many bytes."""
        return self._file.read(size).ljust(size, b"\0")


def save(spool: Path, taken: IO[bytes]) -> None:
    """Writes the tar of all that runs have there."""
    (spool / RUNS).mkdir(mode=0o700, exist_ok=True)
    ended = {path for path, about in _walk(spool / RUNS) if _is_ended(path, about)}
    with tarfile.open(fileobj=taken, mode="w|", format=tarfile.GNU_FORMAT, bufsize=CHUNK) as archive:
        for path, about in _walk(spool / RUNS):
            name = str(path.relative_to(spool))
            if stat.S_ISREG(about.st_mode):
                _save_file(archive, path, name, as_zeros=path.name == ENDED and path not in ended)
            elif stat.S_ISDIR(about.st_mode) or stat.S_ISFIFO(about.st_mode):
                _save_other(archive, path, name)
            archive.members.clear()  # type: ignore[attr-defined]  # it would keep all in memory
        archive.addfile(tarfile.TarInfo(END))


def _walk(path: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """A folder and all below it. What vanishes meanwhile was of a run that somebody removed."""
    try:
        about = path.lstat()
        yield path, about
        names = sorted(os.listdir(path)) if stat.S_ISDIR(about.st_mode) else []
    except (FileNotFoundError, NotADirectoryError):
        return
    for name in names:
        yield from _walk(path / name)


def _is_ended(path: Path, about: os.stat_result) -> bool:
    if path.name != ENDED or not stat.S_ISREG(about.st_mode):
        return False
    try:
        return any(path.read_bytes())
    except FileNotFoundError:
        return False


def _save_file(archive: tarfile.TarFile, path: Path, name: str, *, as_zeros: bool) -> None:
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return
    with open(fd, "rb") as file:
        member = archive.gettarinfo(arcname=name, fileobj=file)
        if member.isreg():
            content = io.BytesIO(bytes(member.size)) if as_zeros else file
            archive.addfile(member, Padded(content))  # type: ignore[arg-type]
        else:  # a further name of a file that is in the archive already
            archive.addfile(member)


def _save_other(archive: tarfile.TarFile, path: Path, name: str) -> None:
    """A folder or a FIFO, which is never opened: that alone would be word to a gate."""
    try:
        archive.addfile(archive.gettarinfo(path, name))
    except FileNotFoundError:
        return


def bring(spool: Path, given: IO[bytes]) -> None:
    """Takes such a tar apart, beside what is there; nothing is left of it where that does not succeed."""
    drop_new(spool, given)
    new = spool / NEW
    try:
        new.mkdir()
        with tarfile.open(fileobj=given, mode="r|", bufsize=CHUNK) as archive:
            archive.extraction_filter = lambda member, _: member  # FIFOs and modes are wanted as they are
            for member in _members(archive):
                _bring_one(archive, member, new)
        while given.read(CHUNK):  # what fills up the last block
            pass
    except BaseException:
        drop_new(spool, given)
        raise


def _members(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """One after the other, all but the last. Raises ReadError where that one does not come."""
    while (member := archive.next()) is not None:
        if member.name == END:
            return
        yield member
        archive.members.clear()  # type: ignore[attr-defined]
    raise tarfile.ReadError("it is not whole")


def _bring_one(archive: tarfile.TarFile, member: tarfile.TarInfo, new: Path) -> None:
    """Only what `save` puts in, and nowhere but where it belongs."""
    if not (member.isreg() or member.isdir() or member.isfifo() or member.islnk()):
        raise tarfile.ReadError(f"{member.name} is no file of a run")
    member.name = _below_runs(member.name)
    if member.islnk():
        member.linkname = _below_runs(member.linkname)
    archive.extract(member, new)


def _below_runs(name: str) -> str:
    first, *rest = name.split("/")
    if first != RUNS or ".." in rest:
        raise tarfile.ReadError(f"{name} is no file of a run")
    return "/".join(part for part in rest if part) or "."


def take_place(spool: Path, _: IO[bytes]) -> None:
    """What was brought becomes what is there; what was there is kept beside it."""
    (spool / RUNS).mkdir(mode=0o700, exist_ok=True)
    if (spool / BEFORE).exists():
        shutil.rmtree(spool / BEFORE)
    (spool / RUNS).rename(spool / BEFORE)
    try:
        (spool / NEW).rename(spool / RUNS)
    except OSError:
        (spool / BEFORE).rename(spool / RUNS)
        raise


def put_back(spool: Path, _: IO[bytes]) -> None:
    """The reverse of that."""
    (spool / RUNS).rename(spool / NEW)
    (spool / BEFORE).rename(spool / RUNS)


def drop_new(spool: Path, _: IO[bytes]) -> None:
    """What was brought is gone."""
    shutil.rmtree(spool / NEW, ignore_errors=True)


def forget(spool: Path, _: IO[bytes]) -> None:
    """What was there before is needed no more."""
    shutil.rmtree(spool / BEFORE, ignore_errors=True)


def measure(spool: Path, _: IO[bytes]) -> None:
    """Tells how much room the data take, each file with what a tar adds to it."""
    sizes = {(about.st_dev, about.st_ino): about.st_size for _, about in _walk(spool / RUNS)}
    print(json.dumps(sum(size + 1024 for size in sizes.values())))


COMMANDS: dict[str, Callable[[Path, IO[bytes]], None]] = {
    "bring": bring,
    "take_place": take_place,
    "put_back": put_back,
    "drop_new": drop_new,
    "forget": forget,
    "measure": measure,
}


def main(name: str) -> int:
    """Does one of these in the container's spool; a full disk and the like is told in one line."""
    os.umask(0o077)  # of this process alone: what is brought is for nobody else
    spool = Path(os.environ["COMPOSER_SPOOL"])
    try:
        if name == "save":
            save(spool, sys.stdout.buffer)
        else:
            COMMANDS[name](spool, sys.stdin.buffer)
    except (OSError, tarfile.TarError) as error:
        print(getattr(error, "strerror", None) or error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
