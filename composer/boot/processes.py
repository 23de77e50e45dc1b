"""The processes of Composer under supervisor, which starts again what dies."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from composer.boot import places

_HEAD = """\
[supervisord]
nodaemon=true
logfile={logs}/supervisor.log
logfile_maxbytes=1MB
logfile_backups=1
pidfile={var}/supervisor.pid
childlogdir={logs}
"""

# startretries: a process that dies at once is tried again for as long as Composer is wanted.
_PROGRAM = """
[program:{name}]
command={command}
directory={root}
autorestart=true
startsecs=1
startretries=1000000
stopwaitsecs={patience}
priority={priority}
redirect_stderr=true
stdout_logfile={logs}/{name}.log
stdout_logfile_maxbytes=5MB
stdout_logfile_backups=2
"""


def programs(host: str, port: int, redis: Sequence[str]) -> dict[str, tuple[Sequence[str], int]]:
    """Each process's command, and the seconds it has to end. In the order of starting."""
    python = str(places.python())
    celery = [python, "-m", "celery", "--app", "composer.celery", "--quiet"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO"]
    web = [python, "-m", "uvicorn", "composer.asgi:application", "--host", host, "--port", str(port)]
    schedule = ["--schedule", str(places.var() / "beat-schedule"), "--pidfile=", "--loglevel", "WARNING"]
    return {
        **({"redis": (redis, 5)} if redis else {}),
        "web": ([*web, "--lifespan", "off", "--no-access-log", "--timeout-graceful-shutdown", "3"], 6),
        "worker": ([*celery, "worker", "--pool", "threads", *quiet, "--hostname", "worker@%%h"], 20),
        "beat": ([*celery, "beat", *schedule], 5),
    }


def write_settings(listed: Mapping[str, tuple[Sequence[str], int]]) -> Path:
    """Writes supervisor's settings; returns their path. They hold no secret: those are in the environment."""
    places_used = {"logs": places.logs(), "var": places.var(), "root": places.ROOT}
    text = _HEAD.format(**places_used)
    for number, (name, (command, patience)) in enumerate(listed.items()):
        line = " ".join(_quoted(part) for part in command)
        text += _PROGRAM.format(name=name, command=line, patience=patience, priority=number, **places_used)
    path = places.var() / "supervisor.conf"
    path.write_text(text)
    return path


def _quoted(part: str) -> str:
    return f'"{part}"' if " " in part else part


def start(settings: Path, environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """Starts supervisor with all the processes, in a session of its own: Ctrl-C is for us to handle."""
    command = [str(places.python()), "-m", "supervisor.supervisord", "--configuration", str(settings)]
    (places.logs() / "supervisor.log").write_text("")  # what it says of this start alone
    with (places.logs() / "supervisor-output.log").open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=places.ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
