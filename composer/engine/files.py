"""Files of an attempt, read and written: never what a link points to."""

import os
from contextlib import suppress
from pathlib import Path


def open_read(path: Path) -> int:
    """A descriptor for reading, of a file and never of what a link points to."""
    return os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)


def read_file(path: Path, length: int) -> bytes:
    """The first bytes of a file; none where it is missing."""
    try:
        fd = open_read(path)
    except FileNotFoundError:
        return b""
    try:
        return os.pread(fd, length, 0)
    finally:
        os.close(fd)


def open_write(path: Path) -> int:
    """A descriptor for writing into a file that is there."""
    return os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)


def write_whole(fd: int, data: bytes) -> None:
    """All of it, or raises OSError."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(fd, rest) :]


def write_record(path: Path, data: bytes) -> None:
    """Into a file that has its full size already; a run whose files were removed needs none."""
    with suppress(FileNotFoundError):
        fd = open_write(path)
        try:
            os.pwrite(fd, data, 0)
        finally:
            os.close(fd)
