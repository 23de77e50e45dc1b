"""JSON -> Graph: refuses, by node and field, whatever has not the right shape."""

import math
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from composer.engine.graph import MAX_EDGES, MAX_NODES, Edge, Graph, GraphError, Node, Problem
from composer.engine.values import bad_text, bad_text_within, parse_size

ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
MAX_TITLE = 200
MAX_NOTE = 10_000
MAX_POSITION = 1e7

_NODE_KEYS = (
    "id",
    "step",
    "version",
    "title",
    "params",
    "position",
    "join",
    "limits",
    "retry",
    "connections",
    "note",
)
_EDGE_KEYS = ("id", "source", "output", "target", "input", "order", "when", "rule", "mode")
_LIMIT_KEYS = ("memory", "cpus", "seconds", "output")
# Keys that are part of the format but so far allow their first value alone.
_FIXED_NODE: Mapping[str, tuple[object, ...]] = {"join": ("all", None), "retry": (None, {})}
_FIXED_EDGE: Mapping[str, tuple[object, ...]] = {
    "output": ("stdout", None),
    "input": ("stdin", None),
    "order": (0, None),
    "when": ("success", None),
    "rule": (None, {}),
    "mode": ("keep", None),
}


def parse(data: object) -> Graph:
    """Reads `{nodes: [...], edges: [...]}`. Raises GraphError with every problem found."""
    if not isinstance(data, Mapping):
        raise GraphError([Problem("A graph is an object with “nodes” and “edges”.", field="graph")])
    found: list[Problem] = [*_unknown_keys(data, ("nodes", "edges"), "graph")]
    raw_nodes = _list(data, "nodes", MAX_NODES, "steps", found)
    raw_edges = _list(data, "edges", MAX_EDGES, "pipes", found)
    if found:
        raise GraphError(found)
    nodes = [_node(raw, place, found) for place, raw in enumerate(raw_nodes)]
    edges = [_edge(raw, place, found) for place, raw in enumerate(raw_edges)]
    if found:
        raise GraphError(found)
    return Graph(tuple(n for n in nodes if n), tuple(e for e in edges if e))


def to_json(graph: Graph) -> dict[str, Any]:
    """The graph as JSON data; keys that hold their default are left out."""
    return {"nodes": [_node_json(n) for n in graph.nodes], "edges": [_edge_json(e) for e in graph.edges]}


def _node_json(node: Node) -> dict[str, Any]:
    optional = {
        "title": node.title,
        "limits": dict(node.limits),
        "connections": dict(node.connections),
        "note": node.note,
    }
    return {
        "id": node.id,
        "step": node.step,
        "version": node.version,
        "params": dict(node.params),
        "position": {"x": node.position[0], "y": node.position[1]},
        **{key: value for key, value in optional.items() if value},
    }


def _edge_json(edge: Edge) -> dict[str, Any]:
    return {"id": edge.id, "source": edge.source, "target": edge.target}


def _list(data: Mapping[str, Any], key: str, most: int, what: str, found: list[Problem]) -> list[Any]:
    value = data.get(key, [])
    if not isinstance(value, list):
        found.append(Problem(f"“{key}” must be a list.", field=key))
        return []
    if len(value) > most:
        found.append(
            Problem(f"A workflow holds at most {most:,} {what}; this one has {len(value):,}.", field=key)
        )
        return []
    return value


def _unknown_keys(
    data: Mapping[str, Any],
    known: tuple[str, ...],
    what: str,
    *,
    node: str | None = None,
    edge: str | None = None,
) -> Iterable[Problem]:
    for key in data:
        if key not in known:
            shown = str(key)[:60]
            near = get_close_matches(shown, known, 1)
            hint = f" Did you mean “{near[0]}”?" if near else f" Known here: {', '.join(known)}."
            yield Problem(
                f"The {what} has an unknown key “{shown}”.{hint}", node=node, edge=edge, field=shown
            )


