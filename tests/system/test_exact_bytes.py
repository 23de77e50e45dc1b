"""What goes in at one end comes out at the other: uploaded, through three containers, downloaded."""

import hashlib
import os
from collections.abc import Iterator

import pytest

from tests.stack import Stack
from tests.system.flows import Flows
from tests.system.processes import forget_peak, peak, resident

MEGABYTE = 1024 * 1024
ROOM = 50 * MEGABYTE  # by which a process may grow: half of the largest data


@pytest.fixture(scope="module")
def chain(flows: Flows) -> str:
    return flows.line(a="cat", b="cat", c="cat")


@pytest.fixture(autouse=True)
def flat(stack: Stack) -> Iterator[None]:
    """Neither the worker nor the web process ever holds the data."""
    pids = {name: stack.processes[name].pid for name in ("web", "worker")}
    idle = {name: resident(pid) for name, pid in pids.items()}
    for pid in pids.values():
        forget_peak(pid)
    yield
    grown = {name: (peak(pid) - idle[name]) // MEGABYTE for name, pid in pids.items()}
    print(f"grown by (MB): {grown}")
    assert all(megabytes * MEGABYTE < ROOM for megabytes in grown.values()), grown


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"no final newline", id="no final newline"),
        pytest.param(b"\n", id="one newline"),
        pytest.param(b"\0\0a\0", id="NUL"),
        pytest.param(b"a\r\nb\rc\n\r", id="line ends of every kind"),
        pytest.param(b"\xef\xbb\xbf\xff\xfe\x80\xc3\x28", id="no UTF-8"),
        pytest.param(os.urandom(100_000_000), id="100 MB of random bytes"),
        pytest.param(b"x" * 100_000_000, id="a single line of 100 MB"),
    ],
)
def test_a_file_comes_out_as_it_went_in(flows: Flows, chain: str, data: bytes) -> None:
    run = flows.upload(chain, data)
    ended = flows.end(run)
    assert ended["status"] == "succeeded", ended
    assert [step["bytes_out"] for step in ended["steps"]] == [len(data)] * 3
    expected = (hashlib.sha256(data).hexdigest(), len(data))
    assert flows.digest(f"/api/runs/{run}/output") == expected
    assert flows.digest(f"/api/runs/{run}/steps/b/input") == expected
    assert flows.digest(f"/api/runs/{run}/input") == expected


@pytest.mark.parametrize("text", ["", "no final newline", "a\0b", "a\r\nb\rc\n", "Grüße, 世界 🎉"])
def test_a_text_comes_out_as_it_went_in(flows: Flows, chain: str, text: str) -> None:
    assert flows.result(chain, text) == text.encode()
