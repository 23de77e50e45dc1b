"""Nothing but Composer's own files is shown to a step.

The engine mounts what lies at a path, and it does that as root of its host. Whoever may write in the
spool, and may not use the engine, could lay a link to a file of the host there, or to the engine's own
socket. So each place is looked at before a container is described.

What this cannot do: the engine looks the path up once more, later and by itself, and takes no descriptor
from us. Whoever is quick enough to lay the link in between gets past it. Only where nobody but the
worker may write in the spool's folders is this more than a hurdle.
"""

import errno
import os
import stat
from collections.abc import Iterable

from composer.engine.errors import NotOurs
from composer.engine.files import open_at
from composer.engine.ports import Mount

_ROOT = 0  # who needs no tricks; a gate that came with the system is root's
_WORDS = (
    "One of its files is not what Composer put there, so it was not started. Whoever looks after Composer "
    "should find out who else can write where Composer keeps its data."
)


def ensure_ours(mounts: Iterable[Mount]) -> None:
    """Each is a file, or a FIFO, that is ours, at just this path and behind no link. Raises NotOurs."""
    for mount in mounts:
        if why := _what_is_wrong(mount):
            raise NotOurs(_WORDS, f"{mount.source} {why}.")


def _what_is_wrong(mount: Mount) -> str:
    try:
        fd = open_at(mount.source, os.O_PATH)
    except OSError as error:
        why = "a link leads there" if error.errno == errno.ELOOP else error.strerror
        return f"cannot be shown: {why}"
    try:
        about = os.fstat(fd)
    finally:
        os.close(fd)
    is_expected = stat.S_ISFIFO if mount.is_fifo else stat.S_ISREG
    if stat.S_ISLNK(about.st_mode):
        return "is a link"
    if not is_expected(about.st_mode):
        return "is no pipe" if mount.is_fifo else "is no file"
    return "" if about.st_uid in (os.geteuid(), _ROOT) else f"belongs to user {about.st_uid}"
