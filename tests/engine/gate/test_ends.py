"""Every end is told as what it was."""

import ctypes
import errno
import os
import platform
import signal
import struct
import time
from pathlib import Path

import pytest

from composer.engine.gate.gate import open_gate, read_ended
from tests.engine.gate.conftest import PATH, Door


def test_every_exit_code_is_kept(program: Path, tmp_path: Path) -> None:
    told = []
    for code in range(256):
        folder = tmp_path / str(code)
        folder.mkdir()
        door = Door(program, folder)
        told.append(door.run(f"exit {code}").code)
        door.close()
    assert told == list(range(256))


@pytest.mark.parametrize(
    "number",
    [signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL, signal.SIGTERM, signal.SIGPIPE, signal.SIGRTMAX],
)
def test_a_crash_is_told_by_its_signal(door: Door, number: int) -> None:
    ended = door.run(f"kill -{int(number)} $$")
    assert (ended.code, ended.signal) == (None, number)


def test_an_end_has_its_times(door: Door) -> None:
    before = time.time_ns()
    ended = door.run("true")
    assert before <= ended.started_ns <= ended.ended_ns <= time.time_ns()


# Programs that cannot be started


def start(door: Door, *arguments: str, path: str = PATH) -> tuple[int | None, int | None]:
    gate = door.start(*arguments)
    open_gate(door.files, door.order(environment={"PATH": path}))
    ended = door.end(gate)
    return ended.code, ended.exec_errno


def test_no_such_program(door: Door) -> None:
    assert start(door, "no-such-program") == (127, errno.ENOENT)


def test_no_such_path(door: Door) -> None:
    assert start(door, "/no/such/program") == (127, errno.ENOENT)


def test_a_file_where_a_folder_should_be(door: Door) -> None:
    assert start(door, "/etc/passwd/program") == (127, errno.ENOTDIR)


def test_a_file_that_is_no_program(door: Door) -> None:
    assert start(door, "/etc/passwd") == (126, errno.EACCES)


def test_a_folder_is_no_program(door: Door) -> None:
    assert start(door, "/etc") == (126, errno.EACCES)


def test_a_program_of_a_format_unknown_here(door: Door) -> None:
    odd = door.folder / "odd"
    odd.write_bytes(b"neither machine code nor a script")
    odd.chmod(0o755)
    assert start(door, "./odd") == (126, errno.ENOEXEC)


def test_a_script_whose_interpreter_is_missing(door: Door) -> None:
    odd = door.folder / "odd"
    odd.write_text("#!/no/such/interpreter\n")
    odd.chmod(0o755)
    assert start(door, "./odd") == (127, errno.ENOENT)


# The way to a program


def make_program(folder: Path, name: str, word: str, *, mode: int = 0o755) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\necho {word}\n")
    (folder / name).chmod(mode)


def test_the_first_on_the_path_of_the_message_is_taken(door: Door) -> None:
    make_program(door.folder / "a", "sort", "mine")
    assert start(door, "sort", path=f"{door.folder}/a:{PATH}") == (0, None)
    assert door.output == b"mine\n"


def test_what_is_not_ours_to_run_is_passed_over(door: Door) -> None:
    make_program(door.folder / "a", "prog", "forbidden", mode=0o644)
    make_program(door.folder / "b", "prog", "allowed")
    assert start(door, "prog", path=f"/etc/passwd:/no:{door.folder}/a:{door.folder}/b") == (0, None)
    assert door.output == b"allowed\n"


def test_found_but_not_ours_to_run(door: Door) -> None:
    make_program(door.folder / "a", "prog", "forbidden", mode=0o644)
    assert start(door, "prog", path=f"{door.folder}/a:/no") == (126, errno.EACCES)


@pytest.mark.parametrize("path", ["", ":/no", "/no:", "/no::/no"])
def test_an_empty_place_on_the_path_is_the_working_directory(door: Door, path: str) -> None:
    make_program(door.folder, "prog", "here")
    assert start(door, "prog", path=path) == (0, None)


