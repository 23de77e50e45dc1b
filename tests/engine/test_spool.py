"""The files of a run: ours alone, made once, never through a link."""

import os
import stat
from pathlib import Path

import pytest

from composer.engine.files import open_read, open_write, read_file
from composer.engine.ports import Mount
from composer.engine.spool import INSIDE, RECORD_BYTES, AttemptFiles, Spool

RECORDS = {"meter", "started", "ended"}
FIFOS = {"gate", "alive"}
FILES = {"stdout", "log"}


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


@pytest.fixture
def files(spool: Spool) -> AttemptFiles:
    made = spool.attempt("run-1", "node_1", 1)
    made.create()
    return made


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_folders_are_ours_and_files_are_any_users(spool: Spool, mask: int) -> None:
    files = spool.attempt("run", "node", 1)
    before = os.umask(mask)
    try:
        files.create()
    finally:
        os.umask(before)
    assert [mode(folder) for folder in (files.folder, *files.folder.parents[:2])] == [0o700] * 3
    assert {path.name: mode(path) for path in files.folder.iterdir()} == dict.fromkeys(
        RECORDS | FIFOS | FILES, 0o666
    )


def test_records_have_their_full_size_from_the_start(files: AttemptFiles) -> None:
    for name in RECORDS:
        assert (files.folder / name).read_bytes() == bytes(RECORD_BYTES)
    for name in FILES:
        assert (files.folder / name).read_bytes() == b""
    assert all(stat.S_ISFIFO((files.folder / name).stat().st_mode) for name in FIFOS)


def test_an_attempt_is_made_once(files: AttemptFiles) -> None:
    files.stdout.write_bytes(b"precious")
    with pytest.raises(FileExistsError):
        files.create()
    assert files.stdout.read_bytes() == b"precious"


def test_an_attempt_half_made_is_not_taken_for_made_anew(spool: Spool) -> None:
    files = spool.attempt("run", "node", 1)
    files.folder.mkdir(parents=True)
    with pytest.raises(FileExistsError):
        files.create()


def test_attempts_nodes_and_runs_share_no_file(spool: Spool) -> None:
    several = [spool.attempt(run, node, number) for run in "ab" for node in "xy" for number in (1, 2)]
    for files in several:
        assert not files.exists()
        files.create()
        assert files.exists()
    assert len({files.stdout.stat().st_ino for files in several}) == len(several)


def test_a_container_sees_single_files_and_no_folder(files: AttemptFiles, tmp_path: Path) -> None:
    stdin = tmp_path / "input"
    stdin.touch()
    (tmp_path / "run").touch()
    mounts = files.mounts(tmp_path / "run", [Mount(stdin, f"{INSIDE}/stdin", read_only=True)])
    assert {mount.target for mount in mounts} == {
        f"{INSIDE}/{name}" for name in RECORDS | FIFOS | {"log", "run", "stdin"}
    }
    assert {mount.target for mount in mounts if mount.read_only} == {f"{INSIDE}/run", f"{INSIDE}/stdin"}
    assert not any(mount.source.is_dir() for mount in mounts)


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../x", "a\0", "a\n", "ä", "x" * 65, "a b"])
def test_a_name_that_leads_elsewhere_is_refused(spool: Spool, name: str) -> None:
    with pytest.raises(ValueError, match="cannot be the name of a folder"):
        spool.input(name)
    with pytest.raises(ValueError, match="cannot be the name of a folder"):
        spool.remove_run(name)
    with pytest.raises(ValueError, match="cannot be the name of a folder"):
        spool.attempt("run", name, 1)


def test_the_ways_to_the_same_file_agree(spool: Spool, files: AttemptFiles) -> None:
    assert spool.stdout("run-1", "node_1", 1) == files.stdout
    assert spool.log("run-1", "node_1", 1) == files.log


