"""What is measured, each beside the plain docker command that does the same work."""

import hashlib
import os
import re
import statistics
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from tests.bench.client import Api
from tests.bench.images import IMAGE
from tests.bench.measure import QUIET, Row, in_turns, seconds

DOCKER_RUN = f"docker run -i --rm --network none --log-driver none {IMAGE}"
GIBIBYTE = 1024**3
WRITE = f"dd if=/dev/zero bs=1M count={GIBIBYTE // 1024**2}"
READ = "cat >/dev/null"


def add_steps(api: Api, image: str) -> None:
    """The library steps that the rows use."""
    api.add_step("bench-cat", ["cat"], image)
    api.add_step("bench-clock", ["clock"], image)
    api.add_step("bench-sleep", ["sh", "-c", "sleep 2; cat"], image)
    api.add_step("bench-write", ["sh", "-c", WRITE], image, takes="nothing")
    api.add_step("bench-read", ["sh", "-c", READ], image)


def shell(command: str, data: bytes = b"hello\n") -> float:
    """Seconds that a shell command takes."""
    return seconds(lambda: subprocess.run(["sh", "-c", command], input=data, check=True, capture_output=True))


def ten_steps_cold(api: Api, rounds: int) -> Row:
    """Nothing is prepared: every container is made within the time."""
    workflow = api.add_workflow("Ten steps", *["bench-cat"] * 10)
    pipe = " | ".join([f"{DOCKER_RUN} cat"] * 10)
    ours, theirs = in_turns(rounds, lambda: api.run(workflow)[1], lambda: shell(pipe))
    return Row(
        "10 steps in a row, cold", "s", ours, theirs, "a pipe of ten docker runs", "≤ 0.75 ×, then 0.6 ×"
    )


def one_step_cold(api: Api, rounds: int) -> Row:
    """From the POST to “succeeded” on the socket."""
    workflow = api.add_workflow("One step", "bench-cat")
    ours, theirs = in_turns(rounds, lambda: api.run(workflow)[1], lambda: shell(f"{DOCKER_RUN} cat"))
    return Row(
        "POST a run -> succeeded, one step", "s", ours, theirs, "one docker run", "≤ 0.9 ×, then 0.7 ×"
    )


def handover(api: Api, rounds: int) -> Row:
    """From the last clock reading of one step to the first one of the next, as the steps read it.

    The first step sleeps, so that the next four wait at their gates when their turns come.
    """
    workflow = api.add_workflow("Clocks", "bench-sleep", *["bench-clock"] * 4)
    gaps: list[float] = []
    for _ in range(rounds):
        run, _ = api.run(workflow, "")
        stamps = [int(line) / 1e6 for line in re.findall(rb"^\d{18,}$", api.output(run, "n4"), re.MULTILINE)]
        gaps.extend(gaps_between(stamps))
        time.sleep(QUIET)
    return Row("a step's end -> the next one's start", "ms", gaps, [], "", "median ≤ 10, p95 ≤ 25")


def gaps_between(stamps: list[float]) -> list[float]:
    """Each step prints its start, then all that it read, then its end: so they nest."""
    half = len(stamps) // 2
    starts, ends = stamps[:half][::-1], stamps[half:]
    return [start - end for end, start in zip(ends, starts[1:], strict=False)]


def kept_edge(api: Api, rounds: int) -> Row:
    """1 GiB written by one step and read by the next, against the same through docker's own pipe."""
    workflow = api.add_workflow("A gibibyte", "bench-write", "bench-read")
    pipe = f"{DOCKER_RUN} {WRITE} | {DOCKER_RUN} sh -c '{READ}'"

    def rate(took: float) -> float:
        return GIBIBYTE / took / 1e6

    ours, theirs = in_turns(rounds, lambda: rate(api.run(workflow, "")[1]), lambda: rate(shell(pipe)))
    return Row(
        "1 GiB through a kept edge", "MB/s", ours, theirs, "docker run | docker run", "≥ 3 ×, then 5 ×"
    )


def runs_per_second(api: Api, count: int) -> Row:
    """One-step runs, many at once, against as many docker runs at the same time."""
    workflow = api.add_workflow("One step of many", "bench-cat")

    def many(work: "object") -> float:
        with ThreadPoolExecutor(8) as pool:
            return count / seconds(lambda: list(pool.map(lambda _: work(), range(count))))  # type: ignore[operator]

    ours = many(lambda: api.run(workflow))
    theirs = many(lambda: shell(f"{DOCKER_RUN} cat"))
    return Row("runs per second, one step, 8 at once", "/s", [ours], [theirs], "docker run, 8 at once")


def memory_at_rest(api: Api) -> Row:
    """The share of memory that all processes hold (PSS), containers waiting for work included."""
    pids = {process.pid for process in api.stack.processes.values()}
    total = sum(_pss(pid) for pid in pids | {child for pid in pids for child in _children(pid)})
    return Row("memory at rest, all processes (PSS)", "MB", [total / 1024], [], "", "≤ 400 MB")


def _pss(pid: int) -> int:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    match = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(match[1]) if match else 0


def _children(pid: int) -> set[int]:
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError):  # a thread that has just ended
            found |= {int(child) for child in (task / "children").read_text().split()}
    return found | {deeper for child in found for deeper in _children(child)}


def exact_bytes(api: Api) -> Row:
    """100 MB of random bytes through three steps: 1 where the sha256 is the same."""
    workflow = api.add_workflow("Bytes", *["bench-cat"] * 3)
    data = os.urandom(100_000_000)
    answer = api.http.post(f"/api/workflows/{workflow}/runs/", files={"input": ("random", data)})
    run = answer.json()["id"]
    api.wait(run)
    same = hashlib.sha256(api.output(run, "n2")).digest() == hashlib.sha256(data).digest()
    return Row("100 MB of random bytes, three steps: exact", "", [float(same)], [], "", "1")


def percentile(values: list[float], share: float) -> float:
    """The value below which that share of the values lies."""
    return statistics.quantiles(values, n=100, method="inclusive")[int(share * 100) - 1]
