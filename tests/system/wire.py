"""Requests as they go over the wire, and the only way in which a refusal may look."""

import json
from typing import Any

import httpx

from tests.system.flows import Json

PROBLEM = "application/problem+json"


def as_json(data: object) -> bytes:
    """JSON with what JSON does not know: NaN, and halves of characters."""
    return json.dumps(data).encode()


def send(
    http: httpx.Client, method: str, path: str, content: bytes, kind: str = "application/json", **headers: str
) -> httpx.Response:
    """Sends these very bytes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return http.request(method, path, content=content, headers={"Content-Type": kind, **named})


def refused(answer: httpx.Response, status: int = 400) -> Json:
    """The problem that an answer tells; fails where it is none, or one without words."""
    assert answer.status_code == status, f"{answer.status_code} {answer.text[:500]}"
    assert answer.headers["Content-Type"] == PROBLEM, answer.text[:500]
    told: Json = answer.json()
    assert told["status"] == status
    assert told["title"]
    assert told["detail"]
    for problem in told.get("problems", []):
        assert set(problem) == {"node", "edge", "field", "message"}
        assert problem["message"]
        assert len(problem["message"]) < 1_000, "what came in is not sent back at length"
    return told


def places(told: Json) -> set[tuple[Any, Any]]:
    """Where the problems are: node and field."""
    return {(problem["node"], problem["field"]) for problem in told.get("problems", [])}
