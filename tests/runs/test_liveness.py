"""A worker's lock says whether it lives; only the kernel lets go of it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from composer.runs import liveness
from composer.runs.liveness import LONG, Life, bury, dead_instances, is_alive

_LIVE = """
import sys, pathlib
from composer.runs.liveness import Life
life = Life(pathlib.Path(sys.argv[1]))
print(life.instance, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-c", _LIVE, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        yield process
        process.kill()


def name_of(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_worker_that_lives_is_alive(tmp_path: Path) -> None:
    life = Life(tmp_path)
    assert is_alive(tmp_path, life.instance)
    assert dead_instances(tmp_path) == []
    life.end()


def test_a_worker_that_left_in_order_leaves_nothing_behind(tmp_path: Path) -> None:
    life = Life(tmp_path)
    life.end()
    assert not is_alive(tmp_path, life.instance)
    assert dead_instances(tmp_path) == []


def test_a_killed_worker_is_known_to_be_dead_at_once(tmp_path: Path, other: "subprocess.Popen[str]") -> None:
    instance = name_of(other)
    assert is_alive(tmp_path, instance)
    other.kill()
    other.wait()
    assert dead_instances(tmp_path) == [instance]
    assert not is_alive(tmp_path, instance)
    bury(tmp_path, instance)
    assert dead_instances(tmp_path) == []


def test_a_living_worker_cannot_be_buried(tmp_path: Path, other: "subprocess.Popen[str]") -> None:
    instance = name_of(other)
    bury(tmp_path, instance)
    assert is_alive(tmp_path, instance)


def test_a_free_lock_of_another_host_proves_nothing(
    tmp_path: Path, other: "subprocess.Popen[str]", monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = name_of(other)
    other.kill()
    other.wait()
    monkeypatch.setattr(liveness, "this_host", lambda: "another kernel")
    assert dead_instances(tmp_path) == []
    assert is_alive(tmp_path, instance)


def test_a_free_lock_that_nobody_has_touched_for_long_proves_it_after_all(
    tmp_path: Path, other: "subprocess.Popen[str]", monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = name_of(other)
    other.kill()
    other.wait()
    monkeypatch.setattr(liveness, "this_host", lambda: "this machine, started anew")
    long_ago = time.time() - LONG - 60
    os.utime(tmp_path / "workers" / f"{instance}.lock", (long_ago, long_ago))
    assert dead_instances(tmp_path) == [instance]
    assert not is_alive(tmp_path, instance)


def test_a_worker_that_lives_touches_its_lock(tmp_path: Path) -> None:
    life = Life(tmp_path)
    path = tmp_path / "workers" / f"{life.instance}.lock"
    os.utime(path, (0, 0))
    life.touch()
    assert time.time() - path.stat().st_mtime < LONG
    assert is_alive(tmp_path, life.instance)
    life.end()
