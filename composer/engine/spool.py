"""The files of a run: its input, and for each attempt its output, log, FIFOs and small records.

    <spool>/runs/<run>/input
    <spool>/runs/<run>/keeps-all    where the worker that ran it could stream nothing
    <spool>/runs/<run>/steps/<node>/<attempt>/{gate,alive,stdout,log,meter,started,ended}

Folders are ours alone (0700). The files in them are mounted into containers one by one, where an
unknown user reads and writes them (0666). A step may replace none of them, as it sees no folder;
all the same nothing here follows a symbolic link, be it a file or a folder on the way.
"""

import os
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from composer.engine.files import open_at, open_read
from composer.engine.ports import Mount

RECORD_BYTES = 512  # `meter`, `started` and `ended` are made so large, so that a full disk cannot lose them
INSIDE = "/.composer"
_KEEPS_ALL = "keeps-all"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class AttemptFiles:
    """Where one attempt keeps its files. They belong to it alone and are never used again."""

    folder: Path

    @property
    def gate(self) -> Path:
        """FIFO: the worker's message to the gate."""
        return self.folder / "gate"

    @property
    def alive(self) -> Path:
        """FIFO: open for as long as the gate lives."""
        return self.folder / "alive"

    @property
    def stdout(self) -> Path:
        """What the step wrote to standard output."""
        return self.folder / "stdout"

    @property
    def log(self) -> Path:
        """What the step wrote to standard error."""
        return self.folder / "log"

    @property
    def meter(self) -> Path:
        """How many bytes it has read and written so far."""
        return self.folder / "meter"

    @property
    def started(self) -> Path:
        """Zeros until the gate is about to run the step."""
        return self.folder / "started"

    @property
    def ended(self) -> Path:
        """Zeros until the step has ended."""
        return self.folder / "ended"

    def exists(self) -> bool:
        """True once the attempt's files were made."""
        return self.folder.is_dir()

    def output(self, name: str) -> Path:
        """What came out of an output, as far as it is kept."""
        return self.stdout if name == "stdout" else self.folder / f"output.{_checked(name)}"

    def sample(self, name: str) -> Path:
        """The first bytes of an output that only streams."""
        return self.folder / f"sample.{_checked(name)}"

    def pipe(self, edge: str) -> Path:
        """FIFO: a stream to the next step."""
        return self.folder / f"pipe.{_checked(edge)}"

    def port(self, name: str) -> Path:
        """FIFO: what the program knows as the file of a further output."""
        return self.folder / f"port.{_checked(name)}"

    def create(self, files: Iterable[Path] | None = None, fifos: Iterable[Path] = ()) -> None:
        """Makes the files, `stdout` among them where nothing else is said.

        Raises FileExistsError where somebody made this attempt before.
        """
        for parent in reversed(self.folder.parents[:3]):
            parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.mkdir(mode=0o700)
        folder = open_at(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for path in (self.gate, self.alive, *fifos):
                _make_fifo(path.name, folder)
            for path in (*((self.stdout,) if files is None else files), self.log):
                _make(path.name, folder, b"")
            for path in (self.meter, self.started, self.ended):
                _make(path.name, folder, bytes(RECORD_BYTES))
        finally:
            os.close(folder)

    def mounts(self, gate: Path, joined: Iterable[Mount]) -> tuple[Mount, ...]:
        """What the container sees, each a single file: the gate, its files, and what it is joined to."""
        fifos = (self.gate, self.alive)
        return (
            Mount(gate, f"{INSIDE}/run", read_only=True),
            *(Mount(path, f"{INSIDE}/{path.name}", is_fifo=True) for path in fifos),
            *(
                Mount(path, f"{INSIDE}/{path.name}")
                for path in (self.log, self.meter, self.started, self.ended)
            ),
            *joined,
        )


class Spool:
    """All runs' files, under one folder that web and workers share."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()  # its own place may be a link; below it there is none
        self.uploads = self.root / "uploads"  # where a stack's web processes put what is on its way to them
        self._runs = self.root / "runs"

    def input(self, run_id: str) -> Path:
        """Where the input of a run is, or will be."""
        return self._run(run_id) / "input"

    def attempt(self, run_id: str, node: str, attempt: int) -> AttemptFiles:
        """The files of one attempt, made or not."""
        return AttemptFiles(self._run(run_id) / "steps" / _checked(node) / str(int(attempt)))

    def stdout(self, run_id: str, node: str, attempt: int) -> Path:
        """What an attempt wrote to standard output."""
        return self.attempt(run_id, node, attempt).stdout

    def log(self, run_id: str, node: str, attempt: int) -> Path:
        """What an attempt wrote to standard error."""
        return self.attempt(run_id, node, attempt).log

    def open_read(self, path: Path) -> int:
        """A descriptor for reading a file of the spool. Close it yourself."""
        return open_read(path)

    def keep_all(self, run_id: str) -> None:
        """Notes that nothing of this run streams, whatever its pipes ask for."""
        folder = self._run(run_id)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(folder / _KEEPS_ALL, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600))

    def keeps_all(self, run_id: str) -> bool:
        """Whether that was noted."""
        return (self._run(run_id) / _KEEPS_ALL).exists()

    def runs(self) -> list[str]:
        """The ids of all runs that have files."""
        try:
            return [entry.name for entry in os.scandir(self._runs) if entry.is_dir(follow_symlinks=False)]
        except FileNotFoundError:
            return []

    def remove_run(self, run_id: str) -> None:
        """Removes all files of a run; says nothing where there are none."""
        shutil.rmtree(self._run(run_id), ignore_errors=True)

    def free_bytes(self) -> int:
        """How much room the spool's disk has left."""
        return shutil.disk_usage(self.root).free

    def _run(self, run_id: str) -> Path:
        return self._runs / _checked(run_id)


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name[:80]!r} cannot be the name of a folder in the spool")
    return name


def _make(name: str, folder: int, content: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    fd = os.open(name, flags, 0o666, dir_fd=folder)
    try:
        os.fchmod(fd, 0o666)  # whatever the umask
        os.write(fd, content)
    finally:
        os.close(fd)


def _make_fifo(name: str, folder: int) -> None:
    os.mkfifo(name, dir_fd=folder)
    fd = os.open(name, os.O_RDWR | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    try:
        os.fchmod(fd, 0o666)
    finally:
        os.close(fd)
