"""The parts of `make run` that need no whole start."""

import configparser
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from composer.boot import build, places, processes, redis, run, stamps
from composer.boot.telling import Stage, Trouble, stage


@pytest.fixture(autouse=True)
def own_state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COMPOSER_VAR", str(tmp_path))


def test_what_was_done_is_not_done_again_until_it_changes() -> None:
    assert not stamps.is_done("thing", "a")
    stamps.set_done("thing", "a")
    assert stamps.is_done("thing", "a")
    assert not stamps.is_done("thing", "b")


def test_a_digest_changes_with_any_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(places, "ROOT", tmp_path)
    folder = tmp_path / "deep" / "folder"
    folder.mkdir(parents=True)
    (folder / "file").write_text("one")
    made = [stamps.digest([tmp_path / "deep"]), stamps.digest([tmp_path / "deep"], "more")]
    assert stamps.digest([tmp_path / "deep"]) == made[0]
    (folder / "file").write_text("two")
    made.append(stamps.digest([tmp_path / "deep"]))
    (folder / "file").rename(folder / "other")
    made.append(stamps.digest([tmp_path / "deep"]))
    (folder / "further").touch()
    made.append(stamps.digest([tmp_path / "deep"]))
    assert len(set(made)) == 5


def test_the_steps_of_the_samples_are_known_before_any_package_is_installed() -> None:
    steps = run.steps_of_samples()
    assert {"make-words", "keep-rows", "draw-chart"} <= set(steps)
    assert all((places.ROOT / "composer" / "catalog" / "steps" / slug).is_dir() for slug in steps)


def test_supervisor_reads_our_settings_and_starts_again_what_dies() -> None:
    settings = processes.write_settings(processes.programs("127.0.0.1", 8000, ["redis-server", "x.conf"]))
    read = configparser.ConfigParser(interpolation=None)
    read.read(settings)
    assert {"program:redis", "program:web", "program:worker", "program:beat"} <= set(read.sections())
    assert all(read[name]["autorestart"] == "true" for name in read.sections() if name.startswith("program:"))


def test_no_password_is_in_supervisors_settings() -> None:
    told = Stage("Redis")
    os.environ.pop("REDIS_URL", None)
    places.python().parent.mkdir(parents=True)
    places.python().write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    places.python().chmod(0o755)
    chosen = redis.choose(told)
    settings = processes.write_settings(processes.programs("127.0.0.1", 8000, chosen.command))
    password = chosen.url.split(":")[2].split("@")[0]
    assert password
    assert password not in settings.read_text()
    assert (places.var() / "redis" / "redis.conf").stat().st_mode & 0o077 == 0


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_nobody_else_can_look_into_the_state_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COMPOSER_VAR", str(tmp_path / "new"))
    assert (mode(places.var()), mode(places.logs())) == (0o700, 0o700)
    monkeypatch.delenv("COMPOSER_VAR")
    monkeypatch.setattr(places, "ROOT", tmp_path / "project")
    (tmp_path / "project" / "var").mkdir(mode=0o755, parents=True)
    assert mode(places.var()) == 0o700


def test_a_folder_that_somebody_chose_keeps_its_mode_and_what_lies_in_it_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "logs").mkdir(mode=0o755)
    (tmp_path / "composer.sqlite3-wal").touch(mode=0o644)
    python = tmp_path / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\n")
    python.chmod(0o755)
    build.database(Stage("Database"), {})
    assert mode(places.var()) == 0o755
    closed = (places.logs(), tmp_path / "composer.sqlite3", tmp_path / "composer.sqlite3-wal")
    assert [mode(path) & 0o077 for path in closed] == [0, 0, 0]


def test_a_sign_in_link_is_shown_and_kept_in_no_log(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    python = tmp_path / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\necho /sign-in/by-link/; echo all went well >&2\n")
    python.chmod(0o755)
    run.link()
    run._welcome("http://here", {})
    assert capsys.readouterr().out.count("/sign-in/by-link/") == 2
    log = (places.logs() / "start.log").read_text()
    assert "all went well" in log
    assert "by-link" not in log


def test_a_redis_url_that_is_no_address_is_told_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://:hunter2/x@127.0.0.1:1/0")
    with pytest.raises(Trouble, match="REDIS_URL") as caught:
        redis.choose(Stage("Redis"))
    assert "hunter2" not in str(caught.value)


def test_a_redis_url_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    with pytest.raises(Trouble, match="unset REDIS_URL"):
        redis.choose(Stage("Redis"))


def test_a_stage_tells_how_it_went_and_how_long_it_took(capsys: pytest.CaptureFixture[str]) -> None:
    with stage("Thing") as told:
        told.say("well")
    assert capsys.readouterr().out.startswith("✓ Thing")
    with pytest.raises(Trouble), stage("Thing"):
        raise Trouble("no")
    assert "✗ Thing" in capsys.readouterr().out


def test_an_unknown_command_is_told_without_a_traceback() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "composer.boot", "jump"],
        cwd=places.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "There is no “jump”" in done.stderr
    assert "Traceback" not in done.stderr
