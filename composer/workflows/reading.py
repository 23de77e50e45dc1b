"""Reads what a program or the editor sends for a workflow, field by field."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from composer.engine.graph import Graph, GraphError, Problem
from composer.engine.graph_parse import parse
from composer.web.problems import Refused

KEYS = ("name", "description", "armed", "input", "graph")
#: What the API shows of a workflow and nobody sets: harmless where somebody sends it back.
SHOWN_ONLY = (
    *(
        "id",
        "is_sample",
        "version",
        "problems",
        "notes",
        "armed_ready",
        "armed_cost",
        "created_at",
        "updated_at",
        "last_run",
    ),
    *("node_count", "step_icons"),
)
INPUT_KEYS = ("kind", "title", "sample", "name")
INPUT_KINDS = ("none", "text", "file")
MOST = {"name": 200, "description": 10_000}
MOST_ARMED = 20  # runs that are kept ready
MOST_SAMPLE = 2 * 1024 * 1024  # characters


def fields(data: object, *, also: tuple[str, ...] = ()) -> dict[str, Any]:
    """The fields that were given, checked. Raises Refused; graphs are left to `graph_of`."""
    if not isinstance(data, Mapping):
        raise Refused([Problem("Send an object with the workflow’s fields.")])
    found: list[Problem] = []
    for key in data:
        if key not in (*KEYS, *SHOWN_ONLY, *also):
            near = get_close_matches(str(key), KEYS, 1)
            hint = f" Did you mean “{near[0]}”?" if near else ""
            found.append(Problem(f"A workflow has no “{str(key)[:60]}”.{hint}", field=str(key)[:60]))
    given = {key: data[key] for key in KEYS if key in data}
    for key, most in MOST.items():
        if key in given:
            found.extend(_text(key, given[key], most))
    if "name" in given and isinstance(given["name"], str) and not given["name"].strip():
        found.append(Problem("Give the workflow a name.", field="name"))
    armed = given.get("armed", 0)
    if isinstance(armed, bool) or not isinstance(armed, int) or not 0 <= armed <= MOST_ARMED:
        found.append(Problem(f"“armed” must be a whole number from 0 to {MOST_ARMED}.", field="armed"))
    if "input" in given:
        given["input"] = _input(given["input"], found)
    if found:
        raise Refused(found)
    return given


def _text(key: str, value: object, most: int) -> list[Problem]:
    if not isinstance(value, str):
        return [Problem(f"“{key}” must be a text.", field=key)]
    if len(value) > most:
        return [
            Problem(f"“{key}” is too long: {len(value):,} characters, and at most {most:,} fit.", field=key)
        ]
    return []


def _input(value: object, found: list[Problem]) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        found.append(Problem("“input” must be an object such as {kind: text, title: Words}.", field="input"))
        return {}
    found.extend(
        Problem(f"“input” has no “{str(key)[:60]}”.", field=f"input.{str(key)[:60]}")
        for key in value
        if key not in INPUT_KEYS
    )
    kind = value.get("kind", "none")
    if kind not in INPUT_KINDS:
        found.append(Problem("“input.kind” must be none, text or file.", field="input.kind"))
    for key, most in (("title", 200), ("name", 255), ("sample", MOST_SAMPLE)):
        found.extend(
            Problem(problem.message, field=f"input.{key}")
            for problem in _text(f"input.{key}", value.get(key, ""), most)
        )
    return {
        "kind": kind,
        "title": value.get("title", ""),
        "sample": value.get("sample", ""),
        **({"name": value["name"]} if value.get("name") else {}),
    }


def graph_of(data: object) -> Graph:
    """The graph. Raises Refused with every problem."""
    try:
        return parse(data)
    except GraphError as error:
        raise Refused(error.problems) from error


def revision_of(data: object) -> int:
    """The revision that the sender has seen. Raises Refused where it is missing."""
    value = data.get("revision") if isinstance(data, Mapping) else None
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refused([Problem("“revision” must be the number that you last saw.", field="revision")])
    return value
