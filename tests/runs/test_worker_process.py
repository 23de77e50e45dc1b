"""Real worker processes, real containers: runs to their end, and workers that die on the way.

Every step writes one line to its log when it really runs. The logs of all attempts together
count how often that happened.
"""

import itertools
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from composer.engine.docker_engine import DockerEngine
from tests.engine.images import have_busybox
from tests.stack import Stack

pytestmark = [pytest.mark.containers, pytest.mark.faults]

PATIENCE = 45.0  # seconds
OVER = ("succeeded", "failed", "canceled")
WORKERS = (f"worker-{number}" for number in itertools.count(1))


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    have_busybox()
    with Stack(tmp_path_factory.mktemp("stack")) as stack:
        yield stack


@pytest.fixture
def workers(stack: Stack) -> Iterator[Callable[..., str]]:
    """Starts workers; before and after each test there is none."""

    def stop_all() -> None:
        for name in [name for name in stack.processes if name.startswith("worker")]:
            process = stack.processes.pop(name)
            process.terminate()
            process.wait(PATIENCE)

    def start(**environment: str) -> str:
        name = next(WORKERS)
        stack.start_worker(name, **environment)
        return name

    stop_all()
    yield start
    stop_all()


@pytest.fixture
def http(stack: Stack) -> Iterator[httpx.Client]:
    with stack.client() as client:
        yield client


