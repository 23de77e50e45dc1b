"""The worker's side of the gate: opens it, watches it, reads what it leaves behind.

The message and the files are described in docs/gate-protocol.md; gate.c is the other side.
"""

import errno
import os
import select
import struct
import time
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from composer.engine.errors import EnvironmentRefused, GateLost
from composer.engine.files import open_at, read_file
from composer.engine.spool import AttemptFiles
from composer.engine.values import MOST_SECONDS

MAGIC = b"CMPGATE2"
_ORDER = struct.Struct("=8sQQQQQ")
_SUM = struct.Struct("=I")
_METER = struct.Struct("=QQQQ20Q")
_ENDED = struct.Struct("=8siiiIQQQQ20QQQII")
_ENDED_MAGIC = b"CMPENDED"
_OOM, _TIME, _OUTPUT, _BROKEN_PIPE, _DISK_FULL, _LOG_CUT, _UNREAD, _TOLD = (1 << bit for bit in range(8))

MOST_INPUTS = 256  # that a step reads one after the other
MOST_PORTS = 20  # further outputs
MOST_DELIMITER = 4095  # bytes

LOG_LIMIT = 16 * 1024 * 1024  # bytes of standard error that are kept
OPENING_SECONDS = 10.0  # in which a gate that is there takes its message
MOST_VALUE = 128 * 1024 - 1  # bytes: the kernel's own limit of one NAME=value, with its NUL
MOST_ENVIRONMENT = 1024 * 1024  # bytes in all


@dataclass(frozen=True, slots=True)
class Target:
    """A file of the attempt, or a FIFO, that takes what comes out of an output."""

    file: str
    channel: int = 0  # 0: the step's data; n: its n-th further output
    most: int = 0  # bytes that it takes, of a sample; 0: all


@dataclass(frozen=True, slots=True)
class Wiring:
    """Where the step's data comes from and goes to: names of files under /.composer."""

    inputs: tuple[str, ...] = ()  # read one after the other
    targets: tuple[Target, ...] = (Target("stdout"),)
    ports: tuple[str, ...] = ()  # paths of the FIFOs that the program knows as its further outputs
    take: str = "stdout"  # what counts as its data: stdout, stderr, or the path of a file that it writes
    between: tuple[str, str] | None = None  # only the lines between these two

    def entries(self) -> list[str]:
        """The plan of the message."""
        found = [f"in={name}" for name in self.inputs]
        found += [f"out={target.channel} {target.most} {target.file}" for target in self.targets]
        found += [f"port={number} {path}" for number, path in enumerate(self.ports, 1)]
        if self.take != "stdout":
            found.append(f"take={self.take}")
        if self.between:
            found += [f"begin={self.between[0]}", f"end={self.between[1]}"]
        return found


@dataclass(frozen=True, slots=True)
class Order:
    """What the gate is told: how to be wired, the whole environment, and the limits it keeps by itself."""

    environment: Mapping[str, str]
    seconds: float
    output: int
    log: int = LOG_LIMIT
    wiring: Wiring = Wiring()


@dataclass(frozen=True, slots=True)
class Meter:
    """How many bytes a step has read and written so far."""

    bytes_in: int = 0
    bytes_out: int = 0
    log_bytes: int = 0
    full: int = 0  # a bit for each target, in the wiring's order: it takes no more at the moment
    ports: tuple[int, ...] = (0,) * MOST_PORTS  # bytes of the further outputs

    @classmethod
    def of(cls, numbers: Sequence[int]) -> "Meter":
        """From the numbers as the gate writes them."""
        bytes_in, bytes_out, log_bytes, full, *ports = numbers
        return cls(bytes_in, bytes_out, log_bytes, full, tuple(ports))

    def record(self) -> bytes:
        """As the gate writes it."""
        return _METER.pack(self.bytes_in, self.bytes_out, self.log_bytes, self.full, *self.ports)

    def of_channel(self, channel: int) -> int:
        """Bytes that came out of an output."""
        return self.ports[channel - 1] if channel else self.bytes_out


@dataclass(frozen=True, slots=True)
class Ended:
    """How a step ended. `code` is None where a signal ended it; times are wall clock, in ns."""

    code: int | None
    signal: int | None
    exec_errno: int | None
    meter: Meter
    oom: bool
    limit: str | None  # "time" | "output"
    broken_pipe: bool
    disk_full: bool
    log_cut: bool
    unread: bool  # it was stopped because it went on writing when nobody read any more
    told: bool  # somebody asked it to end, so whatever it says is not the whole
    started_ns: int
    ended_ns: int

    @property
    def bytes_out(self) -> int:
        """Bytes written to standard output."""
        return self.meter.bytes_out

    def record(self) -> bytes:
        """As the gate writes it."""
        flags = {
            _OOM: self.oom,
            _TIME: self.limit == "time",
            _OUTPUT: self.limit == "output",
            _BROKEN_PIPE: self.broken_pipe,
            _DISK_FULL: self.disk_full,
            _LOG_CUT: self.log_cut,
            _UNREAD: self.unread,
            _TOLD: self.told,
        }
        data = _ENDED.pack(
            _ENDED_MAGIC,
            -1 if self.code is None else self.code,
            self.signal or 0,
            self.exec_errno or 0,
            sum(flag for flag, is_set in flags.items() if is_set),
            *_METER.unpack(self.meter.record()),
            self.started_ns,
            self.ended_ns,
            0,
            0,
        )[: -_SUM.size]
        return data + _SUM.pack(zlib.crc32(data))


