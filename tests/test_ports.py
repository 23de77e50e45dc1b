"""Two servers of tests never meet at one port."""

import subprocess
import sys

import pytest

from tests import ports
from tests.stack import ROOT


def test_a_port_is_given_once_though_nobody_listens_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    port = ports.free_port()
    monkeypatch.setattr(ports, "OURS", range(port, port + 1))
    with pytest.raises(OSError, match="in use"):
        ports.free_port()


def test_another_process_is_not_given_it_either() -> None:
    port = ports.free_port()
    script = f"from tests import ports; ports.OURS = range({port}, {port + 1}); ports.free_port()"
    python = [sys.executable, "-c", script]
    done = subprocess.run(python, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "Every port for tests is in use" in done.stderr
