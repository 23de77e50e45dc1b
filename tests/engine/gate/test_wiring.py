"""Where data comes from and goes to, as the plan of the message says. With and without the sanitizers."""

import hashlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from composer.engine.gate.gate import (
    Ended,
    Target,
    Wiring,
    message,
    open_gate,
    read_meter,
    read_opened,
    read_started,
)
from tests.engine.gate.conftest import Door
from tests.engine.gate.test_fuzz import CHECKS

MEGABYTE = 1_000_000
DATA = os.urandom(4 * MEGABYTE)


@pytest.fixture(params=["plain", "checked"])
def door(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Door]:
    """A fresh attempt, behind the gate as it is and behind one that stops at what C leaves undefined."""
    name = "program" if request.param == "plain" else "checked_program"
    opened = Door(request.getfixturevalue(name), tmp_path, {**os.environ, **CHECKS})
    yield opened
    opened.close()


class Reader:
    """Reads a FIFO to its end, in a thread."""

    def __init__(self, path: Path, most: int = -1) -> None:
        self.data = b""
        self._path, self._most = path, most
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        with self._path.open("rb") as file:
            self.data = file.read(self._most)

    def all(self) -> bytes:
        self._thread.join(30)
        assert not self._thread.is_alive()
        return self.data


def fifo(door: Door, name: str) -> Path:
    path = door.files.folder / name
    os.mkfifo(path)
    return path


def file(door: Door, name: str, data: bytes = b"") -> Path:
    path = door.files.folder / name
    path.write_bytes(data)
    return path


def run(door: Door, script: str, wiring: Wiring, **limits: object) -> Ended:
    return door.run(script, wiring=wiring, **limits)


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_several_targets_get_the_same_bytes(door: Door) -> None:
    file(door, "stdin", DATA)
    readers = [Reader(fifo(door, name)) for name in ("out.0", "out.1", "out.2")]
    targets = tuple(Target(name) for name in ("out.0", "stdout", "out.1", "out.2"))
    ended = run(door, "cat", Wiring(("stdin",), targets))
    assert [sha(reader.all()) for reader in readers] == [sha(DATA)] * 3
    assert sha(door.output) == sha(DATA)
    assert (ended.code, ended.bytes_out, ended.broken_pipe) == (0, len(DATA), False)


def test_a_sample_ends_and_the_rest_goes_on(door: Door) -> None:
    file(door, "stdin", DATA)
    sample = file(door, "sample.0")
    reader = Reader(fifo(door, "out.0"))
    targets = (Target("sample.0", most=100_001), Target("out.0"))
    ended = run(door, "cat", Wiring(("stdin",), targets))
    assert sha(reader.all()) == sha(DATA)
    assert sample.read_bytes() == DATA[:100_001]
    assert ended.bytes_out == len(DATA)


def test_a_reader_that_leaves_is_dropped(door: Door) -> None:
    file(door, "stdin", DATA)
    some, whole = Reader(fifo(door, "out.0"), most=10), Reader(fifo(door, "out.1"))
    ended = run(door, "cat", Wiring(("stdin",), (Target("out.0"), Target("out.1"))))
    assert (some.all(), sha(whole.all())) == (DATA[:10], sha(DATA))
    assert (ended.code, ended.broken_pipe) == (0, False)


def test_when_the_last_reader_leaves_the_program_is_told(door: Door) -> None:
    readers = [Reader(fifo(door, name), most=10) for name in ("out.0", "out.1")]
    file(door, "sample.0")
    targets = (Target("out.0"), Target("sample.0", most=1000), Target("out.1"))
    ended = run(door, "exec yes", Wiring((), targets))
    assert [reader.all() for reader in readers] == [b"y\n" * 5] * 2
    assert (ended.broken_pipe, ended.signal) == (True, 13)


def test_all_inputs_are_fed_in_order(door: Door) -> None:
    names = [f"in.{number}" for number in range(3)]
    parts = [DATA[:MEGABYTE], b"", DATA[MEGABYTE:]]
    for name, part in zip(names, parts, strict=True):
        file(door, name, part)
    ended = run(door, "cat", Wiring(tuple(names)))
    assert sha(door.output) == sha(DATA)
    assert (ended.meter.bytes_in, ended.bytes_out) == (len(DATA), len(DATA))


def test_files_and_streams_are_fed_in_order(door: Door) -> None:
    file(door, "in.0", b"file ")
    slow, quick = fifo(door, "in.1"), fifo(door, "in.2")
    gate = door.shell("cat")
    open_gate(door.files, door.order(wiring=Wiring(("in.0", "in.1", "in.2"))))

    def write(path: Path, wait: threading.Event, data: bytes) -> Callable[[], None]:
        def work() -> None:
            with path.open("wb") as pipe:
                wait.wait(10)
                pipe.write(data)

        return work

    first, second = threading.Event(), threading.Event()
    writers = [
        threading.Thread(target=write(slow, first, DATA)),
        threading.Thread(target=write(quick, second, b" end")),
    ]
    for writer in writers:
        writer.start()
    second.set()
    first.set()
    for writer in writers:
        writer.join(20)
    assert door.end(gate).code == 0
    assert sha(door.output) == sha(b"file " + DATA + b" end")


def test_a_step_that_closes_its_input_tells_all_who_feed_it(door: Door) -> None:
    file(door, "in.0", DATA)
    writer = subprocess.Popen(["sh", "-c", f"exec yes >{fifo(door, 'in.1')}"])
    gate = door.shell("head -c 5; exec 0<&-; sleep 0.3; exit 3")
    open_gate(door.files, door.order(wiring=Wiring(("in.0", "in.1"))))
    assert door.end(gate).code == 3
    assert door.output == DATA[:5]
    assert writer.wait(10) == -signal.SIGPIPE


