"""The worker's side: it never takes a gate for open that nobody stood behind."""

import errno
import os
import select
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from composer.engine.errors import EnvironmentRefused, GateLost
from composer.engine.gate import gate
from composer.engine.gate.gate import (
    MOST_ENVIRONMENT,
    MOST_VALUE,
    Ended,
    Meter,
    check_environment,
    ended_of,
    message,
    open_gate,
    read_ended,
    read_meter,
    read_started,
    watch,
)
from composer.engine.spool import AttemptFiles
from composer.engine.values import MOST_SECONDS
from tests.engine.gate.conftest import Door, order
from tests.system.processes import open_files

LARGE = {"BIG": "x" * 100_000}  # more than a FIFO takes at once


@pytest.fixture
def files(tmp_path: Path) -> AttemptFiles:
    """Those of an attempt that nobody stands behind."""
    made = AttemptFiles(tmp_path / "run" / "node" / "1")
    made.create()
    return made


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gives a gate a tenth of a second."""
    monkeypatch.setattr(gate, "OPENING_SECONDS", 0.1)


@pytest.mark.parametrize("seconds", [MOST_SECONDS, 30 * 86_400, 1e18, float("inf")])
def test_a_step_without_an_end_in_sight_still_has_a_limit_that_the_gate_keeps(seconds: float) -> None:
    milliseconds = int.from_bytes(message(order(seconds=seconds))[8:16], sys.byteorder)
    assert 0 < milliseconds < 2**31 - 1


def as_reader(files: AttemptFiles, behave: Callable[[], object]) -> threading.Thread:
    """Somebody who opens the gate's FIFO for reading and then behaves in some way."""

    fd = os.open(files.gate, os.O_RDONLY | os.O_NONBLOCK)

    def work() -> None:
        select.select([fd], [], [], 30)
        behave()
        os.close(fd)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


# Opening


@pytest.mark.usefixtures("impatient")
def test_nobody_is_there(files: AttemptFiles) -> None:
    with pytest.raises(GateLost):
        open_gate(files, order())


def test_the_files_are_gone(tmp_path: Path) -> None:
    with pytest.raises(GateLost):
        open_gate(AttemptFiles(tmp_path / "nowhere"), order())


def test_a_gate_that_is_late_is_waited_for(door: Door) -> None:
    started: list[object] = []
    late = threading.Timer(0.2, lambda: started.append(door.shell("echo ran")))
    late.start()
    open_gate(door.files, door.order())
    late.join()
    [process] = started
    door.end(process)  # type: ignore[arg-type]
    assert door.output == b"ran\n"


def test_a_gate_that_goes_away_while_it_is_told(files: AttemptFiles) -> None:
    reader = as_reader(files, lambda: None)
    with pytest.raises(GateLost):
        open_gate(files, order(environment=LARGE))
    reader.join()


@pytest.mark.usefixtures("impatient")
def test_a_gate_that_takes_nothing(files: AttemptFiles) -> None:
    given_up = threading.Event()
    reader = as_reader(files, lambda: given_up.wait(30))
    with pytest.raises(GateLost):
        open_gate(files, order(environment=LARGE))
    given_up.set()
    reader.join()


def test_a_link_is_not_followed(files: AttemptFiles, tmp_path: Path) -> None:
    files.gate.unlink()
    files.gate.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(GateLost) as raised:
        open_gate(files, order())
    assert isinstance(raised.value.__cause__, OSError)
    assert raised.value.__cause__.errno == errno.ELOOP
    assert not (tmp_path / "elsewhere").exists()


def test_no_descriptor_is_left_behind(files: AttemptFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "OPENING_SECONDS", 0.0)
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        with pytest.raises(GateLost):
            open_gate(files, order())
        reader = as_reader(files, lambda: None)
        with pytest.raises(GateLost):
            open_gate(files, order(environment=LARGE))
        reader.join()
        assert (read_ended(files), read_started(files)) == (None, False)
    assert len(os.listdir("/proc/self/fd")) == before


# Watching


def hung_up(fd: int, seconds: float) -> bool:
    poller = select.poll()
    poller.register(fd, 0)
    return any(event & select.POLLHUP for _, event in poller.poll(seconds * 1000))


