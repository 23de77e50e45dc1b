"""What the containers do at their start, tried without any."""

import fcntl
import os
import stat
from pathlib import Path

import pytest

from composer.boot import health, inside, keys
from composer.boot.telling import Trouble


def test_keys_are_made_once_and_nobody_else_may_read_them(tmp_path: Path) -> None:
    made = keys.make({}, tmp_path, tmp_path / "nothing")
    assert sorted(made) == ["database-password", "installation", "redis-password", "secret-key"]
    before = {name: (tmp_path / name).read_text() for name in made}
    assert len(set(before.values())) == len(before)
    assert all(stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600 for name in made)
    assert keys.make({}, tmp_path, tmp_path / "nothing") == []
    assert before == {name: (tmp_path / name).read_text() for name in made}


def test_a_key_that_is_given_is_kept_instead_from_the_environment_or_a_file(tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.mkdir()
    (given / "redis-password").write_text("of-a-file\n")
    made = keys.make({"SECRET_KEY": "of-the-environment"}, tmp_path, given)
    assert (tmp_path / "secret-key").read_text() == "of-the-environment"
    assert (tmp_path / "redis-password").read_text() == "of-a-file"
    assert sorted(made) == ["database-password", "installation"]


@pytest.mark.parametrize("bad", ["two words", "a\nb", "a'b", 'a"b'])
def test_a_password_that_a_configuration_cannot_hold_is_refused(tmp_path: Path, bad: str) -> None:
    with pytest.raises(Trouble, match="REDIS_PASSWORD"):
        keys.make({"REDIS_PASSWORD": bad}, tmp_path, tmp_path)


@pytest.mark.parametrize("bad", ["none", "0", "-1", "1.5"])
def test_a_number_of_web_processes_that_is_none_is_named(tmp_path: Path, bad: str) -> None:
    with pytest.raises(Trouble, match="COMPOSER_WEB_PROCESSES"):
        inside.web({"COMPOSER_SPOOL": str(tmp_path), "COMPOSER_WEB_PROCESSES": bad})


def test_a_new_gate_takes_its_place_in_one_move(tmp_path: Path) -> None:
    source, target = tmp_path / "gate", tmp_path / "spool" / "gate" / "run"
    target.parent.parent.mkdir()
    source.write_text("old")
    inside.install_gate(source, target)
    with target.open() as running:
        source.write_text("new")
        inside.install_gate(source, target)
        assert running.read() == "old"
    assert target.read_text() == "new"
    assert os.access(target, os.X_OK)
    assert list(target.parent.iterdir()) == [target]


def test_a_worker_is_well_while_a_process_of_its_container_holds_its_lock(tmp_path: Path) -> None:
    lock = tmp_path / "name.lock"
    assert not health.holds_a_lock(tmp_path)
    with lock.open("w") as file:
        assert not health.holds_a_lock(tmp_path)
        fcntl.flock(file, fcntl.LOCK_EX)
        assert health.holds_a_lock(tmp_path)
    assert not health.holds_a_lock(tmp_path)


def test_web_that_does_not_answer_is_not_well() -> None:
    assert not health.web_answers(1, "example.org")
