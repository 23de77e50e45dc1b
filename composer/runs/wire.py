"""The shapes in which events are stored and sent: plain JSON, the same for the API and the socket."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from composer.engine.events import Failure, Progress, Way

RUN_STATUS = "run.status"
STEP_STATUS = "step.status"
PROGRESS = "progress"
LOG = "log"


class Entry(NamedTuple):
    """One event before it has its number."""

    type: str
    node: str
    data: Mapping[str, Any]


def failure_json(failure: Failure | None) -> dict[str, Any] | None:
    """A failure as the API shows it."""
    if failure is None:
        return None
    return {
        "kind": failure.kind,
        "message": failure.message,
        "detail": failure.detail,
        "log_tail": list(failure.log_tail),
    }


def ways_json(ways: Mapping[str, Way]) -> dict[str, Any]:
    """Which ways lead on from a step that is over, by edge."""
    return {edge: {"taken": way.taken, "why": way.why} for edge, way in ways.items()}


def progress_json(progress: Progress) -> dict[str, Any]:
    """What moved since the last tick."""
    steps = {
        node: {"bytes_in": flow.bytes_in, "bytes_out": flow.bytes_out, "log_bytes": flow.log_bytes}
        | ({} if flow.fraction is None else {"fraction": flow.fraction})
        for node, flow in progress.steps.items()
    }
    edges = {
        edge: {"bytes": flow.bytes, "rate": flow.rate, "waits_for": flow.waits_for}
        for edge, flow in progress.edges.items()
    }
    return {"steps": steps, "edges": edges}


def moment(at: datetime) -> str:
    """A time as the API writes it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def message(seq: int, kind: str, node: str, at: datetime, data: Mapping[str, Any]) -> dict[str, Any]:
    """A stored event as it is sent."""
    head: dict[str, Any] = {"seq": seq, "type": kind, "at": moment(at)}
    if node:
        head["node"] = node
    return head | dict(data)


def log_message(node: str, start: int, text: str, at: datetime) -> dict[str, Any]:
    """A piece of a step's log. It has no number: it is not stored, the log file is."""
    return {"type": LOG, "node": node, "from": start, "text": text, "at": moment(at)}


def dumps(data: object) -> str:
    """JSON as it is stored and sent: short, and readable."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
