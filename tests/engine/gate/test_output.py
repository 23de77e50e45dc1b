"""What a step writes arrives: whole, in order, within its limits, or not called a success."""

import hashlib
import os
import time
from pathlib import Path

import pytest

from composer.engine.gate.gate import open_gate, read_meter, read_started
from tests.engine.gate.conftest import Door

MEGABYTE = 1_000_000


def test_words_arrive_in_the_order_they_were_written(door: Door) -> None:
    door.run("echo one; echo two >/dev/stdout; echo three; echo four | tee /dev/stdout; echo five >&1")
    assert door.output == b"one\ntwo\nthree\nfour\nfour\nfive\n"


def test_the_log_loses_nothing(door: Door) -> None:
    door.run("echo one >&2; echo two >/dev/stderr; echo three | tee /dev/stderr; echo four >&2")
    assert door.log == b"one\ntwo\nthree\nfour\n"
    assert door.output == b"three\n"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0",
        b"no final newline",
        b"\0\r\n\0\r",
        pytest.param(os.urandom(100 * MEGABYTE), id="100 MB of random bytes"),
        pytest.param(b"x" * 100 * MEGABYTE, id="a single line of 100 MB"),
    ],
)
def test_bytes_are_exact(door: Door, data: bytes) -> None:
    door.give(data)
    ended = door.run("cat")
    assert hashlib.sha256(door.output).digest() == hashlib.sha256(data).digest()
    assert (ended.meter.bytes_in, ended.bytes_out, ended.meter.log_bytes) == (len(data), len(data), 0)
    assert read_meter(door.files) == ended.meter


def test_both_at_once_in_quantity(door: Door) -> None:
    ended = door.run("head -c 5000000 /dev/zero & head -c 5000000 /dev/zero >&2; wait")
    assert (ended.bytes_out, ended.meter.log_bytes) == (5 * MEGABYTE, 5 * MEGABYTE)
    assert (len(door.output), len(door.log)) == (5 * MEGABYTE, 5 * MEGABYTE)


def test_it_tells_how_far_the_input_was_read(door: Door) -> None:
    door.give(b"x" * 10_000)
    assert door.run("dd bs=1000 count=3 of=/dev/null").meter.bytes_in == 3000


def test_without_input_there_is_an_empty_one(door: Door) -> None:
    ended = door.run("cat; echo done")
    assert (door.output, ended.meter.bytes_in) == (b"done\n", 0)


def test_the_meter_moves_while_the_step_runs(door: Door) -> None:
    os.mkfifo(door.folder / "go")
    gate = door.shell("printf 12345; printf 123 >&2; read -r line < go")
    open_gate(door.files, door.order())
    while (read_meter(door.files).bytes_out, read_meter(door.files).log_bytes) != (5, 3):
        time.sleep(0.01)
    (door.folder / "go").write_text("on\n")
    door.end(gate)


def test_a_step_may_close_its_output_and_go_on(door: Door) -> None:
    ended = door.run("echo some; exec >&-; echo log >&2; exec 2>&-; sleep 0.2; exit 7")
    assert (ended.code, door.output, door.log) == (7, b"some\n", b"log\n")


def test_a_child_in_the_background_holds_nothing_up(door: Door) -> None:
    ended = door.run("sleep 1000 & sleep 1000 >&2 & echo done; exit 3")
    assert (ended.code, door.output) == (3, b"done\n")


def test_a_chattering_child_in_the_background_holds_nothing_up(door: Door) -> None:
    ended = door.run("yes & yes >&2 & sleep 0.1; exit 3", log=MEGABYTE)
    assert ended.code == 3
    assert ended.bytes_out == len(door.output)


# Limits


def test_the_output_limit_may_be_reached(door: Door) -> None:
    ended = door.run("head -c 5000000 /dev/zero", output=5 * MEGABYTE)
    assert (ended.code, ended.limit, len(door.output)) == (0, None, 5 * MEGABYTE)


def test_a_single_byte_more_than_the_output_limit_is_a_failure(door: Door) -> None:
    ended = door.run("head -c 5000001 /dev/zero; exit 0", output=5 * MEGABYTE)
    assert (ended.limit, ended.bytes_out, len(door.output)) == ("output", 5 * MEGABYTE, 5 * MEGABYTE)


def test_a_byte_too_many_is_noticed_after_the_program_has_ended(door: Door) -> None:
    ended = door.run("printf 123456", output=5)
    assert (ended.limit, door.output) == ("output", b"12345")


def test_no_output_allowed_and_none_written(door: Door) -> None:
    assert door.run("true", output=0).limit is None


def test_an_endless_writer_is_stopped_at_its_limit(door: Door) -> None:
    ended = door.run("trap '' PIPE TERM; while :; do echo xxxxxxxx; done", output=MEGABYTE)
    assert (ended.limit, ended.signal, len(door.output)) == ("output", 9, MEGABYTE)


