"""Sending a run never takes long: who starts one does not wait for Redis, nor do leases."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ports import free_port
from tests.stack import ROOT, redis_server

Process = subprocess.Popen[str]

#: Sends a run for each line that it is given, and prints what came of it.
SENDER = """
import sys, uuid, django
django.setup()
from composer.runs import dispatch
for line in sys.stdin:
    print(dispatch.send(uuid.uuid4()), flush=True)
"""


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def server(port: int, tmp_path: Path) -> Iterator[Process]:
    """A Redis of its own, to be stopped at will."""
    flags = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    with subprocess.Popen([*redis_server(), *flags], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert any("Ready to accept connections" in line for line in process.stdout)
        yield process
        process.kill()


@pytest.fixture
def sender(port: int, server: Process, tmp_path: Path) -> Iterator[Process]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "composer.settings",
        "COMPOSER_VAR": str(tmp_path),
        "REDIS_URL": f"redis://127.0.0.1:{port}/0",
    }
    command = [sys.executable, "-c", SENDER]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as one:
        yield one
        one.kill()


def sent(sender: Process) -> bool:
    """Whether the next one was sent; the whole test hangs where that is never known."""
    assert sender.stdin is not None
    assert sender.stdout is not None
    sender.stdin.write("\n")
    sender.stdin.flush()
    return sender.stdout.readline() == "True\n"


def test_a_server_that_hangs_is_one_that_is_away(server: Process, sender: Process) -> None:
    assert sent(sender)
    server.send_signal(signal.SIGSTOP)
    assert not sent(sender)
    server.send_signal(signal.SIGCONT)
    assert sent(sender)
