"""Workflows of shell scripts, made and run through the API as any program would."""

import hashlib
import itertools
import json
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import httpx
from websockets.sync.client import connect

from tests.engine.images import BUSYBOX
from tests.stack import Stack

OVER = ("succeeded", "failed", "canceled", "waiting")
PATIENCE = 120.0  # seconds
NUMBERS = itertools.count(1)
Json = dict[str, Any]


def step_manifest(slug: str, script: str, **more: object) -> Json:
    """A step that runs this script in the image of the tests."""
    return {
        "slug": slug,
        "version": "1.0.0",
        "title": f"Run {slug}",
        "image": BUSYBOX,
        "entrypoint": ["/bin/sh", "-c", script],
        "takes": "any",
        "gives": "any",
        **more,
    }


def in_a_row(nodes: Iterable[str]) -> list[Json]:
    """Edges that lead from each of these nodes to the next."""
    return [{"id": f"{a}-{b}", "source": a, "target": b} for a, b in itertools.pairwise(nodes)]


def until(true: Callable[[], bool], what: str, seconds: float = PATIENCE, *, every: float = 0.05) -> None:
    """Waits for something that must come."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(every)


class Flows:
    """What the owner of a stack makes and runs."""

    def __init__(self, stack: Stack, http: httpx.Client) -> None:
        self.stack, self.http = stack, http

    def add_step(self, script: str, **more: object) -> str:
        """Puts a script into the library; returns the step's slug."""
        slug = f"script-{next(NUMBERS)}"
        self.post("/api/steps/", step_manifest(slug, script, **more))
        return slug

    def add(self, nodes: Mapping[str, str | Json], edges: Iterable[Json] | None = None) -> str:
        """A workflow; nodes are slugs, or slugs with more. Without edges, they stand in a row."""
        shown = [
            {"id": key, **({"step": node} if isinstance(node, str) else node)} for key, node in nodes.items()
        ]
        graph = {"nodes": shown, "edges": in_a_row(nodes) if edges is None else list(edges)}
        body = {"name": "Of the tests", "graph": graph, "input": {"kind": "text", "title": "Input"}}
        return str(self.post("/api/workflows/", body)["id"])

    def line(self, **scripts: str) -> str:
        """A workflow of scripts in a row; returns its id."""
        return self.add({node: self.add_step(script) for node, script in scripts.items()})

    def start(self, workflow: str, text: str = "x\n") -> str:
        """Starts a run on a text."""
        return str(self.post(f"/api/workflows/{workflow}/runs/", {"input": text})["id"])

    def upload(self, workflow: str, data: bytes) -> str:
        """Starts a run on a file."""
        answer = self.http.post(f"/api/workflows/{workflow}/runs/", files={"input": ("data", data)})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def end(self, run: str) -> Json:
        """Follows the run's socket to its end; returns the run."""
        url = f"{self.stack.url.replace('http', 'ws')}/ws/runs/{run}/?after=0"
        with connect(url, additional_headers={"Authorization": f"Token {self.stack.token}"}) as socket:
            event: Json = {}
            while event.get("type") != "run.status" or event["status"] not in OVER:
                event = json.loads(socket.recv(timeout=PATIENCE))
        return self.get(f"/api/runs/{run}/")

    def result(self, workflow: str, text: str = "x\n") -> bytes:
        """Runs it to a good end; returns what comes out."""
        run = self.start(workflow, text)
        ended = self.end(run)
        assert ended["status"] == "succeeded", ended
        return self.http.get(f"/api/runs/{run}/output").content

    def digest(self, path: str) -> tuple[str, int]:
        """The sha256 and the size of a download, taken as it comes in."""
        fingerprint, size = hashlib.sha256(), 0
        with self.http.stream("GET", path) as answer:
            assert answer.status_code in (200, 204), answer.status_code
            for chunk in answer.iter_raw():
                fingerprint.update(chunk)
                size += len(chunk)
        return fingerprint.hexdigest(), size

    def containers(self, **labels: str) -> list[str]:
        """The containers of this installation with these labels, running or not."""
        engine = self.stack.engine()
        try:
            wanted = {f"composer.{key}": value for key, value in labels.items()}
            return [
                state.id
                for state in engine.find({"composer.installation": self.stack.installation, **wanted})
            ]
        finally:
            engine.close()

    def get(self, path: str) -> Json:
        """What is there."""
        answer = self.http.get(path)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    def post(self, path: str, body: object) -> Json:
        """Sends what must be taken."""
        answer = self.http.post(path, json=body)
        assert answer.is_success, answer.text
        found: Json = answer.json()
        return found


def step_of(run: Json, node: str) -> Json:
    """What a run says of one of its steps."""
    found: Json = next(step for step in run["steps"] if step["node"] == node)
    return found