def check_environment(environment: Mapping[str, str]) -> None:
    """Raises EnvironmentRefused, naming the variable, where no program could be given this."""
    total = 0
    for name, value in environment.items():
        size = len(_entry(name, value))
        shown = name[:60]
        if not name or "=" in name or "\0" in name:
            raise EnvironmentRefused(f"{shown!r} cannot be the name of a variable.")
        if "\0" in value:
            raise EnvironmentRefused(f"{shown} holds a NUL character, which no program can be given.")
        if size > MOST_VALUE:
            raise EnvironmentRefused(
                f"{shown} is too large: {size:,} bytes with its name, and at most {MOST_VALUE:,} fit.",
                "Give it to the step as input instead.",
            )
        total += size
        if total > MOST_ENVIRONMENT:
            raise EnvironmentRefused(
                f"With {shown}, the settings of this step are more than {MOST_ENVIRONMENT:,} bytes in all.",
                "Give the large ones to the step as input instead.",
            )


def _entry(name: str, value: str) -> bytes:
    try:
        return f"{name}={value}".encode() + b"\0"
    except UnicodeEncodeError as error:
        raise EnvironmentRefused(f"{name[:60]!r} holds half a character.") from error


def message(order: Order) -> bytes:
    """The one message that opens a gate."""
    environment = b"".join(_entry(name, value) for name, value in order.environment.items())
    plan = b"".join(entry.encode() + b"\0" for entry in order.wiring.entries())
    milliseconds = max(1, int(min(order.seconds, MOST_SECONDS) * 1000))
    head = _ORDER.pack(MAGIC, milliseconds, order.output, order.log, len(plan), len(environment))
    body = head + plan + environment
    return body + _SUM.pack(zlib.crc32(body))


def open_gate(files: AttemptFiles, order: Order, seconds: float | None = None) -> None:
    """Hands the order over; the step runs when this returns, or a moment later.

    Raises GateLost where nobody stands behind the gate. Then the step may or may not have begun:
    `read_started` knows.
    """
    deadline = time.monotonic() + (OPENING_SECONDS if seconds is None else seconds)
    fd = _open_for_writing(files, deadline)
    try:
        _write_whole(fd, message(order), deadline)
    finally:
        os.close(fd)


def _open_for_writing(files: AttemptFiles, deadline: float) -> int:
    while True:
        try:
            return open_at(files.gate, os.O_WRONLY | os.O_NONBLOCK)
        except FileNotFoundError as error:
            raise GateLost("its files are gone") from error
        except OSError as error:
            # ENXIO: the container has started, and its gate has not come to the door yet.
            if error.errno != errno.ENXIO or time.monotonic() > deadline:
                raise GateLost(str(error)) from error
        time.sleep(0.001)


def _write_whole(fd: int, data: bytes, deadline: float) -> None:
    poller = select.poll()
    poller.register(fd, select.POLLOUT)
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[os.write(fd, rest) :]
        except BlockingIOError:
            left = deadline - time.monotonic()
            if left <= 0:
                raise GateLost("it does not take its message") from None
            poller.poll(left * 1000)
        except BrokenPipeError as error:
            raise GateLost("it went away while it was told what to run") from error


def watch(files: AttemptFiles) -> int:
    """A descriptor that hangs up (POLLHUP) when the gate is gone. Close it yourself."""
    return open_at(files.alive, os.O_RDONLY | os.O_NONBLOCK)


def read_meter(files: AttemptFiles) -> Meter:
    """How far the step is."""
    data = read_file(files.meter, _METER.size)
    return Meter.of(_METER.unpack(data)) if len(data) == _METER.size else Meter()


def read_started(files: AttemptFiles) -> bool:
    """True where the gate was about to run the step's program, or did."""
    return any(read_file(files.started, 8))


def read_opened(files: AttemptFiles) -> bool:
    """True where the gate has its whole message: it will run the program without any worker."""
    return any(read_file(files.started, 16))


def read_ended(files: AttemptFiles) -> Ended | None:
    """How the step ended; None where the gate did not get so far as to say it in full."""
    return ended_of(read_file(files.ended, _ENDED.size))


def ended_of(record: bytes) -> Ended | None:
    """An end as the gate writes it; None where that is not whole."""
    data = record[: _ENDED.size]
    if len(data) != _ENDED.size or not data.startswith(_ENDED_MAGIC):
        return None
    _, code, signal, exec_errno, flags, *meter, started_ns, ended_ns, _, crc = _ENDED.unpack(data)
    if crc != zlib.crc32(data[: -_SUM.size]):
        return None
    limit = "time" if flags & _TIME else "output" if flags & _OUTPUT else None
    return Ended(
        code=None if signal else code,
        signal=signal or None,
        exec_errno=exec_errno or None,
        meter=Meter.of(meter),
        oom=bool(flags & _OOM),
        limit=limit,
        broken_pipe=bool(flags & _BROKEN_PIPE),
        disk_full=bool(flags & _DISK_FULL),
        log_cut=bool(flags & _LOG_CUT),
        unread=bool(flags & _UNREAD),
        told=bool(flags & _TOLD),
        started_ns=started_ns,
        ended_ns=ended_ns,
    )
