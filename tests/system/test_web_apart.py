"""The web process works with no access to the container engine; the whole of these tests runs so."""

import os
import subprocess
import sys

from tests.stack import ROOT, Stack
from tests.system.conftest import NO_ENGINE
from tests.system.flows import Flows
from tests.system.processes import family, peers

WHAT_IS_LOADED = """
import sys
import composer.asgi
from django.urls import get_resolver
get_resolver().url_patterns  # every view, as with the first request
print([name for name in sys.modules if name.split(".")[0] == "docker" or name.endswith("docker_engine")])
"""


def test_a_run_goes_well_and_can_be_looked_at(flows: Flows, stack: Stack) -> None:
    for pid in family(stack.processes["web"].pid):
        with open(f"/proc/{pid}/environ", "rb") as environment:
            assert f"DOCKER_HOST={NO_ENGINE}".encode() in environment.read().split(b"\0")
    run = flows.start(flows.line(a="cat", b="cat; echo log >&2"), "a,b\n1,2\n")
    assert flows.end(run)["status"] == "succeeded"
    for path in ("output", "input", "preview", "steps/b/log", "steps/b/output", "steps/b/preview", "events/"):
        answer = flows.http.get(f"/api/runs/{run}/{path}")
        assert answer.status_code == 200, path


def test_the_web_process_is_connected_to_no_socket_of_the_engine(stack: Stack, flows: Flows) -> None:
    assert flows.result(flows.line(a="cat")) == b"x\n"
    reached = {name: peers(stack.processes[name].pid) for name in ("web", "worker")}
    assert any("docker" in peer for peer in reached["worker"]), "the worker is, so the search finds it"
    assert not any("docker" in peer for peer in reached["web"])


def test_the_web_process_does_not_load_the_engines_library(stack: Stack) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WHAT_IS_LOADED],
        cwd=ROOT,
        env={**os.environ, **stack.environment, "DOCKER_HOST": NO_ENGINE},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