def test_runs_are_listed_and_removed(spool: Spool, files: AttemptFiles) -> None:
    spool.attempt("run-2", "node", 1).create()
    assert sorted(spool.runs()) == ["run-1", "run-2"]
    spool.remove_run("run-1")
    spool.remove_run("run-1")
    assert spool.runs() == ["run-2"]
    assert not files.exists()


def test_an_empty_spool_has_no_runs(spool: Spool) -> None:
    assert spool.runs() == []
    spool.remove_run("none")


def test_what_is_no_folder_is_no_run(spool: Spool, files: AttemptFiles, tmp_path: Path) -> None:
    (spool.root / "runs" / "file").touch()
    (spool.root / "runs" / "link").symlink_to(tmp_path)
    assert spool.runs() == ["run-1"]


def test_removing_a_run_follows_no_link(spool: Spool, files: AttemptFiles, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").touch()
    (files.folder / "link").symlink_to(precious)
    spool.remove_run("run-1")
    assert (precious / "file").exists()


def test_reading_follows_no_link(files: AttemptFiles, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    files.stdout.unlink()
    files.stdout.symlink_to(tmp_path / "secret")
    with pytest.raises(OSError, match="symbolic links"):
        open_read(files.stdout)


def test_reading_follows_no_folder_that_is_a_link(files: AttemptFiles, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    for name in ("stdout", "ended"):
        (tmp_path / "elsewhere" / name).write_text("secret")
    files.folder.rename(tmp_path / "moved")
    files.folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic links"):
        open_read(files.stdout)
    with pytest.raises(OSError, match="symbolic links"):
        open_write(files.stdout)
    assert read_file(files.ended, 6) == b""


def test_nothing_is_made_in_a_folder_that_is_a_link(spool: Spool, tmp_path: Path) -> None:
    (spool.root / "runs").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (spool.root / "runs" / "run").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic links"):
        spool.attempt("run", "node", 1).create()
    assert not [path for path in (tmp_path / "elsewhere").rglob("*") if not path.is_dir()]


def test_a_folder_is_not_read_as_a_file(files: AttemptFiles) -> None:
    files.ended.unlink()
    files.ended.mkdir()
    with pytest.raises(IsADirectoryError):
        open_read(files.ended)
    assert read_file(files.ended, 4) == b""


def test_a_file_that_was_removed_meanwhile_is_missing(
    files: AttemptFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening = os.open

    def open_and_remove(path: Path, *more: int, **named: int) -> int:
        fd = opening(path, *more, **named)
        path.unlink()
        return fd

    monkeypatch.setattr(os, "open", open_and_remove)
    with pytest.raises(FileNotFoundError):
        open_read(files.log)


def test_where_the_spool_is_behind_a_link_its_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    files = Spool(tmp_path / "link").attempt("run", "node", 1)
    files.create()
    files.stdout.write_bytes(b"data")
    assert read_file(files.stdout, 10) == b"data"


def test_a_note_is_not_written_through_a_link(spool: Spool, tmp_path: Path) -> None:
    spool.keep_all("run")
    assert spool.keeps_all("run")
    (spool.root / "runs" / "run" / "keeps-all").unlink()
    (spool.root / "runs" / "run" / "keeps-all").symlink_to(tmp_path / "made")
    with pytest.raises(OSError, match="symbolic links"):
        spool.keep_all("run")
    assert not (tmp_path / "made").exists()


def test_reading_waits_for_nobody(spool: Spool, files: AttemptFiles) -> None:
    os.close(spool.open_read(files.gate))  # a FIFO without a writer


def test_the_first_bytes_of_a_file(files: AttemptFiles) -> None:
    files.log.write_bytes(b"0123456789")
    assert (read_file(files.log, 4), read_file(files.log, 100)) == (b"0123", b"0123456789")
    assert read_file(files.folder / "none", 4) == b""


def test_free_room_is_known(spool: Spool, files: AttemptFiles) -> None:
    assert spool.free_bytes() > 0
