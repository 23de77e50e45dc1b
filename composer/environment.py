"""The settings that people make: environment variables, read once, refused loudly where wrong.

Each is described in docs/operators.md.
"""

import os
import secrets
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
MEBIBYTE = 1024 * 1024


class Environment(BaseSettings):
    """One field for each variable; names are upper case in the environment."""

    model_config = SettingsConfigDict(case_sensitive=False, extra="ignore")

    composer_var: Path = ROOT / "var"
    composer_spool: Path | None = None
    composer_gate: Path | None = None
    composer_carrier: Literal["auto", "files", "attach"] = "auto"
    composer_debug: bool = False
    composer_installation: str = ""
    composer_worker_runs: int = Field(default=24, ge=1, le=500)
    composer_allowed_registries: str = "docker.io"
    composer_input_max: int = Field(default=2048 * MEBIBYTE, ge=1)
    composer_json_max: int = Field(default=10 * MEBIBYTE, ge=1024)
    composer_armed_memory: int = Field(default=512 * MEBIBYTE, ge=0)
    composer_armed_idle: float = Field(default=1800.0, gt=0)
    composer_https: bool = False
    composer_log_level: str = "INFO"
    secret_key: str = ""
    allowed_hosts: str = "localhost,127.0.0.1,[::1]"
    database_url: str = ""
    redis_url: str = "redis://127.0.0.1:6379/0"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)

    @field_validator("composer_var", "composer_spool", "composer_gate")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        return path.absolute() if path else None

    @field_validator("composer_log_level")
    @classmethod
    def _known_level(cls, level: str) -> str:
        if level.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
        return level.upper()

    @field_validator("redis_url")
    @classmethod
    def _is_redis(cls, url: str) -> str:
        if not url.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("must begin with redis://, rediss:// or unix://")
        return url


class WrongSetting(SystemExit):
    """A setting has a value that Composer cannot work with."""


def read() -> Environment:
    """The settings. Ends the program with one sentence per wrong one."""
    try:
        return Environment()
    except ValidationError as error:
        lines = [
            f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg']} (it is {e['input']!r})"
            for e in error.errors()
        ]
        raise WrongSetting("These settings are wrong:\n  " + "\n  ".join(lines)) from None


def kept_secret(given: str, path: Path, *, length: int = 50) -> str:
    """A value from the environment, else one that is made once and kept in a file only we can read."""
    if given:
        return given
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    made = secrets.token_hex(length // 2)
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process was quicker
        return path.read_text().strip()
    with os.fdopen(fd, "w") as file:
        file.write(made)
    return made


def database(url: str, var: Path) -> dict[str, Any]:
    """Django's description of a database: SQLite under the state folder, or what DATABASE_URL names."""
    if not url:
        return sqlite(var / "composer.sqlite3")
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite":
        return sqlite(Path(rest.removeprefix("/")))  # a fourth slash: from the root on
    if scheme not in ("postgres", "postgresql"):
        raise WrongSetting(
            f"DATABASE_URL: must begin with postgresql:// or sqlite:// (it begins with {scheme}://)"
        )
    from urllib.parse import unquote, urlsplit  # noqa: PLC0415 - only where a server is named

    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,  # see sqlite()
    }


def sqlite(path: Path) -> dict[str, Any]:
    """SQLite as several processes can share it: WAL, and writers that queue instead of failing."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": 0,  # under ASGI every request has a thread of its own, which would keep one open
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 5,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;",
        },
    }
