"""Files of an attempt are read by what has their path, whoever puts something else there meanwhile."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from composer.engine import files


def as_it_opens(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Lets something happen once, between opening a file and looking at where it lies."""
    looks = [happens]

    def readlink(path: str) -> str:
        if looks:
            looks.pop()()
        return os_readlink(path)

    os_readlink = os.readlink
    monkeypatch.setattr(os, "readlink", readlink)


def test_a_record_that_is_replaced_while_it_is_opened_is_read_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, new = tmp_path / "meter", tmp_path / "new"
    record.write_text("old")
    new.write_text("new")
    as_it_opens(monkeypatch, lambda: new.rename(record))
    assert files.read_file(record, 10) == b"new"


def test_one_that_is_removed_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = tmp_path / "meter"
    record.write_text("old")
    as_it_opens(monkeypatch, record.unlink)
    assert files.read_file(record, 10) == b""


def test_no_descriptor_is_left_open_whatever_was_found(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    (tmp_path / "folder" / "file").write_text("hidden")
    before = os.listdir("/proc/self/fd")
    assert files.read_file(tmp_path / "link" / "file", 10) == b""
    assert files.read_file(tmp_path / "folder", 10) == b""
    assert files.read_file(tmp_path / "folder" / "file", 10) == b"hidden"
    assert os.listdir("/proc/self/fd") == before
