"""The benchmark's way in: the public API and the run's websocket, as any program would use them."""

import json
import time
from collections.abc import Sequence
from typing import Any

from websockets.sync.client import connect

from tests.stack import Stack

PATIENCE = 120.0  # seconds
FINAL = {"succeeded", "failed", "canceled", "waiting"}


class Api:
    """Signed in as the owner of a running stack."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.http = stack.client()

    def add_step(self, slug: str, command: list[str], image: str, *, takes: str = "any", **more: Any) -> None:
        """A library step that runs a command in this image."""
        manifest = {
            "slug": slug,
            "version": "1.0.0",
            "title": f"Run {slug}",
            "summary": "A step of the tests.",
            "image": image,
            "entrypoint": command,
            "takes": takes,
            "gives": "any",
            "repeatable": True,
            "limits": {"output": "8g", "memory": "128m", "seconds": 600},
            **more,
        }
        self.ok(self.http.post("/api/steps/", json=manifest))

    def add_workflow(self, name: str, *steps: str, mode: str = "keep", armed: int = 0) -> str:
        """A chain of these steps; returns the workflow's id."""
        ends = [(place - 1, place) for place in range(1, len(steps))]
        return self.add_graph(name, steps, ends, mode=mode, armed=armed)

    def add_graph(
        self, name: str, steps: Sequence[str], ends: Sequence[tuple[int, int]], *, mode: str, armed: int = 0
    ) -> str:
        """Steps, and pipes between their places; returns the workflow's id."""
        nodes = [{"id": f"n{place}", "step": slug} for place, slug in enumerate(steps)]
        edges = [
            {"id": f"e{number}", "source": f"n{source}", "target": f"n{target}", "mode": mode}
            for number, (source, target) in enumerate(ends)
        ]
        body = {
            "name": name,
            "graph": {"nodes": nodes, "edges": edges},
            "input": {"kind": "text", "title": "Input"},
            "armed": armed,
        }
        return str(self.ok(self.http.post("/api/workflows/", json=body))["id"])

    def wait_until_ready(self, workflow: str) -> None:
        """Waits until the next run of an armed workflow is prepared."""
        deadline = time.monotonic() + PATIENCE
        while not self.ok(self.http.get(f"/api/workflows/{workflow}/"))["armed_ready"]:
            assert time.monotonic() < deadline, "no run was prepared"
            time.sleep(0.2)

    def disarm(self, workflow: str) -> None:
        """Keeps nothing ready any more."""
        revision = self.ok(self.http.get(f"/api/workflows/{workflow}/"))["revision"]
        body = {"armed": 0, "revision": revision}
        self.ok(self.http.patch(f"/api/workflows/{workflow}/", json=body))

    def run(self, workflow: str, text: str = "hello\n") -> tuple[str, float]:
        """POSTs a run and waits on its socket for the end; returns its id and the seconds passed."""
        start = time.perf_counter()
        run = self.ok(self.http.post(f"/api/workflows/{workflow}/runs/", json={"input": text}))
        event = self.wait(run["id"])
        passed = time.perf_counter() - start
        assert event["status"] == "succeeded", event
        return str(run["id"]), passed

    def wait(self, run: str) -> dict[str, Any]:
        """Follows the run's socket to its end; returns the last event."""
        url = f"{self.stack.url.replace('http', 'ws')}/ws/runs/{run}/?after=0"
        with connect(url, additional_headers={"Authorization": f"Token {self.stack.token}"}) as socket:
            while True:
                event: dict[str, Any] = json.loads(socket.recv(timeout=120))
                if event["type"] == "run.status" and event["status"] in FINAL:
                    return event

    def output(self, run: str, node: str) -> bytes:
        """What a node wrote."""
        answer = self.http.get(f"/api/runs/{run}/steps/{node}/output")
        answer.raise_for_status()
        return answer.content

    def ok(self, answer: Any) -> dict[str, Any]:
        """The answer's data; fails with the server's words."""
        assert answer.is_success, answer.text
        body: dict[str, Any] = answer.json()
        return body
