"""Settings come from the environment; a wrong one ends the program and is named."""

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from composer import environment


def start(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Loads the settings in a process of its own."""
    ask = "from django.conf import settings; print(settings.DATABASES['default']['NAME'])"
    return subprocess.run(
        [sys.executable, "-c", ask],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "composer.settings",
            "COMPOSER_VAR": str(tmp_path / "state"),
            **variables,
        },
        cwd=environment.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_any_setting_all_state_lies_in_one_folder(tmp_path: Path) -> None:
    done = start(tmp_path)
    assert done.returncode == 0, done.stderr
    assert str(tmp_path / "state" / "composer.sqlite3") in done.stdout
    secret = tmp_path / "state" / "secret-key"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    before = secret.read_text()
    assert len(before) >= 50
    start(tmp_path)
    assert secret.read_text() == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("COMPOSER_WORKER_RUNS", "0"),
        ("COMPOSER_JSON_MAX", "10 MB"),
        ("COMPOSER_DEBUG", "perhaps"),
        ("COMPOSER_LOG_LEVEL", "LOUD"),
        ("COMPOSER_CARRIER", "pigeon"),
        ("REDIS_URL", "http://127.0.0.1"),
        ("DATABASE_URL", "mysql://db/composer"),
    ],
)
def test_a_wrong_setting_is_named_at_the_start(tmp_path: Path, name: str, value: str) -> None:
    done = start(tmp_path, **{name: value})
    assert done.returncode != 0
    assert name in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_is_named_by_its_address() -> None:
    made: dict[str, Any] = environment.database("postgresql://me:p%40ss@db:5433/composer", Path("/nowhere"))
    wanted = {"NAME": "composer", "USER": "me", "PASSWORD": "p@ss", "HOST": "db", "PORT": "5433"}
    assert wanted.items() <= made.items()
    assert made["ENGINE"].endswith("postgresql")


@pytest.mark.parametrize(
    ("url", "path"), [("sqlite:////data/c.sqlite3", "/data/c.sqlite3"), ("sqlite:///c.sqlite3", "c.sqlite3")]
)
def test_sqlite_can_lie_elsewhere(url: str, path: str) -> None:
    assert environment.database(url, Path("/nowhere"))["NAME"] == Path(path)


@pytest.mark.django_db
def test_sqlite_bears_several_processes() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone() == ("wal",)
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone() == (1,)  # NORMAL
