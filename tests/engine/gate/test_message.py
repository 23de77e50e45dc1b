"""Only a whole and valid message opens the gate; anything less runs not one instruction."""

import os
import signal
import struct
import subprocess
import time
import zlib
from pathlib import Path

import pytest

from composer.engine.gate.gate import MAGIC, Wiring, message, open_gate, read_started
from tests.engine.gate.conftest import NOT_TRIED, PATH, Door, order

HEAD = struct.Struct("=8sQQQQQ")
PLAN = b"out=0 0 stdout\0"


def forged(
    environment: bytes, *, plan: bytes = PLAN, magic: bytes = MAGIC, length: int | None = None
) -> bytes:
    """A message with a correct sum and whatever else."""
    lengths = (len(plan), len(environment) if length is None else length)
    body = HEAD.pack(magic, 0, 1 << 20, 1 << 20, *lengths) + plan + environment
    return body + struct.pack("=I", zlib.crc32(body))


def test_nothing_at_all(door: Door) -> None:
    assert door.refuses(b"")


def test_cut_anywhere(door: Door, words: bytes) -> None:
    assert [cut for cut in range(len(words)) if not door.refuses(words[:cut])] == []


def test_any_byte_damaged(door: Door, words: bytes) -> None:
    damaged = (words[:at] + bytes([words[at] ^ 1]) + words[at + 1 :] for at in range(len(words)))
    assert [at for at, each in enumerate(damaged) if not door.refuses(each)] == []


def test_two_messages_woven_into_each_other(door: Door) -> None:
    one, two = (message(order(environment={"PATH": PATH, "N": number})) for number in "12")
    half = len(one) // 2
    assert door.refuses(one[:half] + two[:half] + one[half:] + two[half:])


@pytest.mark.parametrize("length", [2**64 - 1, 2**63, 2**32, (2 << 20) + 1, 5, 3, 0])
def test_a_length_that_is_a_lie(door: Door, length: int) -> None:
    assert door.refuses(forged(b"A=b\0", length=length))


@pytest.mark.parametrize(
    "environment", [b"A=b", b"A\0", b"=b\0", b"\0", b"A=b\0\0", b"A=b\0C\0D=e\0", b"A=b\0D=e", b"\0A=b\0"]
)
def test_what_is_no_environment(door: Door, environment: bytes) -> None:
    assert door.refuses(forged(environment))


def test_another_magic(door: Door) -> None:
    assert door.refuses(forged(b"A=b\0", magic=b"CMPGATE1"))


@pytest.mark.parametrize(
    "plan",
    [
        b"",
        b"out=0 0 stdout",
        b"in=nowhere\0" + PLAN,
        b"in=../x\0" + PLAN,
        b"out=0 0 nowhere\0",
        b"out=0 0 ../x\0",
        b"out=1 0 stdout\0",
        b"out=21 0 stdout\0" + PLAN,
        b"out=x\0" + PLAN,
        b"out=0 0\0" + PLAN,
        PLAN * 67,
        PLAN + b"in=stdout\0" * 257,
        PLAN + b"port=0 x\0",
        PLAN + b"port=1\0",
        PLAN + b"port=1 /nowhere\0",
        PLAN + b"port=1 /dev/null\0",
        PLAN + b"take=somewhere\0",
        PLAN + b"begin=a\0",
        PLAN + b"end=a\0",
        PLAN + b"begin=a\0end=" + b"x" * 4096 + b"\0",
        PLAN + b"nothing\0",
        PLAN + b"x=" + b"x" * (64 << 10) + b"\0",
    ],
)
def test_a_plan_that_cannot_be_followed(door: Door, plan: bytes) -> None:
    assert door.refuses(forged(f"PATH={PATH}".encode() + b"\0", plan=plan))


def test_the_forger_can_write_valid_messages_too(door: Door) -> None:
    assert not door.refuses(forged(f"PATH={PATH}".encode() + b"\0"))


def test_twice_the_same_message_runs_once(door: Door, words: bytes) -> None:
    gate = door.shell("echo ran >> runs; echo out")
    door.tell(words * 2)
    assert door.end(gate).code == 0
    assert (door.folder / "runs").read_text() == "ran\n"
    assert door.output == b"out\n"


def test_byte_by_byte_is_as_good_as_at_once(door: Door, words: bytes) -> None:
    gate = door.shell("echo ran")
    with open(door.files.gate, "wb", buffering=0) as pipe:
        pipe.writelines(bytes([byte]) for byte in words)
    assert door.end(gate).code == 0
    assert door.output == b"ran\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT])
