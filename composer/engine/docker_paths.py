"""Which paths the engine knows our files by, where this process is in a container itself.

The engine mounts files of its own host. What this container sees as /spool is a volume, and the
engine knows in which folder of the host that lies; it says so of our own container. In Docker
Desktop the host is a virtual machine, and the same holds.
"""

import re
import socket
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

MOUNTINFO = Path("/proc/self/mountinfo")
#: Docker puts /etc/hostname of a container into a folder that bears the container's id.
_OWN_FOLDER = re.compile(r"containers/([0-9a-f]{64})/\S* /etc/(?:hostname|hosts|resolv\.conf) ")
_MARKS = (Path("/.dockerenv"), Path("/run/.containerenv"))

HostPaths = Mapping[PurePosixPath, PurePosixPath]
Inspect = Callable[[str], Mapping[str, Any] | None]


def found_by_inspection(inspect: Inspect) -> HostPaths:
    """What is mounted into our own container, and from where; nothing where we are in none of this engine."""
    for name in own_names():
        described = inspect(name)
        if described is not None:
            return paths_of(described.get("Mounts") or ())
    return {}


def own_names(mountinfo: Path = MOUNTINFO, marks: Iterable[Path] = _MARKS) -> list[str]:
    """What our container may be called, the surest first; nothing where this is no container."""
    try:
        ids = _OWN_FOLDER.findall(mountinfo.read_text())
    except OSError:
        ids = []
    if not ids and not any(mark.exists() for mark in marks):
        return []
    return [*dict.fromkeys(ids), socket.gethostname()]


def paths_of(mounts: Iterable[Mapping[str, Any]]) -> HostPaths:
    """Where the volumes and folders of a container lie on the engine's host."""
    return {
        PurePosixPath(mount["Destination"]): PurePosixPath(mount["Source"])
        for mount in mounts
        if mount.get("Type") in ("bind", "volume") and mount.get("Source") and mount.get("Destination")
    }


def on_host(path: Path, known: HostPaths) -> str:
    """The path under which the engine finds this file; the same path where nothing else is known."""
    for parent in (path, *path.parents):
        if (source := known.get(PurePosixPath(parent))) is not None:
            return str(source / path.relative_to(parent))
    return str(path)