def test_a_step_waits_for_the_first_byte_of_a_stream_and_has_not_begun(door: Door) -> None:
    path = fifo(door, "in.0")
    gate = door.shell("cat")
    open_gate(door.files, door.order(wiring=Wiring(("in.0",))))
    with path.open("wb") as pipe:
        while not read_opened(door.files):
            pass
        assert not read_started(door.files)
        pipe.write(b"x")
    assert door.end(gate).code == 0
    assert door.output == b"x"


def test_a_stream_that_ends_without_a_byte_is_an_empty_input(door: Door) -> None:
    path = fifo(door, "in.0")
    gate = door.shell("cat; echo done")
    open_gate(door.files, door.order(wiring=Wiring(("in.0",))))
    path.open("wb").close()
    assert door.end(gate).code == 0
    assert door.output == b"done\n"


def test_further_outputs_have_channels_of_their_own(door: Door) -> None:
    port, kept = fifo(door, "port.rest"), file(door, "output.1")
    reader = Reader(fifo(door, "out.0"))
    targets = (Target("stdout"), Target("output.1", 1), Target("out.0", 1))
    wiring = Wiring((), targets, ports=(str(port),))
    zeros = f"head -c {MEGABYTE} /dev/zero"
    ended = run(door, f"echo out; echo one >{port}; {zeros} >>{port}; echo two >{port}", wiring)
    expected = b"one\n" + bytes(MEGABYTE) + b"two\n"
    assert door.output == b"out\n"
    assert sha(kept.read_bytes()) == sha(reader.all()) == sha(expected)
    assert (ended.bytes_out, ended.meter.ports[0]) == (4, len(expected))
    assert read_meter(door.files).of_channel(1) == len(expected)


def test_an_output_that_nobody_wants_holds_nothing_up(door: Door) -> None:
    port = fifo(door, "port.x")
    ended = run(door, f"head -c {3 * MEGABYTE} /dev/zero >{port}; echo done", Wiring((), ports=(str(port),)))
    assert (ended.code, door.output, ended.meter.ports[0]) == (0, b"done\n", 3 * MEGABYTE)


def test_only_what_stands_between_two_lines_goes_on(door: Door) -> None:
    file(door, "stdin", b"a\nBEGIN\n" + b"line\n" * 200_000 + b"END\nb\nBEGIN\nlast")
    reader = Reader(fifo(door, "out.0"))
    wiring = Wiring(("stdin",), (Target("stdout"), Target("out.0")), between=("BEGIN", "END"))
    ended = run(door, "cat", wiring)
    assert door.output == reader.all() == b"line\n" * 200_000 + b"last"
    assert ended.bytes_out == len(door.output)
    assert door.log == (door.files.folder / "stdin").read_bytes()


@pytest.mark.parametrize("end", [b"", b"\n"])
@pytest.mark.parametrize("delimiters", [("a", "b"), ("aa", "a"), ("", ""), ("-" * 4095, "=")])
def test_delimiters_of_any_length(door: Door, delimiters: tuple[str, str], end: bytes) -> None:
    begin, close = (each.encode() for each in delimiters)
    file(door, "stdin", b"no\n" + begin + b"\nyes\n" + close + b"x\n" + close + end)
    run(door, "cat", Wiring(("stdin",), between=delimiters))
    assert door.output == b"yes\n" + close + b"x\n"


def test_a_file_that_the_program_leaves_may_be_its_data(door: Door) -> None:
    reader = Reader(fifo(door, "out.0"))
    result = door.folder / "result"
    wiring = Wiring((), (Target("stdout"), Target("out.0")), take=str(result))
    ended = run(door, f"echo words; head -c {MEGABYTE} /dev/zero >{result}", wiring)
    assert (door.output, reader.all()) == (bytes(MEGABYTE), bytes(MEGABYTE))
    assert (ended.bytes_out, door.log) == (MEGABYTE, b"words\n")


def test_limits_hold_for_all_outputs_together(door: Door) -> None:
    port = fifo(door, "port.x")
    wiring = Wiring((), ports=(str(port),))
    ended = run(door, f"head -c 600000 /dev/zero; exec yes >{port}", wiring, output=MEGABYTE)
    assert ended.limit == "output"
    assert ended.bytes_out + ended.meter.ports[0] == MEGABYTE


def test_it_works_over_the_standard_streams_where_no_file_is_shared(door: Door) -> None:
    door.files.gate.unlink()
    door.files.log.unlink()
    wiring = Wiring(("-",), (Target("-"),))
    gate = subprocess.run(
        [door._program, "sh", "-c", "cat; echo log >&2; exit 7"],
        cwd=door.folder,
        env={**os.environ, **CHECKS},
        input=message(door.order(wiring=wiring)) + DATA,
        capture_output=True,
        check=False,
    )
    assert (gate.returncode, sha(gate.stdout), gate.stderr) == (7, sha(DATA), b"log\n")


def test_where_a_full_disk_cuts_what_is_kept_nobody_waits_for_a_slow_reader(
    door: Door, small_disk: Path
) -> None:
    file(door, "stdin", DATA)
    kept = small_disk / "stdout"
    kept.touch()
    (door.files.folder / "stdout").unlink()
    (door.files.folder / "stdout").symlink_to(kept)
    slow = os.open(fifo(door, "out.0"), os.O_RDONLY | os.O_NONBLOCK)  # never read from
    (small_disk / "filler").write_bytes(bytes(1024 * 1024 - 20_000))
    ended = run(door, "cat", Wiring(("stdin",), (Target("stdout"), Target("out.0"))))
    os.close(slow)
    assert ended.disk_full