@pytest.mark.parametrize("told", [0, 20])
def test_it_can_be_ended_while_it_waits(door: Door, words: bytes, number: int, told: int) -> None:
    gate = door.shell("touch ran")
    with open(door.files.gate, "wb", buffering=0) as pipe:
        pipe.write(words[:told])
        gate.send_signal(number)
        assert door.wait(gate) == 128 + signal.SIGTERM
    assert not read_started(door.files)
    assert not (door.folder / "ran").exists()


def test_other_signals_do_not_end_it_while_it_waits(door: Door, words: bytes) -> None:
    gate = door.shell("echo ran")
    with open(door.files.gate, "wb", buffering=0) as pipe:
        for number in (signal.SIGUSR1, signal.SIGPIPE, signal.SIGCHLD, signal.SIGALRM):
            gate.send_signal(number)
        pipe.write(words)
    assert door.end(gate).code == 0


@pytest.mark.parametrize("name", ["gate", "alive", "stdout", "log", "meter", "started", "ended"])
def test_without_one_of_its_files_it_runs_nothing(door: Door, words: bytes, name: str) -> None:
    (door.files.folder / name).unlink()
    gate = door.shell("touch ran")
    if name == "stdout":  # the only one that is opened behind the gate
        door.tell(words)
    assert door.wait(gate) == NOT_TRIED
    assert not (door.folder / "ran").exists()
    assert not read_started(door.files)


def test_input_that_cannot_be_read_is_never_taken_for_an_empty_one(door: Door) -> None:
    stdin = door.files.folder / "stdin"
    stdin.symlink_to(stdin)
    assert door.refuses(message(order(wiring=Wiring(inputs=("stdin",)))))


def test_without_a_program_there_is_nothing_to_wait_for(door: Door) -> None:
    assert door.wait(door.start()) == NOT_TRIED


def test_the_whole_environment_is_the_one_in_the_message(door: Door) -> None:
    given = {"PATH": PATH, "a.b-c": "dotted", "EMPTY": "", "EQUALS": "a=b", "LINES": "one\ntwo", "É": "ü"}
    gate = door.start("env", "-0")
    open_gate(door.files, order(environment=given))
    assert door.end(gate).code == 0
    entries = door.output.decode().split("\0")[:-1]
    assert dict(entry.split("=", 1) for entry in entries) == given


def test_a_megabyte_of_environment_passes(door: Door) -> None:
    given = {"PATH": PATH, **{f"V{number}": "x" * 100_000 for number in range(10)}}
    gate = door.start("env", "-0")
    open_gate(door.files, order(environment=given))
    assert door.end(gate).code == 0
    assert len(door.output) == sum(len(f"{name}={value}") + 1 for name, value in given.items())


def test_no_environment_at_all_is_fine(door: Door) -> None:
    gate = door.start("/bin/sh", "-c", "echo ran")
    open_gate(door.files, order(environment={}))
    assert door.end(gate).code == 0


def test_a_secret_is_in_no_place_where_the_gate_shows_itself(door: Door) -> None:
    secret = "hunter2-very-secret"
    gate = door.shell("echo started; read -r line < go")
    os.mkfifo(door.folder / "go")
    open_gate(door.files, order(environment={"PATH": PATH, "PASSWORD": secret}))
    while not door.output:
        time.sleep(0.01)
    shown = [Path(f"/proc/{gate.pid}/{name}").read_bytes() for name in ("cmdline", "environ", "status")]
    (door.folder / "go").write_text("on\n")
    door.end(gate)
    kept = [path.read_bytes() for path in door.files.folder.iterdir() if path.is_file()]
    assert not any(secret.encode() in each for each in [*shown, *kept])


def test_a_second_gate_over_the_same_files_finds_no_message(door: Door, words: bytes) -> None:
    first = door.shell("echo ran >> runs")
    door.tell(words)
    door.end(first)
    second = door.shell("echo ran >> runs")
    door.tell(b"")
    assert door.wait(second) == NOT_TRIED
    assert (door.folder / "runs").read_text() == "ran\n"


def test_it_says_on_its_own_stderr_why_it_refused(door: Door) -> None:
    gate: subprocess.Popen[bytes] = door.shell("true")
    door.tell(b"nonsense" * 10)
    _, said = gate.communicate()
    assert said == b"gate: the message is not one of ours\n"
