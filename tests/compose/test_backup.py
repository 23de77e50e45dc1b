"""What `make backup` and `make restore` do without a stack; tests/compose/__main__.py has the rest."""

import errno
import io
import json
import os
import shutil
import stat
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from composer.boot import archive, backup, restore, spool_tar
from composer.boot.places import ROOT
from composer.boot.stack_database import Place
from composer.boot.telling import Trouble
from composer.engine.spool import AttemptFiles, Spool

ENDED = b"CMPENDED" + bytes(504)
DATA = b"all of it\n" * 300_000  # more than is read at once


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    folder = tmp_path / "spool"
    folder.mkdir()
    return Spool(folder)


@pytest.fixture
def other(tmp_path: Path) -> Spool:
    folder = tmp_path / "other"
    folder.mkdir()
    return Spool(folder)


def new_attempt(spool: Spool, node: str = "a", data: bytes = b"", ended: bytes = bytes(512)) -> AttemptFiles:
    files = spool.attempt("run", node, 1)
    files.create()
    files.stdout.write_bytes(data)
    files.ended.write_bytes(ended)
    return files


class Meanwhile(io.BytesIO):
    """Does something as soon as the first of what is saved comes out."""

    def __init__(self, does: Callable[[], object]) -> None:
        super().__init__()
        self._does: Callable[[], object] | None = does

    def write(self, data: object, /) -> int:
        if does := self._does:
            self._does = None
            does()
        return super().write(data)  # type: ignore[arg-type]


def carry(spool: Spool, other: Spool, saved: io.BytesIO | None = None) -> None:
    """Saves one and brings it into the other, to the very place."""
    saved = saved or io.BytesIO()
    spool_tar.save(spool.root, saved)
    saved.seek(0)
    spool_tar.bring(other.root, saved)
    spool_tar.take_place(other.root, saved)
    spool_tar.forget(other.root, saved)