def test_a_path_with_a_slash_is_relative_to_the_working_directory(door: Door) -> None:
    make_program(door.folder / "a", "prog", "here")
    assert start(door, "a/prog", path="/no") == (0, None)


def test_arguments_arrive_as_they_are(door: Door) -> None:
    arguments = ["two words", "quote\"s'", "$HOME", "new\nline", "", "-n", "*", "ü"]
    door.run('printf "%s\\0" "$@"', *arguments)
    assert door.output.decode().split("\0")[:-1] == arguments


# Time


def test_a_program_that_ends_when_it_is_asked_has_still_run_out_of_time(door: Door) -> None:
    ended = door.run("trap 'echo asked; exit 0' TERM; while :; do sleep 0.01; done", seconds=1.0)
    assert (ended.code, ended.limit, door.output) == (0, "time", b"asked\n")


def test_a_program_that_ignores_being_asked_is_stopped(door: Door) -> None:
    ended = door.run("trap '' TERM; while :; do sleep 0.1; done", seconds=1.0)
    assert (ended.signal, ended.limit) == (signal.SIGKILL, "time")


def test_a_stopped_program_runs_out_of_time_too(door: Door) -> None:
    ended = door.run("kill -STOP $$", seconds=1.0)
    assert (ended.signal, ended.limit) == (signal.SIGKILL, "time")


def test_a_time_too_long_to_count_is_no_limit(door: Door) -> None:
    assert door.run("sleep 0.1", seconds=1e15).limit is None


# Signals


@pytest.mark.parametrize("name", ["TERM", "INT", "USR1", "USR2", "WINCH"])
def test_signals_reach_the_program(door: Door, name: str) -> None:
    gate = door.shell(f"trap 'echo {name}; exit 5' {name}; echo ready; while :; do sleep 0.01; done")
    open_gate(door.files, door.order())
    while not door.output:
        time.sleep(0.01)
    gate.send_signal(getattr(signal, f"SIG{name}"))
    assert door.end(gate).code == 5
    assert door.output == f"ready\n{name}\n".encode()


def ignore_every_signal() -> None:
    """Also the two that the C library keeps for itself, as some programs' children inherit them."""
    set_action = {"x86_64": 13, "aarch64": 134}[platform.machine()]  # asm/unistd.h: rt_sigaction
    to_ignore = struct.pack("4Q", signal.SIG_IGN, 0, 0, 0)
    for number in set(range(1, 65)) - {signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD}:
        ctypes.CDLL(None).syscall(set_action, number, to_ignore, None, 8)


def test_the_program_begins_with_no_signal_blocked_or_ignored(door: Door) -> None:
    gate = door.start("grep", "-E", "Sig(Blk|Ign):", "/proc/self/status", before=ignore_every_signal)
    open_gate(door.files, door.order())
    door.end(gate)
    assert [line.split()[1] for line in door.output.decode().splitlines()] == ["0" * 16] * 2


def test_the_program_holds_no_descriptor_of_the_gate(door: Door) -> None:
    gate = door.start("ls", "/proc/self/fd")
    open_gate(door.files, door.order())
    door.end(gate)
    assert door.output.split() == [b"0", b"1", b"2", b"3"]  # the last is that of the folder itself


# Records


def test_no_damaged_record_is_taken_for_an_end(door: Door) -> None:
    door.run("exit 0")
    whole = door.files.ended.read_bytes()[:240]
    for at in range(len(whole)):
        for bit in (1, 128):
            door.files.ended.write_bytes(whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :])
            assert read_ended(door.files) is None, f"byte {at}"
    for length in range(len(whole)):
        door.files.ended.write_bytes(whole[:length])
        assert read_ended(door.files) is None
    door.files.ended.write_bytes(whole)
    assert read_ended(door.files) is not None


def test_nothing_is_ended_that_has_not_begun(door: Door) -> None:
    assert read_ended(door.files) is None
    os.unlink(door.files.ended)
    assert read_ended(door.files) is None
