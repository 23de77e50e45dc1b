"""The gate as a plain process, without a container: its folder is `.composer` in its working directory."""

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from composer.engine.gate.build import SOURCE
from composer.engine.gate.gate import Ended, Order, Wiring, message, open_gate, read_ended, read_started
from composer.engine.spool import AttemptFiles

PATH = os.environ["PATH"]
NOT_TRIED = 125
PLENTY = 1 << 30


def order(**more: object) -> Order:
    """An order that limits nothing a test would notice."""
    described: dict[str, object] = {"environment": {"PATH": PATH}, "seconds": 100.0, "output": PLENTY, **more}
    return Order(**described)  # type: ignore[arg-type]


class Door:
    """One attempt's files, and the gates that a test starts over them."""

    def __init__(self, program: Path, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.files = AttemptFiles(folder / ".composer")
        self.files.create()
        self._program = program
        self._environment = environment
        self._started: list[subprocess.Popen[bytes]] = []

    def give(self, data: bytes) -> None:
        """Makes this the step's standard input."""
        (self.files.folder / "stdin").write_bytes(data)

    def start(self, *arguments: str, before: Callable[[], None] | None = None) -> subprocess.Popen[bytes]:
        """Starts a gate that waits for its message; `before` is done in its process, ahead of it."""
        gate = subprocess.Popen(
            [self._program, *arguments],
            cwd=self.folder,
            env=self._environment,
            preexec_fn=before,  # noqa: PLW1509 - no thread holds a lock that it needs
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        self._started.append(gate)
        return gate

    def shell(self, script: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Starts a gate for a shell script."""
        return self.start("sh", "-c", script, "sh", *arguments)

    def run(self, script: str, *arguments: str, **limits: object) -> Ended:
        """Has a shell script run from start to end."""
        gate = self.shell(script, *arguments)
        open_gate(self.files, self.order(**limits))
        return self.end(gate)

    def order(self, **more: object) -> Order:
        """An order for this attempt: its input, if one was given, and its output."""
        given = ("stdin",) if (self.files.folder / "stdin").exists() else ()
        return order(**{"wiring": Wiring(inputs=given), **more})

    def end(self, gate: subprocess.Popen[bytes]) -> Ended:
        """Waits for the gate's end; returns what it wrote down."""
        code = self.wait(gate)
        ended = read_ended(self.files)
        assert ended is not None, f"no whole record; the gate's own code is {code}"
        assert read_started(self.files)
        assert code == (ended.code if ended.signal is None else 128 + ended.signal)
        return ended

    def wait(self, gate: subprocess.Popen[bytes]) -> int:
        """The exit code of the gate itself."""
        _, said = gate.communicate()
        assert b"Sanitizer" not in said, said.decode()
        assert b"runtime error" not in said, said.decode()
        return gate.returncode

    def tell(self, data: bytes) -> None:
        """Writes bytes into the gate, whatever they are, and closes it."""
        fd = os.open(self.files.gate, os.O_WRONLY)
        with os.fdopen(fd, "wb", buffering=0) as pipe, suppress(BrokenPipeError):
            pipe.write(data)

    def refuses(self, data: bytes) -> bool:
        """True where the gate takes these bytes for no order, and runs nothing."""
        gate = self.shell("echo ran; touch ran")
        self.tell(data)
        refused = self.wait(gate) == NOT_TRIED
        return refused and not read_started(self.files) and not (self.folder / "ran").exists()

    @property
    def output(self) -> bytes:
        """What the step wrote to standard output."""
        return self.files.stdout.read_bytes()

    @property
    def log(self) -> bytes:
        """What the step wrote to standard error."""
        return self.files.log.read_bytes()

    def close(self) -> None:
        """Leaves no process behind: a gate that is asked to end passes it on to its step first."""
        for gate in self._started:
            if gate.poll() is None:
                gate.terminate()
                with suppress(subprocess.TimeoutExpired):
                    gate.wait(5)
                gate.kill()
            gate.wait()
            if gate.stderr:
                gate.stderr.close()


def compile_gate(target: Path, *flags: str) -> Path:
    """A gate for tests, whose folder is in its working directory."""
    where = '-DCOMPOSER_DIR="./.composer"'
    subprocess.run(["cc", "-std=gnu11", where, *flags, "-o", target, SOURCE], check=True)
    return target


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The gate, compiled for tests."""
    return compile_gate(tmp_path_factory.mktemp("gate") / "run", "-O2", "-static")


@pytest.fixture(scope="session")
def checked_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The gate, compiled so that it stops at the first thing that C leaves undefined."""
    flags = ("-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
    return compile_gate(tmp_path_factory.mktemp("gate") / "checked", *flags)


@pytest.fixture
def door(program: Path, tmp_path: Path) -> Iterator[Door]:
    """A fresh attempt."""
    opened = Door(program, tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def words() -> bytes:
    """A whole and valid message."""
    return message(order())


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "composer-test", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root can mount a small disk")
    yield folder
    subprocess.run(["umount", folder], check=True)
