"""What is measured, each beside the plain docker command that does the same work."""

import hashlib
import os
import re
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx

from tests.bench.client import Api
from tests.bench.images import IMAGE
from tests.bench.measure import QUIET, Row, in_turns, seconds

DOCKER_RUN = f"docker run -i --rm --network none --log-driver none {IMAGE}"
GIBIBYTE = 1024**3
WRITE = f"dd if=/dev/zero bs=1M count={4 * GIBIBYTE // 1024**2}"
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


def ten_steps_armed(api: Api, rounds: int) -> Row:
    """POST to “succeeded” where all ten containers wait at their gates."""
    pipe = " | ".join([f"{DOCKER_RUN} cat"] * 10)
    return _armed(
        api, rounds, 10, pipe, "10 steps in a row, armed", "a pipe of ten docker runs", "≤ 0.1 ×, then 0.08 ×"
    )


def one_step_armed(api: Api, rounds: int) -> Row:
    """The same with one step."""
    one = f"{DOCKER_RUN} cat"
    return _armed(
        api,
        rounds,
        1,
        one,
        "POST a run -> succeeded, one step, armed",
        "one docker run",
        "≤ 0.25 ×, then 0.2 ×",
    )


def _armed(api: Api, rounds: int, steps: int, command: str, name: str, yardstick: str, goal: str) -> Row:
    workflow = api.add_workflow(name, *["bench-cat"] * steps, armed=1)

    def ours() -> float:
        api.wait_until_ready(workflow)
        time.sleep(QUIET)
        return api.run(workflow)[1]

    try:
        mine, theirs = in_turns(rounds, ours, lambda: shell(command))
    finally:
        api.disarm(workflow)
    return Row(name, "s", mine, theirs, yardstick, goal)


def handover(api: Api, rounds: int) -> Row:
    """From the last clock reading of one step to the first one of the next, as the steps read it.

    The first step sleeps, so that the next four wait at their gates when their turns come.
    """
    clocks = 4
    workflow = api.add_workflow("Clocks", "bench-sleep", *["bench-clock"] * clocks)
    gaps: list[float] = []
    for _ in range(rounds):
        run, _ = api.run(workflow, "")
        stamps = [int(line) / 1e6 for line in re.findall(rb"^\d{18,}$", api.output(run, "n4"), re.MULTILINE)]
        assert len(stamps) == 2 * clocks, "each tells when it began and when it ended"
        gaps.extend(gaps_between(stamps))
        time.sleep(QUIET)
    return Row("a step's end -> the next one's start", "ms", gaps, [], "", "median ≤ 10, p95 ≤ 25")


def gaps_between(stamps: list[float]) -> list[float]:
    """Each step prints its start, then all that it read, then its end: so they nest."""
    half = len(stamps) // 2
    starts, ends = stamps[:half][::-1], stamps[half:]
    return [start - end for end, start in zip(ends, starts[1:], strict=False)]


def kept_edge(api: Api, rounds: int) -> Row:
    """4 GiB written by one step and read by the next, against the same through docker's own pipe."""
    return _through(api, rounds, "keep", "4 GiB through a kept edge", "≥ 3 ×, then 5 ×")


def streaming_edge(api: Api, rounds: int) -> Row:
    """4 GiB from one step to the next, both at work at once."""
    return _through(api, rounds, "stream", "4 GiB through a streaming edge", "≥ 20 ×")


def _through(api: Api, rounds: int, mode: str, name: str, goal: str) -> Row:
    """Docker's own pipe is measured over a quarter of that: it is slow, and its rate is the same."""
    workflow = api.add_workflow(name, "bench-write", "bench-read", mode=mode)
    small = f"dd if=/dev/zero bs=1M count={GIBIBYTE // 4 // 1024**2}"
    pipe = f"{DOCKER_RUN} {small} | {DOCKER_RUN} sh -c '{READ}'"
    ours, theirs = in_turns(
        rounds,
        lambda: 4 * GIBIBYTE / api.run(workflow, "")[1] / 1e6,
        lambda: GIBIBYTE / 4 / shell(pipe) / 1e6,
    )
    return Row(name, "MB/s", ours, theirs, "docker run | docker run", goal)


def runs_per_second(api: Api, count: int) -> Row:
    """One-step runs, many at once, against the engine's own create-start-wait-remove at its best."""
    workflow = api.add_workflow("One step of many", "bench-cat")

    def many(work: Callable[[], object], at_once: int) -> float:
        with ThreadPoolExecutor(at_once) as pool:
            return count / seconds(lambda: list(pool.map(lambda _: work(), range(count))))

    many(lambda: api.run(workflow), 8)
    ours, theirs = [], []
    for _ in range(3):
        ours.append(many(lambda: api.run(workflow), 8))
        time.sleep(QUIET)
        theirs.append(max(many(_container_life, at_once) for at_once in (4, 8)))
        time.sleep(QUIET)
    return Row(
        "runs per second, one step", "/s", ours, theirs, "dockerd: create, start, wait, remove", "≥ 0.9 ×"
    )


def _container_life() -> None:
    """What the engine has to do for one container, asked for as directly as can be."""
    with _client() as client:
        host = {"NetworkMode": "none", "LogConfig": {"Type": "none"}}
        made = client.post("/containers/create", json={"Image": IMAGE, "Cmd": ["true"], "HostConfig": host})
        container = made.json()["Id"]
        client.post(f"/containers/{container}/start").raise_for_status()
        client.post(f"/containers/{container}/wait").raise_for_status()
        client.delete(f"/containers/{container}?force=1&v=1").raise_for_status()


def _client() -> httpx.Client:
    transport = httpx.HTTPTransport(uds="/var/run/docker.sock")
    return httpx.Client(transport=transport, base_url="http://docker/v1.41", timeout=60)


def by_length(api: Api, lengths: Sequence[int]) -> list[Row]:
    """How the time grows with the number of steps in a row."""
    return _growth(api, lengths, "in a row", lambda n: [(place - 1, place) for place in range(1, n)])


def by_width(api: Api, widths: Sequence[int]) -> list[Row]:
    """How it grows with the number of steps side by side."""
    return _growth(api, widths, "side by side", lambda n: [])


def _growth(
    api: Api, counts: Sequence[int], words: str, ends: Callable[[int], list[tuple[int, int]]]
) -> list[Row]:
    rows, points = [], []
    for count in counts:
        workflow = api.add_graph(f"{count} {words}", ["bench-cat"] * count, ends(count), mode="keep")
        took = [api.run(workflow)[1] for _ in range(3 if count < 100 else 1)]
        points.append((count, statistics.median(took)))
        rows.append(Row(f"{count} steps {words}", "s", took, []))
        time.sleep(QUIET)
    slope, start = statistics.linear_regression(*zip(*points, strict=True))
    rows.append(
        Row(f"each further step {words}", "ms", [slope * 1000], [], f"and {start:.2f} s to begin with")
    )
    return rows


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