class _Reader:
    """Reads the keys of one node or edge and notes each problem under its id."""

    def __init__(
        self, raw: Mapping[str, Any], found: list[Problem], *, node: str | None, edge: str | None
    ) -> None:
        self.raw, self.found, self.place = raw, found, {"node": node, "edge": edge}

    def wrong(self, field: str, message: str) -> None:
        self.found.append(Problem(message, field=field, **self.place))

    def text(self, key: str, most: int) -> str:
        value = self.raw.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.wrong(key, f"“{key}” must be a text.")
        elif len(value) > most:
            self.wrong(key, f"“{key}” is too long: {len(value):,} characters, and at most {most:,} fit.")
        elif bad := bad_text(value):
            self.wrong(key, f"“{key}” {bad}.")
        else:
            return value
        return ""

    def name(self, key: str, pattern: re.Pattern[str], what: str) -> str:
        value = self.raw.get(key)
        if isinstance(value, str) and pattern.fullmatch(value):
            return value
        if value is None or value == "":
            self.wrong(key, f"“{key}” is missing.")
        else:
            self.wrong(key, f"“{key}” must be {what}.")
        return ""

    def mapping(self, key: str) -> Mapping[str, Any]:
        value = self.raw.get(key)
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.wrong(key, f"“{key}” must be an object.")
            return {}
        if bad := bad_text_within(value):
            self.wrong(f"{key}.{bad[0]}" if bad[0] else key, f"A value in “{key}” {bad[1]}.")
            return {}
        return value

    def fixed(self, rules: Mapping[str, tuple[object, ...]]) -> None:
        for key, allowed in rules.items():
            value = self.raw.get(key)
            if not any(value == each and type(value) is type(each) for each in allowed):
                self.wrong(key, f"“{key}” can only be left out or {allowed[0]!r} so far.")


_ID_WORDS = "1 to 64 letters, digits, “-” or “_”"


def _readable_id(raw: Mapping[str, Any]) -> str | None:
    value = raw.get("id")
    return value if isinstance(value, str) and ID.fullmatch(value) else None


def _node(raw: object, place: int, found: list[Problem]) -> Node | None:
    if not isinstance(raw, Mapping):
        found.append(Problem("Each node must be an object.", field=f"nodes.{place}"))
        return None
    name = _readable_id(raw)
    before = len(found)
    found.extend(_unknown_keys(raw, _NODE_KEYS, "node", node=name))
    read = _Reader(raw, found, node=name, edge=None)
    read.fixed(_FIXED_NODE)
    node = Node(
        id=read.name("id", ID, _ID_WORDS),
        step=read.name("step", SLUG, "the short name of a step, such as “keep-rows”"),
        version=read.text("version", 64) or None,
        title=read.text("title", MAX_TITLE),
        params=read.mapping("params"),
        position=_position(read),
        limits=_limits(read),
        connections=_connections(read),
        note=read.text("note", MAX_NOTE),
    )
    return node if len(found) == before else None


def _edge(raw: object, place: int, found: list[Problem]) -> Edge | None:
    if not isinstance(raw, Mapping):
        found.append(Problem("Each edge must be an object.", field=f"edges.{place}"))
        return None
    name = _readable_id(raw)
    before = len(found)
    found.extend(_unknown_keys(raw, _EDGE_KEYS, "edge", edge=name))
    read = _Reader(raw, found, node=None, edge=name)
    read.fixed(_FIXED_EDGE)
    edge = Edge(
        id=read.name("id", ID, _ID_WORDS),
        source=read.name("source", ID, "the id of a node"),
        target=read.name("target", ID, "the id of a node"),
    )
    return edge if len(found) == before else None


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _position(read: _Reader) -> tuple[float, float]:
    raw = read.mapping("position")
    numbers = []
    for axis in ("x", "y"):
        number = _number(raw.get(axis, 0))
        if number is None or abs(number) > MAX_POSITION:
            read.wrong(f"position.{axis}", f"“position.{axis}” must be a number.")
            number = 0.0
        numbers.append(number)
    for key in raw:
        if key not in ("x", "y"):
            read.wrong("position", "“position” holds x and y, and nothing else.")
    return (numbers[0], numbers[1])


def _limits(read: _Reader) -> Mapping[str, Any]:
    raw = read.mapping("limits")
    for key in raw:
        if key not in _LIMIT_KEYS:
            read.wrong(f"limits.{key}", f"“limits” knows {', '.join(_LIMIT_KEYS)}, not “{str(key)[:60]}”.")
    for key in ("cpus", "seconds"):
        number = _number(raw.get(key, 1))
        if number is None or number <= 0:
            read.wrong(f"limits.{key}", f"“limits.{key}” must be a number above 0.")
    for key in ("memory", "output"):
        if key in raw and parse_size(raw[key]) is None:
            read.wrong(f"limits.{key}", f"“limits.{key}” must be a size such as 256m or 1g.")
    return raw


def _connections(read: _Reader) -> Mapping[str, str]:
    raw = read.mapping("connections")
    for secret, connection in raw.items():
        if not isinstance(connection, str):
            read.wrong(f"connections.{secret}", f"“connections.{str(secret)[:60]}” must name a connection.")
    return raw
