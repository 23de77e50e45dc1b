"""JSON -> Graph: refuses, by node and field, whatever has not the right shape."""

import math
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from composer.engine.graph import MAX_EDGES, MAX_NODES, STDIN, STDOUT, Edge, Graph, GraphError, Node, Problem
from composer.engine.rule_reading import RuleError, read_rule
from composer.engine.rules import Rule, rule_json
from composer.engine.values import bad_text, bad_text_within, parse_size

ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
PORT = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")  # as manifests name them
MAX_VERSION = 64
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
# Key: what it may be, the default first.
_JOINS = ("all", "any")
_WHENS = ("success", "failure", "always")
_MODES = ("keep", "stream", "stream+keep")
MAX_ORDER = 1_000_000


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
        "join": node.join if node.join != "all" else "",
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
    optional = {
        "output": edge.output if edge.output != STDOUT else "",
        "input": edge.input if edge.input != STDIN else "",
        "order": edge.order,
        "when": edge.when if edge.when != "success" else "",
        "rule": rule_json(edge.rule) if edge.rule else None,
        "mode": edge.mode if edge.mode != "keep" else "",
    }
    kept = {key: value for key, value in optional.items() if value}
    return {"id": edge.id, "source": edge.source, "target": edge.target, **kept}


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

    def choice(self, key: str, choices: tuple[str, ...]) -> Any:
        """One of these; left out or null means the first."""
        value = self.raw.get(key)
        if value is None:
            return choices[0]
        if not isinstance(value, str) or value not in choices:
            self.wrong(key, f"“{key}” can be {', '.join(choices)}, not “{str(value)[:40]}”.")
            return choices[0]
        return value

    def order(self) -> int:
        """A place among several: a whole number."""
        value = self.raw.get("order")
        if value is None:
            return 0
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_ORDER:
            self.wrong("order", f"“order” must be a whole number from 0 to {MAX_ORDER:,}.")
            return 0
        return value

    def rule(self) -> Rule | None:
        """What decides whether this way is taken."""
        raw = self.raw.get("rule")
        if raw is None or raw == {}:
            return None
        try:
            return read_rule(raw)
        except RuleError as error:
            for path, message in error.problems:
                self.wrong(f"rule.{path}" if path else "rule", message)
            return None

    def retry(self) -> None:
        """Part of the format; so far a step is only tried again where Composer lost it."""
        if self.raw.get("retry") not in (None, {}):
            self.wrong("retry", "“retry” can only be left out so far.")


_PORT_WORDS = "the name of an input or output of the step"
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
    read.retry()
    node = Node(
        id=read.name("id", ID, _ID_WORDS),
        step=read.name("step", SLUG, "the short name of a step, such as “keep-rows”"),
        version=read.text("version", MAX_VERSION) or None,
        title=read.text("title", MAX_TITLE),
        params=read.mapping("params"),
        position=_position(read),
        join=read.choice("join", _JOINS),
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
    edge = Edge(
        id=read.name("id", ID, _ID_WORDS),
        source=read.name("source", ID, "the id of a node"),
        target=read.name("target", ID, "the id of a node"),
        output=read.name("output", PORT, _PORT_WORDS) if raw.get("output") is not None else STDOUT,
        input=read.name("input", PORT, _PORT_WORDS) if raw.get("input") is not None else STDIN,
        order=read.order(),
        when=read.choice("when", _WHENS),
        rule=read.rule(),
        mode=read.choice("mode", _MODES),
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
