"""Following a step's log for a watcher: every byte once, whole characters, bounded pieces."""

import uuid
from pathlib import Path

import pytest

from composer.engine.spool import Spool
from composer.runs.tail import BEHIND_MOST, PIECE, LogTails

RUN = uuid.uuid4()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = Spool(tmp_path).log(str(RUN), "sort", 1)
    path.parent.mkdir(parents=True)
    path.touch()
    return path


@pytest.fixture
def tails(tmp_path: Path) -> LogTails:
    tails = LogTails(Spool(tmp_path), RUN)
    tails.follow("sort", 1)
    return tails


def append(log: Path, data: bytes) -> None:
    with log.open("ab") as file:
        file.write(data)


def test_only_what_is_new_is_told(log: Path, tails: LogTails) -> None:
    append(log, b"one\n")
    first = list(tails.read())
    assert [(m["type"], m["node"], m["from"], m["text"]) for m in first] == [("log", "sort", 0, "one\n")]
    assert "seq" not in first[0]
    assert list(tails.read()) == []
    append(log, b"two\n")
    assert [(m["from"], m["text"]) for m in tails.read()] == [(4, "two\n")]


def test_half_a_character_waits_for_its_other_half(log: Path, tails: LogTails) -> None:
    snowman = "☃".encode()
    append(log, b"a" + snowman[:2])
    assert [m["text"] for m in tails.read()] == ["a"]
    append(log, snowman[2:])
    assert [(m["from"], m["text"]) for m in tails.read()] == [(1, "☃")]


def test_half_a_character_at_the_very_end_is_replaced(log: Path, tails: LogTails) -> None:
    append(log, b"a\xe2\x98")
    assert "".join(m["text"] for m in tails.finish("sort")) == "a\ufffd"


def test_bytes_that_are_no_text_hold_nothing_up(log: Path, tails: LogTails) -> None:
    append(log, b"\xff\xfe\x80\x80\x80\x80 end")
    assert [m["text"].endswith(" end") for m in tails.read()] == [True]


def test_one_message_holds_64_kilobytes_at_most(log: Path, tails: LogTails) -> None:
    append(log, b"x" * (PIECE * 2 + 10))
    assert [(m["from"], len(m["text"])) for m in tails.read()] == [
        (0, PIECE),
        (PIECE, PIECE),
        (2 * PIECE, 10),
    ]


def test_who_is_far_behind_gets_the_newest(log: Path, tails: LogTails) -> None:
    append(log, b"x" * BEHIND_MOST * 10 + b"end")
    told = list(tails.read())
    assert told[0]["from"] == BEHIND_MOST * 9 + 3
    assert told[-1]["text"].endswith("end")


def test_once_over_a_log_is_not_looked_at_again(log: Path, tails: LogTails) -> None:
    append(log, b"end")
    assert [m["text"] for m in tails.finish("sort")] == ["end"]
    append(log, b"more")
    assert not tails.following
    assert list(tails.read()) == []


def test_a_new_attempt_begins_at_its_own_start(log: Path, tails: LogTails, tmp_path: Path) -> None:
    append(log, b"first attempt")
    list(tails.read())
    second = Spool(tmp_path).log(str(RUN), "sort", 2)
    second.parent.mkdir(parents=True)
    append(second, b"again")
    tails.follow("sort", 2)
    assert [(m["from"], m["text"]) for m in tails.read()] == [(0, "again")]


def test_a_link_in_place_of_a_log_is_not_followed(log: Path, tails: LogTails, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    log.unlink()
    log.symlink_to(secret)
    assert list(tails.read()) == []
