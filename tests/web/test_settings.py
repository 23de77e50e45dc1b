"""Settings come from the environment; a wrong one ends the program and is named."""

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

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
            "DATABASE_URL": "",
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
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700
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
        ("DATABASE_URL", "postgresql://db:many/composer"),
        ("SECRET_KEY_FILE", "/no/such/file"),
        ("COMPOSER_SPOOL_ON_ENGINE", "volumes/spool"),
        ("COMPOSER_ALLOWED_REGISTRIES", "https://ghcr.io"),
        ("COMPOSER_ALLOWED_REGISTRIES", "docker.io ghcr.io"),
        ("ALLOWED_HOSTS", "https://composer.example.org"),
        ("ALLOWED_HOSTS", "composer.example.org:8000"),
        ("ALLOWED_HOSTS", ","),
    ],
)
def test_a_wrong_setting_is_named_at_the_start(tmp_path: Path, name: str, value: str) -> None:
    done = start(tmp_path, **{name: value})
    assert done.returncode != 0
    assert name in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REDIS_URL", "reids://:hunter2@127.0.0.1:6379/0"),
        ("REDIS_URL", "redis://:hunter2/x@127.0.0.1:6379/0"),
        ("DATABASE_URL", "postgresql://me:hunter2/x@db/composer"),
        ("DATABASE_URL", "me:hunter2@db/composer"),
    ],
)
def test_a_wrong_address_is_told_without_its_password(tmp_path: Path, name: str, value: str) -> None:
    done = start(tmp_path, **{name: value})
    assert done.returncode != 0
    assert name in done.stderr
    assert "hunter2" not in done.stderr + done.stdout


def test_lists_may_be_written_with_spaces_and_capitals_and_registries_may_be_none() -> None:
    read = environment.Environment(
        composer_allowed_registries="Docker.io, registry.example.org:5000",
        allowed_hosts="Composer.example.org, .example.com,127.0.0.1, [::1]",
    )
    assert read.composer_allowed_registries == "docker.io,registry.example.org:5000"
    assert read.allowed_hosts == "composer.example.org,.example.com,127.0.0.1,[::1]"
    assert environment.Environment(composer_allowed_registries="").composer_allowed_registries == ""


def test_a_database_is_named_by_its_address() -> None:
    made: dict[str, Any] = environment.database("postgresql://me:p%40ss@db:5433/composer", Path("/nowhere"))
    wanted = {"NAME": "composer", "USER": "me", "PASSWORD": "p@ss", "HOST": "db", "PORT": "5433"}
    assert wanted.items() <= made.items()
    assert made["ENGINE"].endswith("postgresql")


def test_what_an_address_asks_of_the_database_is_handed_on() -> None:
    made = environment.database(
        "postgresql://me@/composer?host=/run/pg&sslmode=disable", Path("/nowhere"), "pw"
    )
    assert {"HOST": "/run/pg", "PASSWORD": "pw", "OPTIONS": {"sslmode": "disable"}}.items() <= made.items()


def test_the_password_of_redis_is_put_into_its_address_unless_it_is_there() -> None:
    assert environment.with_password("redis://r:6379/0", "p/w") == "redis://:p%2Fw@r:6379/0"
    assert environment.with_password("redis://:own@r:6379/0", "pw") == "redis://:own@r:6379/0"
    assert environment.with_password("redis://r:6379/0", "") == "redis://r:6379/0"


def test_a_secret_can_be_given_as_a_file_but_not_twice(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("of-a-file\n")
    given = {"DATABASE_PASSWORD_FILE": str(file)}
    assert environment.from_files(given) == {"database_password": "of-a-file"}
    with pytest.raises(environment.WrongSetting, match="DATABASE_PASSWORD"):
        environment.from_files({**given, "DATABASE_PASSWORD": "another"})


def test_behind_a_proxy_that_ends_tls_django_finds_nothing_to_say(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env={**os.environ, "COMPOSER_VAR": str(tmp_path), "COMPOSER_HTTPS": "true"},
        cwd=environment.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "System check identified no issues" in done.stdout


def test_a_visitor_is_sent_on_to_https_and_a_health_check_is_not(
    client: Any, settings: Any, db: None
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert client.get("/sign-in/")["Location"] == "https://testserver/sign-in/"
    assert client.get("/sign-in/", headers={"X-Forwarded-Proto": "https"}).status_code == 200
    assert client.get("/healthz").status_code in (200, 503)


@pytest.mark.parametrize(
    ("url", "path"), [("sqlite:////data/c.sqlite3", "/data/c.sqlite3"), ("sqlite:///c.sqlite3", "c.sqlite3")]
)
def test_sqlite_can_lie_elsewhere(url: str, path: str) -> None:
    assert environment.database(url, Path("/nowhere"))["NAME"] == Path(path)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="of SQLite")
@pytest.mark.django_db
def test_sqlite_bears_several_processes() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone() == ("wal",)
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone() == (1,)  # NORMAL
