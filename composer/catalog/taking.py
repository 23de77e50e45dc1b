"""What of all that a program wrote is its step's data, where an example is checked.

In a run the gate does this, while the program works; see docs/gate-protocol.md.
"""

import io
import re
import tarfile

from composer.catalog.docker_cli import attempt
from composer.catalog.manifest import Manifest


def data_of(manifest: Manifest, container: str, stdout: bytes, stderr: bytes) -> tuple[bytes, bytes]:
    """What counts as the step's data, and its log."""
    if manifest.output == "stdout":
        data, log = stdout, stderr
    elif manifest.output == "stderr":
        data, log = stderr, stdout
    else:
        data, log = _left_file(container, manifest.output), stdout + stderr
    if manifest.begin is not None and manifest.end is not None:
        data = between(data, manifest.begin.encode(), manifest.end.encode())
    return data, log


def _left_file(container: str, path: str) -> bytes:
    copied = attempt("cp", f"{container}:{path}", "-")
    if copied.returncode != 0:
        return b""  # it left none: then its output is empty
    with tarfile.open(fileobj=io.BytesIO(copied.stdout)) as archive:
        member = archive.next()
        file = archive.extractfile(member) if member is not None and member.isfile() else None
        return file.read() if file is not None else b""


def between(data: bytes, begin: bytes, end: bytes) -> bytes:
    """The lines strictly between such lines; a block that is not closed runs to the end."""
    kept: list[bytes] = []
    inside = False
    for line in _lines(data):
        if line.removesuffix(b"\n") == (end if inside else begin):
            inside = not inside
        elif inside:
            kept.append(line)
    return b"".join(kept)


def _lines(data: bytes) -> list[bytes]:
    """Only a line feed ends a line."""
    return [line for line in re.split(rb"(?<=\n)", data) if line]
