"""As a holder it keeps a namespace, reaps, and ends when it is told."""

import signal
import subprocess
import time
from pathlib import Path

import pytest


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("name", ["hold", "/hold", "some/where/hold"])
def test_it_waits_until_it_is_told_to_end(program: Path, name: str, number: int) -> None:
    holder = subprocess.Popen([name], executable=program, env={})
    for harmless in (signal.SIGCHLD, signal.SIGUSR1, signal.SIGPIPE):
        while not _listens(holder.pid):
            time.sleep(0.005)
        holder.send_signal(harmless)
    assert holder.poll() is None
    holder.send_signal(number)
    assert holder.wait() == 0


def test_a_name_that_only_begins_so_is_no_holder(program: Path) -> None:
    done = subprocess.run(["holder"], executable=program, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 125


def _listens(pid: int) -> bool:
    """True once it has blocked its signals, to read them from a descriptor."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(status["SigBlk"], 16) & 1 << (signal.SIGTERM - 1) != 0