def test_what_runs_have_comes_back_as_it_was(spool: Spool, other: Spool) -> None:
    files = new_attempt(spool, data=DATA, ended=ENDED)
    spool.input("run").write_text("given")
    second = spool.input("again")
    second.parent.mkdir(mode=0o700)
    os.link(spool.input("run"), second)
    carry(spool, other)
    back = other.attempt("run", "a", 1)
    assert back.stdout.read_bytes() == DATA
    assert back.ended.read_bytes() == ENDED
    assert stat.S_ISFIFO(back.gate.stat().st_mode)
    assert stat.S_IMODE(back.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(back.stdout.stat().st_mode) == stat.S_IMODE(files.stdout.stat().st_mode)
    assert other.input("again").read_text() == "given"
    assert other.input("again").samefile(other.input("run"))
    assert os.listdir(other.root) == ["runs"]


def test_a_step_that_ends_while_it_is_saved_has_not_ended_in_the_backup(spool: Spool, other: Spool) -> None:
    new_attempt(spool, "a-first", data=DATA)  # keeps the saving busy
    late = new_attempt(spool, data=b"half")

    def ends() -> None:
        late.stdout.write_bytes(b"half and half")
        late.ended.write_bytes(ENDED)

    carry(spool, other, Meanwhile(ends))
    assert not any(other.attempt("run", "a", 1).ended.read_bytes())


def test_what_begins_grows_shrinks_or_goes_while_it_is_saved_spoils_nothing(
    spool: Spool, other: Spool
) -> None:
    grows, shrinks = (new_attempt(spool, node, data=DATA) for node in ("a-grows", "b-shrinks"))
    goes = new_attempt(spool, "c-goes")
    whole = new_attempt(spool, "z", data=b"whole", ended=ENDED)

    def change() -> None:
        with grows.stdout.open("ab") as file:
            file.write(DATA)
        os.truncate(shrinks.stdout, 10)
        shutil.rmtree(goes.folder.parent)
        new_attempt(spool, "y-begins", data=b"more", ended=ENDED)

    carry(spool, other, Meanwhile(change))
    back = other.attempt("run", "z", 1)
    assert back.stdout.read_bytes() == whole.stdout.read_bytes()
    assert back.ended.read_bytes() == ENDED
    assert not other.attempt("run", "c-goes", 1).exists()
    assert other.attempt("run", "a-grows", 1).stdout.read_bytes().startswith(DATA)


@pytest.mark.parametrize("kept", [0, 300, 512, 1024, 20_000, 4 * 512, len(DATA) // 2])
def test_data_that_do_not_come_whole_leave_what_was_there(spool: Spool, other: Spool, kept: int) -> None:
    new_attempt(spool, data=DATA)
    new_attempt(other, data=b"there before")
    saved = io.BytesIO()
    spool_tar.save(spool.root, saved)
    with pytest.raises(tarfile.ReadError):
        spool_tar.bring(other.root, io.BytesIO(saved.getvalue()[:kept]))
    assert os.listdir(other.root) == ["runs"]
    assert other.attempt("run", "a", 1).stdout.read_bytes() == b"there before"


def test_what_took_the_place_of_other_data_can_be_put_back(spool: Spool, other: Spool) -> None:
    new_attempt(spool, data=b"of the backup")
    new_attempt(other, data=b"there before")
    saved = io.BytesIO()
    spool_tar.save(spool.root, saved)
    saved.seek(0)
    spool_tar.bring(other.root, saved)
    assert other.attempt("run", "a", 1).stdout.read_bytes() == b"there before"
    spool_tar.take_place(other.root, saved)
    assert other.attempt("run", "a", 1).stdout.read_bytes() == b"of the backup"
    spool_tar.put_back(other.root, saved)
    spool_tar.drop_new(other.root, saved)
    assert other.attempt("run", "a", 1).stdout.read_bytes() == b"there before"
    assert os.listdir(other.root) == ["runs"]


@pytest.mark.parametrize("name", ["runs/../../elsewhere", "/etc/passwd", "elsewhere/x"])
def test_nothing_is_brought_to_where_it_does_not_belong(other: Spool, name: str) -> None:
    saved = io.BytesIO()
    with tarfile.open(fileobj=saved, mode="w") as made:
        made.addfile(tarfile.TarInfo(name))
    saved.seek(0)
    with pytest.raises(tarfile.ReadError, match="no file of a run"):
        spool_tar.bring(other.root, saved)
    assert os.listdir(other.root) == []


def save(target: Path, **parts: str) -> None:
    with archive.new(target) as writer:
        for name, text in parts.items():
            writer.add(name, text)


WHOLE = {"secret-key": "s", "installation": "i", "database": "d" * 1000, "spool.tar": "f"}


def test_a_backup_is_a_plain_tar_that_only_its_owner_reads(tmp_path: Path) -> None:
    file = tmp_path / "saved.tar"
    save(file, **WHOLE)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    listed = subprocess.run(["tar", "-tf", file], capture_output=True, text=True, check=True).stdout
    assert listed.split() == list(WHOLE)
    with archive.opened(file) as saved:
        assert saved.text("database") == WHOLE["database"]
        assert saved.has_database
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("missing", sorted(WHOLE))
def test_a_backup_that_lacks_a_part_is_not_a_whole_one(tmp_path: Path, missing: str) -> None:
    file = tmp_path / "saved.tar"
    save(file, **{name: text for name, text in WHOLE.items() if name != missing})
    with pytest.raises(Trouble, match=f"not a whole one.*{missing}"):
        restore.restore([str(file)])


def test_only_a_backup_that_says_so_may_do_without_a_database(tmp_path: Path) -> None:
    file = tmp_path / "saved.tar"
    files = {name: text for name, text in WHOLE.items() if name != "database"}
    save(file, about=json.dumps({"has_database": False}), **files)
    with archive.opened(file) as saved:
        assert not saved.has_database


@pytest.mark.parametrize("kept", [0, 100, 512, 2000, 3000])
def test_a_file_that_was_cut_or_is_none_is_told_so(tmp_path: Path, kept: int) -> None:
    file = tmp_path / "saved.tar"
    save(file, **WHOLE)
    os.truncate(file, kept)
    with pytest.raises(Trouble, match="no backup of Composer, or not a whole one"):
        restore.restore([str(file)])


def test_a_backup_never_takes_the_place_of_another_file(tmp_path: Path) -> None:
    file = tmp_path / "saved.tar"
    file.touch()
    with pytest.raises(Trouble, match="exists"):
        backup.backup([str(file)])
    with pytest.raises(Trouble, match="FILE="):
        restore.restore([])


def save_on_a_full_disk(target: Path) -> None:
    """/dev/full says what a full disk says."""
    with archive.new(target) as writer, writer.part("database") as taken:
        taken.write(b"half")
        Path("/dev/full").write_bytes(b"and no more")


def test_a_disk_that_gets_full_is_told_in_words_and_no_half_file_is_left(tmp_path: Path) -> None:
    file = tmp_path / "saved.tar"
    words = f"{file} could not be written: {os.strerror(errno.ENOSPC)}"
    with pytest.raises(Trouble, match=words):
        save_on_a_full_disk(file)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_which_nothing_can_be_made_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Trouble, match="could not be written"):
        save(tmp_path / "file" / "saved.tar", **WHOLE)


def test_a_disk_with_too_little_room_is_told_how_much_is_missing() -> None:
    archive.check_room("The disk", free=100, needed=100, cure="")
    with pytest.raises(Trouble, match=r"The disk has 1\.5 GB left.* 500\.0 MB are missing\. Make room"):
        archive.check_room("The disk", free=1_500_000_000, needed=2_000_000_000, cure="Make room.")


@pytest.mark.parametrize(
    ("place", "is_the_stacks"),
    [
        (Place("django.db.backends.postgresql", "database", "composer"), True),
        (Place("django.db.backends.postgresql", "db.example.org", "composer"), False),
        (Place("django.db.backends.postgresql", "/run/postgresql", "composer"), False),
        (Place("django.db.backends.sqlite3", "", "/spool/composer.sqlite3"), False),
    ],
)
def test_a_database_of_ones_own_is_never_taken_for_the_stacks(place: Place, is_the_stacks: bool) -> None:
    assert place.is_the_stacks == is_the_stacks


@pytest.mark.parametrize(
    ("host", "only_files", "words"),
    [
        ("database", True, "The database is in the stack"),
        ("db.example.org", False, r"composer on db\.example\.org.* not saved here.* PARTS=files"),
    ],
)
def test_what_is_to_be_saved_must_fit_the_database_that_is_used(
    host: str, only_files: bool, words: str
) -> None:
    place = Place("django.db.backends.postgresql", host, "composer")
    backup.check(place, only_files=not only_files)
    with pytest.raises(Trouble, match=words):
        backup.check(place, only_files=only_files)


def test_which_parts_are_wanted_is_one_of_two_words(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not backup.wants_only_files()
    monkeypatch.setenv("PARTS", "files")
    assert backup.wants_only_files()
    monkeypatch.setenv("PARTS", "some")
    with pytest.raises(Trouble, match="PARTS is “some”"):
        backup.wants_only_files()


@pytest.mark.parametrize("target", ["backup", "restore"])
def test_a_name_with_spaces_and_quotation_marks_reaches_it_in_one_piece(target: str) -> None:
    name = "/mnt/my disk/x 'y' \"z\".tar"
    command = ["make", target, "PYTHON=printf '[%s]'", f"FILE={name}"]
    # As by hand: a make that these tests are run by says where it is, and what it was given.
    alone = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))}
    said = subprocess.run(command, cwd=ROOT, env=alone, capture_output=True, text=True, check=True).stdout
    assert said == f"[-m][composer.boot][{target}][{name}]"
