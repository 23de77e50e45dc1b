"""Files of an attempt, read and written: never what a link points to, and never in a folder that is one.

Where a descriptor leads is asked of the kernel after it was opened, so nothing can be put in its way
in between. Paths are as `Spool` makes them: what is above the spool may be a link, and is resolved there.
"""

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path


def open_at(path: Path, flags: int) -> int:
    """A descriptor of what has exactly this path. Raises OSError, ELOOP where a link leads to it."""
    while True:
        fd = os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            place = os.readlink(f"/proc/self/fd/{fd}")
        except BaseException:
            os.close(fd)
            raise
        if place == str(path):
            return fd
        os.close(fd)
        if place != f"{path} (deleted)":
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
        # Another one has taken its place since it was opened, or it is gone: the next try says which.


def open_read(path: Path) -> int:
    """A descriptor for reading, of a file and never of what a link points to, or of a folder."""
    fd = open_at(path, os.O_RDONLY | os.O_NONBLOCK)
    if stat.S_ISDIR(os.fstat(fd).st_mode):
        os.close(fd)
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    return fd


def read_file(path: Path, length: int) -> bytes:
    """The first bytes of a file; none where it is missing, or something else has its place."""
    try:
        fd = open_read(path)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ELOOP, errno.ENOTDIR, errno.EISDIR):
            return b""
        raise
    try:
        return os.pread(fd, length, 0)
    finally:
        os.close(fd)


def size_of(path: Path) -> int | None:
    """How many bytes a file has; None where there is no such file."""
    with suppress(OSError):
        about = path.stat(follow_symlinks=False)
        return about.st_size if stat.S_ISREG(about.st_mode) else None
    return None


def open_write(path: Path) -> int:
    """A descriptor for writing into a file that is there."""
    return open_at(path, os.O_WRONLY)


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
