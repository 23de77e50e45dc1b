"""Opening what a step may have written: a file, and never what a link points to."""

import os
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