def test_the_log_is_cut_and_the_step_goes_on(door: Door) -> None:
    ended = door.run("head -c 3000000 /dev/zero >&2; echo done; echo more >&2", log=1000)
    assert (ended.code, ended.log_cut, door.output) == (0, True, b"done\n")
    assert door.log.startswith(bytes(1000) + b"\n[The log is longer")
    assert len(door.log) < 1100
    assert ended.meter.log_bytes == 3 * MEGABYTE + 5


def test_a_log_as_long_as_allowed_is_not_cut(door: Door) -> None:
    ended = door.run("head -c 1000 /dev/zero >&2", log=1000)
    assert (ended.log_cut, len(door.log)) == (False, 1000)


# A full disk


@pytest.mark.parametrize(
    ("name", "script"),
    [
        ("stdout", "head -c 5000000 /dev/zero"),
        ("stdout", "trap '' PIPE; head -c 5000000 /dev/zero 2>/dev/null; exit 0"),
        ("stdout", "head -c 1048577 /dev/zero; exit 0"),
        ("log", "head -c 5000000 /dev/zero >&2; exit 0"),
    ],
)
def test_a_full_disk_is_never_a_short_success(door: Door, small_disk: Path, name: str, script: str) -> None:
    (small_disk / name).touch()
    (door.files.folder / name).unlink()
    (door.files.folder / name).symlink_to(small_disk / name)
    assert door.run(script).disk_full


def test_an_end_can_be_written_on_a_full_disk(program: Path, small_disk: Path) -> None:
    door = Door(program, small_disk)
    ended = door.run("head -c 2000000 /dev/zero; exit 0")
    door.close()
    assert ended.disk_full
    assert len(door.output) < 2 * MEGABYTE


# A FIFO as the target


@pytest.fixture
def stream(door: Door) -> Door:
    """A door whose standard output is a FIFO."""
    door.files.stdout.unlink()
    os.mkfifo(door.files.stdout)
    return door


@pytest.mark.parametrize("script", ["while :; do echo x; done", "yes", "exec yes"])
def test_a_writer_is_stopped_when_its_reader_has_ended(stream: Door, script: str) -> None:
    gate = stream.shell(script)
    open_gate(stream.files, stream.order())
    with open(stream.files.stdout, "rb", buffering=0) as reader:
        assert reader.read(2)
    ended = stream.end(gate)
    assert ended.broken_pipe
    assert (ended.signal, ended.code) in {(13, None), (None, 141)}


def test_a_silent_writer_is_told_of_its_reader_once_it_writes(stream: Door) -> None:
    gate = stream.shell("sleep 0.2; echo x; echo y; sleep 100")
    open_gate(stream.files, stream.order())
    with open(stream.files.stdout, "rb"):
        pass
    ended = stream.end(gate)
    assert (ended.broken_pipe, ended.signal) == (True, 13)


def test_a_writer_that_ignores_its_broken_pipe_is_stopped(stream: Door) -> None:
    gate = stream.shell("trap '' PIPE TERM; while :; do echo x 2>/dev/null; done")
    open_gate(stream.files, stream.order())
    with open(stream.files.stdout, "rb", buffering=0) as reader:
        assert reader.read(2)
    ended = stream.end(gate)
    assert (ended.broken_pipe, ended.signal) == (True, 9)


def test_a_slow_reader_loses_nothing(stream: Door) -> None:
    data = os.urandom(3 * MEGABYTE)
    stream.give(data)
    gate = stream.shell("cat")
    open_gate(stream.files, stream.order())
    taken = bytearray()
    with open(stream.files.stdout, "rb", buffering=0) as reader:
        while chunk := reader.read(50_000):
            taken += chunk
            time.sleep(0.005)
    ended = stream.end(gate)
    assert bytes(taken) == data
    assert (ended.code, ended.broken_pipe, ended.bytes_out) == (0, False, len(data))


def test_a_step_does_not_begin_before_its_reader_is_there(stream: Door) -> None:
    gate = stream.shell("touch ran; echo out")
    open_gate(stream.files, stream.order())
    time.sleep(0.1)
    assert not read_started(stream.files)
    with open(stream.files.stdout, "rb") as reader:
        assert reader.read() == b"out\n"
    assert stream.end(gate).code == 0


def test_it_can_be_ended_while_no_reader_comes(stream: Door) -> None:
    gate = stream.shell("touch ran")
    open_gate(stream.files, stream.order())
    gate.terminate()
    assert stream.wait(gate) == 143
    assert not (stream.folder / "ran").exists()


def test_a_stream_has_its_limit_too(stream: Door) -> None:
    gate = stream.shell("yes")
    open_gate(stream.files, stream.order(output=MEGABYTE))
    with open(stream.files.stdout, "rb") as reader:
        assert len(reader.read()) == MEGABYTE
    assert stream.end(gate).limit == "output"


def test_a_reader_that_takes_nothing_holds_nobody_up_beyond_the_time_limit(stream: Door) -> None:
    gate = stream.shell("head -c 5000000 /dev/zero")
    open_gate(stream.files, stream.order(seconds=0.2))
    with open(stream.files.stdout, "rb", buffering=0):
        ended = stream.end(gate)
    assert ended.limit == "time"
    assert ended.bytes_out < 5_000_000
