"""What the kernel knows of a process: its memory, its open files, its threads."""

import ctypes
import os
import socket
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PIDFD_GETFD = 438  # the same number on every kind of machine; Python has no name for it
_libc = ctypes.CDLL(None)


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError):  # threads and children may end while we look
            for child in (task / "children").read_text().split():
                found += family(int(child))
    return found


def forget_peak(pid: int) -> None:
    """Has the kernel count the most memory that a process and its children used from here on."""
    for each in family(pid):
        Path(f"/proc/{each}/clear_refs").write_text("5")


def resident(pid: int) -> int:
    """How many bytes of memory a process and its children use."""
    return sum(_status(each, "VmRSS") * 1024 for each in family(pid))


def peak(pid: int) -> int:
    """The most bytes of memory that each of them used at once, in sum."""
    return sum(_status(each, "VmHWM") * 1024 for each in family(pid))


def threads(pid: int) -> int:
    """How many threads a process has."""
    return _status(pid, "Threads")


def open_files(pid: int) -> list[str]:
    """What a process has open, one entry for each descriptor."""
    found = []
    for entry in os.scandir(f"/proc/{pid}/fd"):
        with suppress(FileNotFoundError):  # closed meanwhile
            found.append(os.readlink(entry.path))
    return found


def peers(pid: int) -> set[str]:
    """The paths of the sockets on this machine that a process and its children are connected to."""
    return {peer for each in family(pid) for peer in _peers(each)}


def _peers(pid: int) -> Iterator[str]:
    process = os.pidfd_open(pid)
    for name in os.listdir(f"/proc/{pid}/fd"):
        copy = _libc.syscall(PIDFD_GETFD, process, int(name), 0)
        if copy >= 0 and stat.S_ISSOCK(os.fstat(copy).st_mode):
            with socket.socket(fileno=copy) as held, suppress(OSError):  # not every socket has a peer
                if held.family == socket.AF_UNIX:
                    yield str(held.getpeername())
        elif copy >= 0:
            os.close(copy)
    os.close(process)


def arguments(pid: int) -> bytes:
    """The command line of a process."""
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def _status(pid: int, key: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{key}:"):
            return int(line.split()[1])
    raise KeyError(key)
