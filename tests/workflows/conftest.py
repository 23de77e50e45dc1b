"""Graphs to send, small and made for one purpose."""

from typing import Any

import pytest

WORKFLOWS = "/api/workflows/"


def node(name: str, step: str = "reverse-lines", **more: Any) -> dict[str, Any]:
    return {"id": name, "step": step, "version": "1.0.0", **more}


def edge(source: str, target: str, **more: Any) -> dict[str, Any]:
    return {"id": f"{source}-{target}", "source": source, "target": target, **more}


def graph(nodes: list[Any], edges: list[Any] | None = None) -> dict[str, Any]:
    return {"nodes": nodes, "edges": edges or []}


def word_job() -> dict[str, Any]:
    """A graph that can be run."""
    nodes = [
        node("words", "make-words", params={"count": 3}),
        node("capitals", "change-case", params={"to": "upper"}),
        node(
            "reverse",
            params={"what": "letters"},
            title="Turn round",
            note="Backwards",
            position={"x": 1.5, "y": -2},
        ),
    ]
    return graph(nodes, [edge("words", "capitals"), edge("capitals", "reverse")])


@pytest.fixture
def workflow(api: Any, library: None) -> dict[str, Any]:
    """One that was made through the API."""
    answer = api.post(WORKFLOWS, {"name": "Words", "graph": word_job()})
    assert answer.status_code == 201, answer.content
    made: dict[str, Any] = answer.json()
    return made
