"""Whatever is written into a gate, it runs a step exactly when the message is whole."""

import os
import struct
import tempfile
import zlib
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from composer.engine.gate.gate import MAGIC, message, open_gate, read_started
from tests.engine.gate.conftest import NOT_TRIED, PATH, Door, order

Entry = tuple[str, str]  # of a plan
WHOLE = message(order(environment={"PATH": PATH, "A": "b"}))
# Where the sanitizers' own exit code cannot be taken for one of the gate's.
CHECKS = {"ASAN_OPTIONS": "detect_leaks=0:exitcode=99"}
BOUNDED = settings(
    max_examples=60, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def outcome(program: Path, told: bytes) -> tuple[bool, int]:
    """Whether the step ran, and the gate's exit code."""
    with tempfile.TemporaryDirectory() as folder:
        door = Door(program, Path(folder), CHECKS)
        for name in ("stdin", "sample", "output"):
            (door.files.folder / name).touch()
        os.mkfifo(door.files.folder / "port")
        gate = door.shell("touch ran")
        door.tell(told)
        code = door.wait(gate)
        ran = (door.folder / "ran").exists()
        assert ran == read_started(door.files)
        door.close()
    return ran, code


@BOUNDED
@given(st.binary(max_size=300))
def test_any_bytes(checked_program: Path, told: bytes) -> None:
    assert outcome(checked_program, told) == (False, NOT_TRIED)


@BOUNDED
@given(st.tuples(*[st.integers(0, 2**64 - 1)] * 5), st.binary(max_size=100))
def test_any_numbers_behind_the_right_magic(
    checked_program: Path, numbers: tuple[int, ...], rest: bytes
) -> None:
    told = MAGIC + b"".join(number.to_bytes(8, "little") for number in numbers) + rest
    assert outcome(checked_program, told) == (False, NOT_TRIED)


@BOUNDED
@given(st.data())
@example(None)
def test_a_message_with_something_changed(checked_program: Path, data: st.DataObject | None) -> None:
    told = WHOLE
    if data is not None:
        start = data.draw(st.integers(0, len(WHOLE)))
        end = data.draw(st.integers(start, len(WHOLE)))
        told = WHOLE[:start] + data.draw(st.binary(max_size=20)) + WHOLE[end:]
    expected = (True, 0) if told.startswith(WHOLE) else (False, NOT_TRIED)
    assert outcome(checked_program, told) == expected


RIGHT = st.sampled_from(
    [
        [("out", "0 9 log")],
        [("out", "0 0 sample")],
        [("out", "1 0 output"), ("port", "1 ./.composer/port")],
        [("port", "1 ./.composer/port")],
        [("in", "stdin")],
        [("take", "stderr")],
        [("take", "/nowhere")],
        [("begin", "a"), ("end", "b")],
    ]
)
ENTRIES = st.sampled_from(["in", "out", "port", "take", "begin", "end", "x", ""])
VALUES = st.one_of(
    st.sampled_from(
        ["stdout", "log", "0 0 stdout", "0 9 log", "1 0 log", "1 ./.composer/gate", "stderr", "/x"]
    ),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=70),
)


def test_any_plan_is_followed_or_refused(checked_program: Path) -> None:
    came = set()

    @BOUNDED
    @given(st.lists(RIGHT, max_size=3), st.lists(st.tuples(ENTRIES, VALUES), max_size=3) | st.just([]))
    @example([], [])
    def is_followed_or_refused(right: list[list[Entry]], anything: list[Entry]) -> None:
        plan = [("out", "0 0 stdout"), *(entry for entries in right for entry in entries), *anything]
        came.add(outcome(checked_program, message_with(plan)))

    is_followed_or_refused()
    assert came == {(True, 0), (False, NOT_TRIED)}


def message_with(plan: list[Entry]) -> bytes:
    """A whole message with this plan."""
    entries = b"".join(f"{name}={value}".encode() + b"\0" for name, value in plan)
    environment = f"PATH={PATH}".encode() + b"\0"
    head = struct.pack("=8sQQQQQ", MAGIC, 500, 1 << 20, 1 << 20, len(entries), len(environment))
    body = head + entries + environment
    return body + struct.pack("=I", zlib.crc32(body))


@BOUNDED
@given(
    environment=st.dictionaries(
        st.text(st.characters(exclude_characters="=\0", exclude_categories=["Cs"]), min_size=1),
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    )
)
def test_any_environment_arrives(checked_program: Path, environment: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        door = Door(checked_program, Path(folder), CHECKS)
        gate = door.start("/usr/bin/env", "-0")
        open_gate(door.files, order(environment=environment))
        door.wait(gate)
        arrived = door.output.decode().split("\0")[:-1]
        door.close()
    assert sorted(arrived) == sorted(f"{name}={value}" for name, value in environment.items())


def test_a_whole_step_leaves_nothing_undefined(checked_program: Path, tmp_path: Path) -> None:
    door = Door(checked_program, tmp_path, CHECKS)
    door.give(b"x" * 3_000_000)
    ended = door.run("cat; head -c 200000 /dev/zero >&2; sleep 100 & exit 4", log=1000)
    door.close()
    assert (ended.code, ended.bytes_out, ended.log_cut) == (4, 3_000_000, True)
