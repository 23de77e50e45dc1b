"""The container engine is killed, the disk is full. Each has a stack, an engine or a disk of its own."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.harness import Faults, Started, hit
from tests.faults.own_engine import OwnEngine
from tests.faults.shapes import Shape, script_step
from tests.stack import Stack
from tests.system.flows import step_of

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="an engine and a disk of one's own need root")
AWAY = 3.0  # seconds
DISK = 48 * 1024**2  # bytes


@pytest.mark.parametrize("flags", [(), ("--live-restore",)], ids=["plain", "live-restore"])
def test_container_engine_killed(
    tmp_path: Path, count: int, note: Callable[..., None], flags: tuple[str, ...]
) -> None:
    with (
        OwnEngine(tmp_path, *flags) as engine,
        Stack(tmp_path / "var", docker_host=engine.host) as stack,
        stack.client() as http,
    ):
        faults = Faults(stack, http)
        shapes = [*faults.shapes(repeatable=True), faults.shape("slow", repeatable=True)]
        runs: list[Started] = []
        for _ in range(count):
            some = faults.begin(shapes)
            time.sleep(faults.chance.uniform(0, 2))
            engine.kill()
            some += faults.begin(shapes[:1])
            time.sleep(faults.chance.uniform(0, AWAY))
            if flags:
                faults.note_streams(some)
            engine.start()
            hit(some, time.time())
            faults.await_end(some)
            runs += some
        note(**faults.clean(runs, again=True))


def test_the_disk_fills_up(tmp_path: Path, count: int, note: Callable[..., None]) -> None:
    """What could not be written is no success; once there is room, all is well again."""
    with (
        _disk(tmp_path / "disk") as disk,
        Stack(tmp_path / "var", COMPOSER_SPOOL=str(disk)) as stack,
        stack.client() as http,
    ):
        faults = Faults(stack, http)
        nodes = {
            "a": script_step(faults, f"cat; exec head -c {2 * DISK} /dev/zero"),
            "b": script_step(faults, "cat"),
        }
        too_much = Shape("too much", faults.add(nodes), "", frozenset("a"))
        runs: list[Started] = []
        for _ in range(count):
            some = faults.begin([too_much, *faults.shapes()])
            faults.await_end(some)
            figures = faults.clean(some, ends=("failed", "succeeded"))
            for run in some:
                found = faults.get(f"/api/runs/{run.id}/")
                assert found["status"] == "succeeded" or found["failure"]["kind"] == "disk", found
            failed = step_of(faults.get(f"/api/runs/{some[0].id}/"), "a")
            assert (failed["status"], failed["failure"]["kind"]) == ("failed", "disk")
            # Nothing is left: what is refused is refused in words.
            filler = disk / "filler"
            subprocess.run(["dd", "if=/dev/zero", f"of={filler}", "bs=1M"], check=False, capture_output=True)
            answer = http.post(f"/api/workflows/{too_much.workflow}/runs/", json={"input": "x" * 100_000})
            assert answer.status_code == 507, answer.text
            filler.unlink()
            for run in some:
                faults.spool.remove_run(run.id)
            later = faults.begin(faults.shapes())
            faults.clean(later)
            runs += some
        note(**figures, runs=len(runs))


@contextmanager
def _disk(folder: Path) -> Iterator[Path]:
    """A small disk."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)
