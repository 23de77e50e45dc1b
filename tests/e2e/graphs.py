"""Workflows that are no chains, made by the API."""

import itertools
from typing import Any

import httpx

ORDERS = "order,city,total\n1,Berlin,800\n2,Lima,8\n"
OVER_1000 = {"all": [{"field": "total", "test": "greater", "value": 1000}]}


def make(http: httpx.Client, nodes: list[dict[str, Any]], edges: list[dict[str, Any]], text: str) -> str:
    """Makes a workflow with a text to start with; returns its id."""
    given = {"kind": "text", "title": "Orders", "sample": text}
    body = {"name": "Test", "graph": {"nodes": nodes, "edges": edges}, "input": given, "draft": True}
    answer = http.post("/api/workflows/", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def branching(http: httpx.Client) -> str:
    """Orders go one way above 1,000, another one otherwise, and meet again; a third way follows a failure."""
    nodes: list[dict[str, Any]] = [
        {"id": "all", "step": "choose-columns", "params": {"columns": ["order", "city", "total"]}},
        {"id": "big", "step": "change-case", "params": {"to": "upper"}, "title": "Shout it"},
        {"id": "small", "step": "change-case", "params": {"to": "lower"}, "title": "Whisper it"},
        {"id": "tell", "step": "reverse-lines", "title": "Tell somebody"},
        {"id": "end", "step": "sort-lines", "join": "any"},
    ]
    edges: list[dict[str, Any]] = [
        {"id": "if", "source": "all", "target": "big", "rule": OVER_1000},
        {"id": "else", "source": "all", "target": "small", "rule": {"else": True}},
        {"id": "oops", "source": "all", "target": "tell", "when": "failure"},
        {"id": "from-big", "source": "big", "target": "end"},
        {"id": "from-small", "source": "small", "target": "end", "mode": "stream", "order": 1},
    ]
    return make(http, nodes, edges, ORDERS)


def streaming(http: httpx.Client, *steps: str) -> str:
    """These steps one after the other, all of them at once."""
    nodes = [{"id": slug, "step": slug} for slug in steps]
    edges = [
        {"id": f"to-{target}", "source": source, "target": target, "mode": "stream"}
        for source, target in itertools.pairwise(steps)
    ]
    return make(http, nodes, edges, "x\n")
