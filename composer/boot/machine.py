"""What this machine must have, looked at before anything long is begun."""

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from composer.boot import places, shell
from composer.boot.telling import Trouble

PYTHON = (3, 11)
NODE = 20
GIBIBYTE = 1024**3
ROOM = 3 * GIBIBYTE  # the engine, the images and the packages of a first start


def check_python(version: tuple[int, ...] = sys.version_info[:2]) -> None:
    """Raises Trouble where Python is too old."""
    if version < PYTHON:
        have, need = (".".join(map(str, each)) for each in (version, PYTHON))
        raise Trouble(f"This is Python {have}, and Composer needs {need} or newer. Install python{need}.")


def check_node() -> str:
    """Node's version. Raises Trouble where it is missing or too old."""
    node = shell.find("node")
    if node is None or not shell.have("npm"):
        raise Trouble(
            f"Node.js is missing. Install Node.js {NODE} or newer together with npm, then try again."
        )
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    match = re.match(r"v(\d+)\.", said)
    if match is None or int(match[1]) < NODE:
        raise Trouble(
            f"This is Node.js {said or '(no answer)'}, and Composer needs {NODE} or newer. Install it."
        )
    return said


def check_room(folder: Path, *, room: int = ROOM) -> None:
    """Raises Trouble where the disk is nearly full."""
    free = shutil.disk_usage(folder).free
    if free < room:
        raise Trouble(
            f"The disk of {folder} has {free / GIBIBYTE:.1f} GB left; {room / GIBIBYTE:.1f} GB are needed. "
            "Make room, or choose another disk with COMPOSER_VAR=/path make run."
        )


def check_port(host: str, port: int) -> None:
    """Raises Trouble where somebody listens on the port."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise Trouble(f"Port {port} is only for root. Choose another: PORT=8080 make run.") from error
        except OSError as error:
            other = _holder_of(port)
            raise Trouble(
                f"Port {port} is taken{f' by {other}' if other else ''}. "
                f"Stop that, or choose another port: PORT={port + 1} make run."
            ) from error


def _holder_of(port: int) -> str | None:
    """The name of the program that listens on a port, where we may know."""
    wanted = f":{port:04X}"
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            rows = [line.split() for line in Path(table).read_text().splitlines()[1:]]
        except OSError:
            continue
        inodes |= {row[9] for row in rows if row[1].endswith(wanted) and row[3] == "0A"}
    for descriptor in Path("/proc").glob("[0-9]*/fd/*") if inodes else ():
        try:
            if os.readlink(descriptor).removeprefix("socket:[").removesuffix("]") in inodes:
                process = descriptor.parent.parent
                return f"{(process / 'comm').read_text().strip()} (process {process.name})"
        except OSError:
            continue
    return None


def port_setting() -> int:
    """The port to serve on. Raises Trouble where PORT is no number."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise Trouble(f"PORT is “{text}”, and must be a number from 1 to 65535.")
    return int(text)


def state_folder() -> Path:
    """The state folder. Raises Trouble where it cannot be written."""
    try:
        folder = places.var()
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Trouble(
            f"The state folder cannot be written: {error}. Choose another: COMPOSER_VAR=/path."
        ) from error
    return folder