class Line:
    """A workflow of shell scripts, one after the other, and the runs of it."""

    def __init__(self, stack: Stack, http: httpx.Client, name: str, **scripts: str) -> None:
        self.stack, self.http = stack, http
        for node, script in scripts.items():
            self._post("/api/steps/", _manifest(f"{name}-{node}", script))
        nodes = [{"id": node, "step": f"{name}-{node}"} for node in scripts]
        ends = itertools.pairwise(scripts)
        edges = [{"id": f"{a}-{b}", "source": a, "target": b} for a, b in ends]
        graph = {"nodes": nodes, "edges": edges}
        body = {"name": name, "graph": graph, "input": {"kind": "text", "title": "Input"}}
        self.id = self._post("/api/workflows/", body)["id"]

    def start(self, text: str = "x\n") -> str:
        return str(self._post(f"/api/workflows/{self.id}/runs/", {"input": text})["id"])

    def run(self, run: str) -> dict[str, Any]:
        answer = self.http.get(f"/api/runs/{run}/")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def step(self, run: str, node: str) -> dict[str, Any]:
        steps: list[dict[str, Any]] = self.run(run)["steps"]
        return next(step for step in steps if step["node"] == node)

    def end(self, run: str) -> dict[str, Any]:
        until(lambda: self.run(run)["status"] in OVER, f"the end of the run: {self.run(run)}")
        return self.run(run)

    def output(self, run: str) -> bytes:
        return self.http.get(f"/api/runs/{run}/output").content

    def times_ran(self, run: str, node: str) -> int:
        folder = self.stack.folder / "spool" / "runs" / run / "steps" / node
        return sum(log.read_bytes().count(b"ran\n") for log in folder.glob("*/log"))

    def _post(self, url: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self.http.post(url, json=body)
        assert answer.status_code in (200, 201), answer.text
        found: dict[str, Any] = answer.json()
        return found


def _manifest(slug: str, script: str) -> dict[str, Any]:
    return {
        "slug": slug,
        "version": "1.0.0",
        "title": f"Run {slug}",
        "image": "composer-test/busybox:1",
        "entrypoint": ["/bin/sh", "-c", f"echo ran >&2; {script}"],
        "takes": "any",
        "gives": "text",
    }


def until(true: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.05)


def died(stack: Stack, worker: str) -> None:
    process = stack.processes[worker]
    until(lambda: process.poll() is not None, f"the death of the worker: {stack.log(worker)}")
    assert process.returncode == -signal.SIGKILL
    stack.processes.pop(worker)


def containers_of(stack: Stack, run: str) -> list[str]:
    found = DockerEngine().find({"composer.installation": stack.installation, "composer.run": run})
    return [container.id for container in found]


def test_a_run_goes_to_its_end(stack: Stack, http: httpx.Client, workers: Callable[..., str]) -> None:
    line = Line(stack, http, "plain", a="cat; echo a", b="cat; echo b")
    workers()
    run = line.start()
    assert line.end(run)["status"] == "succeeded"
    assert line.output(run) == b"x\na\nb\n"
    until(lambda: not containers_of(stack, run), "the removal of its containers")


def test_after_a_failure_the_later_steps_never_run(
    stack: Stack, http: httpx.Client, workers: Callable[..., str]
) -> None:
    line = Line(stack, http, "breaks", a="cat", b="echo 'composer:error No such town' >&2; exit 3", c="cat")
    workers()
    run = line.end(line.start())
    assert (run["status"], run["failed_node"]) == ("failed", "b")
    assert "No such town" in run["error"]
    assert [step["status"] for step in run["steps"]] == ["succeeded", "failed", "skipped"]
    assert (run["steps"][1]["exit_code"], run["steps"][1]["error"]) == (3, "No such town")
    assert line.times_ran(run["id"], "c") == 0
    until(lambda: not containers_of(stack, run["id"]), "the removal of its containers")


def test_a_person_stops_a_run_that_works(
    stack: Stack, http: httpx.Client, workers: Callable[..., str]
) -> None:
    line = Line(stack, http, "long", a="cat; exec sleep 600", b="cat")
    workers()
    run = line.start()
    until(lambda: line.step(run, "a")["status"] == "running", "its start")
    assert http.post(f"/api/runs/{run}/cancel/").status_code == 202
    ended = line.end(run)
    assert ended["status"] == "canceled"
    assert [step["status"] for step in ended["steps"]] == ["canceled", "canceled"]
    until(lambda: not containers_of(stack, run), "the removal of its containers")


def test_a_run_nobody_took_is_stopped_at_once(
    stack: Stack, http: httpx.Client, workers: Callable[..., str]
) -> None:
    line = Line(stack, http, "untaken", a="cat")
    run = line.start()
    stopped = http.post(f"/api/runs/{run}/cancel/").json()
    assert stopped["status"] == "canceled"
    workers()
    later = line.start()
    assert line.end(later)["status"] == "succeeded"
    assert line.times_ran(run, "a") == 0


def test_a_run_whose_message_was_lost_is_found(
    stack: Stack, http: httpx.Client, workers: Callable[..., str]
) -> None:
    line = Line(stack, http, "lost", a="cat")
    run = line.start()
    import redis

    redis.Redis(port=stack.redis_port).flushall()
    workers()
    assert line.end(run)["status"] == "succeeded"


@pytest.mark.parametrize("point", ["before-gate", "claimed", "ended", "settled"])
def test_a_worker_dies_and_another_one_finishes_its_run(
    stack: Stack, http: httpx.Client, workers: Callable[..., str], point: str
) -> None:
    line = Line(stack, http, f"dies-{point}", a="cat; echo a", b="cat; echo b", c="cat; echo c")
    doomed = workers(COMPOSER_FAULT=f"{point}:b")
    run = line.start()
    died(stack, doomed)
    assert line.run(run)["status"] not in OVER
    workers()
    ended = line.end(run)
    assert ended["status"] == "succeeded", ended
    assert line.output(run) == b"x\na\nb\nc\n"
    assert [line.times_ran(run, node) for node in "abc"] == [1, 1, 1]
    until(lambda: not containers_of(stack, run), "the removal of its containers")


def test_a_step_that_runs_on_without_a_worker_is_adopted(
    stack: Stack, http: httpx.Client, workers: Callable[..., str]
) -> None:
    slow = "i=0; while [ $i -lt 40 ]; do echo $i; i=$((i+1)); sleep 0.1; done"
    line = Line(stack, http, "adopted", a=f"cat; {slow}", b="cat; echo b")
    first = workers()
    run = line.start()
    until(lambda: line.times_ran(run, "a") == 1, "its start")
    stack.kill(first)
    workers()
    ended = line.end(run)
    assert ended["status"] == "succeeded", ended
    assert line.output(run) == b"x\n" + b"".join(b"%d\n" % number for number in range(40)) + b"b\n"
    assert [line.times_ran(run, node) for node in "ab"] == [1, 1]
    assert line.step(run, "a")["attempt"] == 1


def test_a_step_that_ended_while_no_worker_lived_is_settled(
    stack: Stack, http: httpx.Client, workers: Callable[..., str]
) -> None:
    line = Line(stack, http, "orphaned", a="cat; sleep 1; echo late", b="cat; echo b")
    first = workers()
    run = line.start()
    until(lambda: line.times_ran(run, "a") == 1, "its start")
    stack.kill(first)
    output = stack.folder / "spool" / "runs" / run / "steps" / "a" / "1" / "stdout"
    until(lambda: output.read_bytes().endswith(b"late\n"), "its last line")
    workers()
    assert line.end(run)["status"] == "succeeded"
    assert line.output(run) == b"x\nlate\nb\n"
    assert line.times_ran(run, "a") == 1


def test_a_worker_that_is_asked_to_leave_hands_its_run_over(
    stack: Stack, http: httpx.Client, workers: Callable[..., str]
) -> None:
    line = Line(stack, http, "handed", a="cat; sleep 5; echo a", b="cat; echo b")
    first = workers()
    run = line.start()
    until(lambda: line.times_ran(run, "a") == 1, "its start")
    workers()
    process = stack.processes.pop(first)
    os.kill(process.pid, signal.SIGTERM)
    assert process.wait(PATIENCE) == 0
    assert line.step(run, "a")["status"] == "running", "it left before the step was over"
    assert line.end(run)["status"] == "succeeded"
    assert line.output(run) == b"x\na\nb\n"
    assert line.times_ran(run, "a") == 1


def test_a_stop_that_no_worker_heard_is_heard_by_the_next_one(
    stack: Stack, http: httpx.Client, workers: Callable[..., str]
) -> None:
    line = Line(stack, http, "unheard", a="cat; exec sleep 600")
    first = workers()
    run = line.start()
    until(lambda: line.times_ran(run, "a") == 1, "its start")
    stack.kill(first)
    http.post(f"/api/runs/{run}/cancel/")
    workers()
    assert line.end(run)["status"] == "canceled"
    until(lambda: not containers_of(stack, run), "the removal of its containers")


def test_a_dead_workers_lock_is_buried(stack: Stack, http: httpx.Client, workers: Callable[..., str]) -> None:
    folder: Path = stack.folder / "spool" / "workers"
    first = workers()
    line = Line(stack, http, "locks", a="cat")
    assert line.end(line.start())["status"] == "succeeded"
    before = set(folder.glob("*.lock"))
    stack.kill(first)
    workers()
    until(lambda: not before & set(folder.glob("*.lock")), "the burial")
