"""The settings that people make: environment variables, read once, refused loudly where wrong.

Each is described in docs/operators.md.
"""

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
MEBIBYTE = 1024 * 1024
#: For these a variable with _FILE behind its name may name a file that holds the value.
SECRETS = ("SECRET_KEY", "DATABASE_URL", "DATABASE_PASSWORD", "REDIS_URL", "REDIS_PASSWORD")
NO_ADDRESS = "is no address; write / @ : # in a password as %2F %40 %3A %23"


_REGISTRY = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?")
_HOST = re.compile(r"\*|\.?[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\]")


class Environment(BaseSettings):
    """One field for each variable; names are upper case in the environment."""

    model_config = SettingsConfigDict(case_sensitive=False, extra="ignore")

    composer_var: Path = ROOT / "var"
    composer_spool: Path | None = None
    composer_spool_on_engine: Path | None = None
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
    database_password: str = ""
    redis_url: str = "redis://127.0.0.1:6379/0"
    redis_password: str = ""
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)

    @field_validator("composer_var", "composer_spool", "composer_gate")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        return path.absolute() if path else None

    @field_validator("composer_spool_on_engine", mode="before")
    @classmethod
    def _nothing_is_none(cls, given: object) -> object:
        return given or None

    @field_validator("composer_spool_on_engine")
    @classmethod
    def _begins_at_the_root(cls, path: Path | None) -> Path | None:
        if path is not None and not path.is_absolute():
            raise ValueError("must be a whole path, which begins with /")
        return path

    @field_validator("composer_allowed_registries")
    @classmethod
    def _are_registries(cls, given: str) -> str:
        names = _listed(given)
        if not all(_REGISTRY.fullmatch(name) for name in names):
            raise ValueError("must be names such as docker.io, ghcr.io, separated by commas")
        return ",".join(names)

    @field_validator("allowed_hosts")
    @classmethod
    def _are_hosts(cls, given: str) -> str:
        names = _listed(given)
        if not names or not all(_HOST.fullmatch(name) for name in names):
            raise ValueError(
                "must be names such as composer.example.org, separated by commas; no http://, no port"
            )
        return ",".join(names)

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
        if not is_address(url):
            raise ValueError(NO_ADDRESS)
        return url


def _listed(given: str) -> list[str]:
    return [name.strip().lower() for name in given.split(",") if name.strip()]


class WrongSetting(SystemExit):
    """A setting has a value that Composer cannot work with."""


def read() -> Environment:
    """The settings. Ends the program with one sentence per wrong one."""
    try:
        return Environment(**from_files(os.environ))
    except ValidationError as error:
        lines = [_wrong(".".join(map(str, e["loc"])).upper(), e["msg"], e["input"]) for e in error.errors()]
        raise WrongSetting("These settings are wrong:\n  " + "\n  ".join(lines)) from None


def _wrong(name: str, message: str, value: object) -> str:
    """What is wrong with a setting; a secret is told to nobody, also where it is mistyped."""
    return f"{name}: {message}" if name in SECRETS else f"{name}: {message} (it is {value!r})"


def is_address(url: str) -> bool:
    """Whether its parts can be told apart. Python's own words for that hold a part of the password."""
    try:
        _ = urlsplit(url).port
    except ValueError:
        return False
    return True


def from_files(variables: Mapping[str, str]) -> dict[str, Any]:
    """The secrets that are given as files. Ends the program where one cannot be read, or is given twice."""
    found = {}
    for name in SECRETS:
        path = variables.get(f"{name}_FILE")
        if not path:
            continue
        if variables.get(name):
            raise WrongSetting(f"{name} and {name}_FILE are both set. Choose one.")
        try:
            found[name.lower()] = Path(path).read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            raise WrongSetting(f"{name}_FILE: {path} cannot be read ({error})") from None
    return found


def with_password(url: str, password: str) -> str:
    """An address of Redis with the password in it, unless it names one itself."""
    scheme, _, rest = url.partition("://")
    if not password or scheme == "unix" or "@" in rest:
        return url
    return f"{scheme}://:{quote(password, safe='')}@{rest}"


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


def database(url: str, var: Path, password: str = "") -> dict[str, Any]:
    """Django's description of a database: SQLite under the state folder, or what DATABASE_URL names."""
    if not url:
        return sqlite(var / "composer.sqlite3")
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite":
        return sqlite(Path(rest.removeprefix("/")))  # a fourth slash: from the root on
    if scheme not in ("postgres", "postgresql"):
        raise WrongSetting("DATABASE_URL: must begin with postgresql:// or sqlite://")
    if not is_address(url):
        raise WrongSetting(f"DATABASE_URL: {NO_ADDRESS}")
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or "") or password,
        "HOST": options.pop("host", parts.hostname or ""),  # a folder, where the server has a socket
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,  # see sqlite()
        "OPTIONS": options,  # sslmode and the like
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