def test_the_watch_hangs_up_when_the_record_is_whole(door: Door) -> None:
    fd = watch(door.files)
    os.mkfifo(door.folder / "go")
    process = door.shell("exec >&- 2>&-; read -r line < go")
    assert not hung_up(fd, 0)
    open_gate(door.files, door.order())
    assert not hung_up(fd, 0)
    (door.folder / "go").write_text("on\n")
    assert hung_up(fd, 30)
    assert read_ended(door.files) is not None
    os.close(fd)
    door.end(process)


def test_the_watch_hangs_up_without_a_record_when_the_gate_is_killed(door: Door) -> None:
    fd = watch(door.files)
    process = door.shell("true")
    while str(door.files.alive) not in open_files(process.pid):
        time.sleep(0.01)
    assert not hung_up(fd, 0)
    process.kill()
    assert hung_up(fd, 30)
    os.close(fd)
    assert read_ended(door.files) is None
    assert not read_started(door.files)


def test_what_a_step_writes_into_the_watch_wakes_nobody(door: Door) -> None:
    fd = watch(door.files)
    os.mkfifo(door.folder / "go")
    process = door.shell("echo noise > .composer/alive; echo ok; read -r line < go")
    open_gate(door.files, door.order())
    while not door.output:
        time.sleep(0.01)
    assert not hung_up(fd, 0)
    (door.folder / "go").write_text("on\n")
    assert hung_up(fd, 30)
    os.close(fd)
    door.end(process)


# Records


def test_fresh_records_say_that_nothing_happened(files: AttemptFiles) -> None:
    assert (read_meter(files), read_started(files), read_ended(files)) == (Meter(), False, None)


def test_missing_records_say_that_nothing_happened(tmp_path: Path) -> None:
    files = AttemptFiles(tmp_path / "nowhere")
    assert (read_meter(files), read_started(files), read_ended(files)) == (Meter(), False, None)


# The environment


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("", "x", "cannot be the name"),
        ("A=B", "x", "cannot be the name"),
        ("A\0B", "x", "cannot be the name"),
        ("A", "x\0y", "A holds a NUL"),
        ("A", "\ud800", "'A' holds half a character"),
        ("\ud800", "x", r"'\\ud800' holds half a character"),
        ("BIG", "x" * 3_000_000, "BIG is too large: 3,000,005 bytes"),
        ("N" * 1_000_000, "x", "is too large"),
    ],
)
def test_what_no_program_could_be_given_is_refused_by_name(name: str, value: str, words: str) -> None:
    with pytest.raises(EnvironmentRefused, match=words) as raised:
        check_environment({"PATH": "/bin", name: value})
    said = str(raised.value)
    assert len(said) < 300
    said.encode()  # what goes into a database and over a socket


def test_the_largest_value_fits_and_reaches_the_program(door: Door) -> None:
    largest = {"A": "x" * (MOST_VALUE - len("A=\0"))}
    check_environment(largest)
    process = door.start("/usr/bin/env", "-0")
    open_gate(door.files, door.order(environment=largest))
    door.end(process)
    assert len(door.output) == MOST_VALUE
    with pytest.raises(EnvironmentRefused):
        check_environment({"A": largest["A"] + "x"})


def test_all_together_may_not_be_too_large_either() -> None:
    tenth = MOST_ENVIRONMENT // 10 - len("V0=\0")
    fitting = {f"V{number}": "x" * tenth for number in range(10)}
    check_environment(fitting)
    with pytest.raises(EnvironmentRefused, match="With LAST"):
        check_environment({**fitting, "LAST": "x" * 100})


def test_bytes_are_counted_and_not_characters() -> None:
    with pytest.raises(EnvironmentRefused):
        check_environment({"A": "ü" * (MOST_VALUE // 2)})


def test_the_shortest_time_is_not_taken_for_no_limit() -> None:
    assert message(order(seconds=0.0))[8:16] == (1).to_bytes(8, "little")


@pytest.mark.parametrize("limit", [None, "time", "output"])
def test_a_record_says_what_it_was_made_of(limit: str | None) -> None:
    meter = Meter(1, 2, 3, 4, tuple(range(20)))
    flags = {
        "oom": True,
        "broken_pipe": False,
        "disk_full": True,
        "log_cut": True,
        "unread": False,
        "told": True,
    }
    ended = Ended(None, 9, None, meter, limit=limit, started_ns=5, ended_ns=6, **flags)
    assert ended_of(ended.record() + bytes(272)) == ended
    assert ended_of(ended.record()[:-1]) is None
