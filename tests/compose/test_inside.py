"""What the containers do at their start, tried without any."""

import fcntl
import os
import socket
import stat
import threading
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


def test_a_gate_that_is_there_already_is_left_alone(tmp_path: Path) -> None:
    source, target = tmp_path / "gate", tmp_path / "run"
    source.write_text("same")
    inside.install_gate(source, target)
    before = target.stat().st_ino
    inside.install_gate(source, target)
    assert target.stat().st_ino == before


def test_each_server_gets_its_own_password_and_nothing_else(tmp_path: Path) -> None:
    database, redis = tmp_path / "for-database", tmp_path / "for-redis"
    database.mkdir()
    keys.make({"DATABASE_PASSWORD": "one", "REDIS_PASSWORD": "other"}, tmp_path, tmp_path / "nothing")
    keys.share(tmp_path, {"DATABASE_PASSWORD": database, "REDIS_PASSWORD": redis})
    [shared] = database.iterdir()
    assert (shared.name, shared.read_text()) == ("database-password", "one")
    assert stat.S_IMODE(shared.stat().st_mode) == 0o600
    assert not redis.exists()


@pytest.mark.parametrize("what", ["missing", "folder", "nobody listens"])
def test_a_worker_says_so_where_the_engine_cannot_be_reached(tmp_path: Path, what: str) -> None:
    path = tmp_path / "docker.sock"
    if what == "folder":  # what an engine makes of a path that was not there
        path.mkdir()
    elif what == "nobody listens":
        with socket.socket(socket.AF_UNIX) as left:
            left.bind(str(path))
    with pytest.raises(Trouble, match="ENGINE_SOCKET"):
        inside.check_socket(path)


def test_a_worker_begins_where_the_engine_listens(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "docker.sock"))
        listening.listen()
        inside.check_socket(tmp_path / "docker.sock")


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("http://localhost:8000", "localhost,127.0.0.1"),
        ("https://composer.example.org", ".example.org"),
        ("https://example.org", ".example.org"),
        ("http://[::1]:8000", "localhost, [::1]"),
        ("http://anything", "*"),
        ("", "localhost"),
    ],
)
def test_the_address_of_the_first_link_is_one_that_is_allowed(address: str, allowed: str) -> None:
    inside.check_address(address, allowed)


@pytest.mark.parametrize("allowed", ["localhost", "other.example.org", ".other.org", "ample.org"])
def test_an_address_that_would_be_refused_is_named_before_anybody_follows_it(allowed: str) -> None:
    with pytest.raises(Trouble, match=r"composer\.example\.org.*ALLOWED_HOSTS"):
        inside.check_address("https://composer.example.org", allowed)


def test_a_worker_is_well_while_a_process_of_its_container_holds_its_lock(tmp_path: Path) -> None:
    lock = tmp_path / "name.lock"
    assert not health.holds_a_lock(tmp_path)
    with lock.open("w") as file:
        assert not health.holds_a_lock(tmp_path)
        fcntl.flock(file, fcntl.LOCK_EX)
        assert health.holds_a_lock(tmp_path)
        os.utime(lock, (0, 0))  # it hangs, or has not reached the database for long
        assert not health.holds_a_lock(tmp_path)
    assert not health.holds_a_lock(tmp_path)


@pytest.mark.parametrize("status", [200, 500])
def test_a_worker_is_only_well_while_the_engine_answers(tmp_path: Path, status: int) -> None:
    path = str(tmp_path / "docker.sock")
    environment = {"DOCKER_HOST": f"unix://{path}"}
    assert not health.engine_answers(environment)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen()
        answering = threading.Thread(target=_answer, args=[listening, status])
        answering.start()
        assert health.engine_answers(environment) is (status == 200)
        answering.join()


def _answer(listening: socket.socket, status: int) -> None:
    client, _ = listening.accept()
    with client:
        assert client.recv(1000).startswith(b"GET /version HTTP/1.1\r\n")
        client.sendall(b"HTTP/1.1 %d Said\r\nContent-Length: 0\r\n\r\n" % status)


def test_beat_is_well_while_it_writes_its_schedule_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "SCHEDULE", tmp_path / "beat-schedule")
    assert not health.is_well("beat", {})
    written = tmp_path / "beat-schedule.db"
    written.touch()
    assert health.is_well("beat", {})
    os.utime(written, (0, 0))
    assert not health.is_well("beat", {})


def test_web_that_does_not_answer_is_not_well() -> None:
    assert not health.web_answers(1, "example.org")
