"""Armed workflows: the containers of their next runs wait at their gates, and nothing of them has run."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from composer.engine.docker_engine import DockerEngine
from composer.engine.ports import ContainerState
from tests.engine.images import have_busybox
from tests.stack import Stack
from tests.system.flows import Flows

pytestmark = pytest.mark.containers

PATIENCE = 60.0  # seconds


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    have_busybox()
    with Stack(tmp_path_factory.mktemp("armed"), COMPOSER_ARMED_MEMORY=str(60 * 1024 * 1024)) as stack:
        yield stack


@pytest.fixture(scope="module")
def http(stack: Stack) -> Iterator[httpx.Client]:
    with stack.client() as client:
        yield client


@pytest.fixture(scope="module")
def flows(stack: Stack, http: httpx.Client) -> Flows:
    return Flows(stack, http)


@pytest.fixture
def workflow(flows: Flows) -> Iterator[str]:
    """Two steps: the first greets what it is given. Nothing is kept ready when the test is over."""
    made = flows.add({"a": flows.add_step("printf 'hello '; cat"), "b": flows.add_step("cat")})
    yield made
    arm(flows, made, 0)
    until(lambda: not containers(flows), "all containers are gone")


def arm(flows: Flows, workflow: str, count: int) -> None:
    revision = flows.get(f"/api/workflows/{workflow}/")["revision"]
    body = {"armed": count, "revision": revision}
    answer = flows.http.patch(f"/api/workflows/{workflow}/", json=body)
    assert answer.status_code == 200, answer.text


def ready(flows: Flows, workflow: str) -> int:
    return int(flows.get(f"/api/workflows/{workflow}/")["armed_ready"])


def containers(flows: Flows) -> list[ContainerState]:
    """The steps' containers of this stack."""
    engine = DockerEngine()
    labels = {"composer.installation": flows.stack.installation, "composer.role": "step"}
    try:
        return engine.find(labels)
    finally:
        engine.close()


def runs_of(states: list[ContainerState]) -> set[str]:
    return {state.labels["composer.run"] for state in states}


def until(true: Callable[[], Any], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, f"It never came about that {what}"
        time.sleep(0.1)


def test_a_run_of_an_armed_workflow_uses_what_waited_for_it(flows: Flows, workflow: str) -> None:
    arm(flows, workflow, 2)
    until(lambda: ready(flows, workflow) == 2, "two runs are ready")
    waiting = containers(flows)
    assert len(waiting) == 4
    assert flows.get(f"/api/workflows/{workflow}/")["armed_cost"] == 4 * 7 * 1024 * 1024
    run = flows.start(workflow, "world")
    assert run in runs_of(waiting)
    ended = flows.end(run)
    assert ended["status"] == "succeeded"
    assert [step["attempt"] for step in ended["steps"]] == [1, 1]
    assert flows.http.get(f"/api/runs/{run}/output").content == b"hello world"
    until(lambda: ready(flows, workflow) == 2, "two runs are ready again")


def test_it_is_renewed_when_the_workflow_changes(flows: Flows, workflow: str) -> None:
    arm(flows, workflow, 1)
    until(lambda: ready(flows, workflow) == 1, "a run is ready")
    before = runs_of(containers(flows))
    shown = flows.get(f"/api/workflows/{workflow}/")
    first, _ = shown["graph"]["nodes"]
    body = {"graph": {"nodes": [first], "edges": []}, "revision": shown["revision"]}
    assert flows.http.patch(f"/api/workflows/{workflow}/", json=body).status_code == 200
    run = flows.start(workflow, "you")
    assert run not in before, "what was prepared for another graph is never used"
    assert flows.end(run)["status"] == "succeeded"
    until(lambda: ready(flows, workflow) == 1, "a run of the new graph is ready")
    until(lambda: before.isdisjoint(runs_of(containers(flows))), "the old ones are gone")
    assert len(flows.end(flows.start(workflow, "two"))["steps"]) == 1


def test_a_container_that_dies_while_it_waits_is_replaced(flows: Flows, workflow: str) -> None:
    arm(flows, workflow, 1)
    until(lambda: ready(flows, workflow) == 1, "a run is ready")
    engine = DockerEngine()
    engine.remove(containers(flows)[0].id)
    engine.close()
    run = flows.start(workflow, "x")
    assert flows.end(run)["status"] == "succeeded"
    assert flows.http.get(f"/api/runs/{run}/output").content == b"hello x"


def test_it_takes_no_more_memory_than_it_may(flows: Flows, workflow: str) -> None:
    arm(flows, workflow, 20)
    until(lambda: ready(flows, workflow) == 4, "as many runs are ready as fit")
    time.sleep(2.5)
    assert len(containers(flows)) == 8


@pytest.mark.faults
def test_a_worker_that_dies_takes_what_it_kept_ready_with_it_and_nothing_else(
    stack: Stack, flows: Flows, workflow: str
) -> None:
    arm(flows, workflow, 1)
    until(lambda: ready(flows, workflow) == 1, "a run is ready")
    before = runs_of(containers(flows))
    stack.kill("worker")
    run = flows.start(workflow, "there")
    assert run in before
    stack.start_worker()
    ended = flows.end(run)
    assert ended["status"] == "succeeded"
    assert flows.http.get(f"/api/runs/{run}/output").content == b"hello there"
    until(lambda: ready(flows, workflow) == 1, "the next worker keeps one ready")


def test_what_was_kept_ready_for_a_run_that_cannot_begin_goes(stack: Stack, flows: Flows) -> None:
    connection = str(flows.post("/api/connections/", {"name": "Mail", "value": "hunter2"})["id"])
    step = flows.add_step("cat", secrets=[{"name": "PASSWORD", "title": "Password"}])
    workflow = flows.add({"a": {"step": step, "connections": {"PASSWORD": "Mail"}}})
    arm(flows, workflow, 1)
    until(lambda: ready(flows, workflow) == 1, "a run is ready")
    assert flows.http.delete(f"/api/connections/{connection}/").status_code == 204
    run = flows.start(workflow)
    ended = flows.end(run)
    assert (ended["status"], ended["failure"]["kind"]) == ("failed", "environment")
    arm(flows, workflow, 0)
    until(lambda: not containers(flows), "what waited for it is gone")
    assert "Traceback" not in stack.log("worker")


@pytest.mark.parametrize("armed", [-1, 21, 1.5, True, "2", None])
def test_a_number_that_makes_no_sense_is_refused(flows: Flows, workflow: str, armed: object) -> None:
    revision = flows.get(f"/api/workflows/{workflow}/")["revision"]
    body = {"armed": armed, "revision": revision}
    answer = flows.http.patch(f"/api/workflows/{workflow}/", json=body)
    assert answer.status_code == 400
    assert answer.json()["problems"][0]["field"] == "armed"
