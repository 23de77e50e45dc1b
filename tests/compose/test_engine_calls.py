"""A worker needs of the engine what docs/operators.md lists, and nothing else."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.compose.gatekeeper import Gatekeeper, gatekeeper, listed
from tests.engine.images import have_busybox
from tests.stack import Stack
from tests.system.flows import Flows, until

pytestmark = pytest.mark.containers

#: Only where an image is missing: to fetch it, or to make the empty one of the network's holders.
SELDOM = {("POST", "/images/create")}


@pytest.fixture
def way() -> Iterator[Path]:
    """Where the gatekeeper stands; a socket's path must be short."""
    folder = Path(tempfile.mkdtemp(prefix="gk-"))
    yield folder / "docker.sock"
    shutil.rmtree(folder)


@pytest.fixture
def keeper(way: Path) -> Iterator[Gatekeeper]:
    with gatekeeper(way) as keeper:
        yield keeper


def use(stack: Stack, keeper: Gatekeeper) -> None:
    """A run, a stream, a failure, a run that is stopped, a step that somebody kills, and the sweeper."""
    with stack.client() as http:
        flows = Flows(stack, http)
        assert flows.result(flows.line(a="cat", b="tr a-z A-Z"), "text\n") == b"TEXT\n"
        make, count = flows.add_step("yes | head -c 1000000"), flows.add_step("wc -c")
        pipe = {"id": "pipe", "source": "make", "target": "count", "mode": "stream"}
        assert int(flows.result(flows.add({"make": make, "count": count}, [pipe]))) == 1000000
        assert flows.end(flows.start(flows.line(a="exit 3")))["status"] == "failed"
        stopped, killed = (long_run(flows) for _ in range(2))
        http.post(f"/api/runs/{stopped}/cancel/")
        assert flows.end(stopped)["status"] == "canceled"
        for container in flows.containers(run=killed, role="step"):
            subprocess.run(["docker", "kill", container], check=True, capture_output=True)
        until(lambda: ("GET", "/containers/{id}/json") in keeper.used, "a look at how it ended", 30)
        http.post(f"/api/runs/{killed}/cancel/")
        flows.end(killed)
        stack.manage("shell", "--command", "from composer.runs.tasks import sweep; sweep.delay()")


def long_run(flows: Flows) -> str:
    """A run whose step works and goes on working."""
    run = flows.start(flows.line(a="echo begun >&2; sleep 600"))
    log = f"/api/runs/{run}/steps/a/log"
    until(lambda: b"begun" in flows.http.get(log).content, "the step's beginning")
    return run


@pytest.mark.parametrize("carrier", ["files", "attach"])
def test_a_worker_gets_along_with_the_calls_that_are_listed(
    keeper: Gatekeeper, way: Path, carrier: str, tmp_path: Path
) -> None:
    have_busybox()
    with Stack(tmp_path, DOCKER_HOST=f"unix://{way}", COMPOSER_CARRIER=carrier) as stack:
        use(stack, keeper)
        until(lambda: ("GET", "/containers/json") in keeper.used, "the sweeper's look", 30)
        assert "Traceback" not in stack.log("worker")
    assert keeper.refused == []
    unused = set(listed()) - keeper.used - SELDOM
    attached = {call for call in listed() if call[1].endswith(("/attach", "/archive"))}
    assert unused == (attached if carrier == "files" else set())


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/info"),
        ("POST", "/build"),
        ("POST", "/v1.41/containers/abc/exec"),
        ("POST", "/containers/abc/start/../../../build"),
        ("GET", "/secrets"),
        ("DELETE", "/volumes/abc"),
    ],
)
def test_any_other_call_is_refused(keeper: Gatekeeper, way: Path, method: str, path: str) -> None:
    with httpx.Client(transport=httpx.HTTPTransport(uds=str(way)), base_url="http://engine") as client:
        assert client.request(method, path).status_code == 403
        assert client.get("/version").status_code == 200
    assert len(keeper.refused) == 1
