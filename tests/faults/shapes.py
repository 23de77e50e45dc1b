"""Workflows whose result is known to the byte, and that count how often each of their steps ran.

A step counts by appending to the log of its attempt. Appended, so that a second execution of the same
attempt would show, even one that runs at the same time.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tests.system.flows import Flows, Json

RAN = b"ran\n"
COUNT = "echo ran >>/.composer/log; "
TEXT = "what goes in\n"


@dataclass(frozen=True, slots=True)
class Shape:
    """A workflow and what a run of it on TEXT must lead to."""

    name: str
    workflow: str
    sha256: str
    ran: frozenset[str]  # the nodes that run; the others are skipped
    streams: frozenset[str] = frozenset()  # the nodes that stream together


def script_step(flows: Flows, script: str, **more: Any) -> str:
    """A step that counts its executions and then runs this script."""
    return flows.add_step(COUNT + script, **more)


def one(flows: Flows, **more: Any) -> Shape:
    """A single step."""
    return _shape("one", flows.add({"only": script_step(flows, "cat", **more)}), TEXT.encode(), ["only"])


def kept(flows: Flows, **more: Any) -> Shape:
    """Three steps in a row, each reading the file that the one before left."""
    scripts = {"a": "cat; sleep 0.2; seq 1000", "b": "cat; sleep 0.2; echo b", "c": "cat; echo c"}
    workflow = flows.add({node: script_step(flows, text, **more) for node, text in scripts.items()})
    return _shape("kept", workflow, TEXT.encode() + _numbers(1, 1001) + b"b\nc\n", "abc")


def armed(flows: Flows, **more: Any) -> Shape:
    """The same, with the containers of its next two runs waiting at their gates."""
    shape = kept(flows, **more)
    revision = flows.get(f"/api/workflows/{shape.workflow}/")["revision"]
    body = {"armed": 2, "revision": revision}
    answer = flows.http.patch(f"/api/workflows/{shape.workflow}/", json=body)
    assert answer.status_code == 200, answer.text
    return replace(shape, name="armed")


def streaming(flows: Flows, *, slices: int = 20, **more: Any) -> Shape:
    """Three steps that run at once, for about a second; the second one also keeps what it passes on."""
    talk = f"cat; for i in $(seq 0 {slices - 1}); do seq $((i*1000)) $((i*1000+999)); sleep 0.05; done"
    scripts = {"p": talk, "q": "cat; echo q", "r": "cat; echo r"}
    edges = [_edge("p", "q", mode="stream"), _edge("q", "r", mode="stream+keep")]
    workflow = flows.add({node: script_step(flows, text, **more) for node, text in scripts.items()}, edges)
    whole = TEXT.encode() + _numbers(0, slices * 1000) + b"q\nr\n"
    return _shape("streaming", workflow, whole, "pqr", streams="pqr")


def slow(flows: Flows, **more: Any) -> Shape:
    """A stream for about six seconds."""
    return replace(streaming(flows, slices=120, **more), name="slow")


def mixed(flows: Flows, **more: Any) -> Shape:
    """A stream, then three ways at once of which one is closed by a rule, and a step where they meet."""
    scripts = {
        "s": "cat; for i in $(seq 10); do seq $((i*100)); sleep 0.05; done",
        "t": "cat",
        "u": "sleep 0.1; cat; echo u",
        "v": "cat",
        "w": "head -n 2",
        "x": "cat; echo x",
    }
    never = {"all": [{"field": "text", "test": "contains", "value": "nobody writes this"}]}
    edges = [
        _edge("s", "t", mode="stream"),
        *(_edge("t", "u"), _edge("t", "v", rule=never), _edge("t", "w")),
        *(_edge(source, "x", order=place) for place, source in enumerate("uvw", 1)),
    ]
    nodes: dict[str, str | Json] = {n: {"step": script_step(flows, s, **more)} for n, s in scripts.items()}
    nodes["x"] = {"step": script_step(flows, scripts["x"], **more), "join": "any"}
    passed = TEXT.encode() + b"".join(_numbers(1, i * 100 + 1) for i in range(1, 11))
    result = passed + b"u\n" + TEXT.encode() + b"1\nx\n"
    return _shape("mixed", flows.add(nodes, edges), result, "stuwx", streams="st")


SHAPES: Mapping[str, Callable[..., Shape]] = {
    "one": one,
    "kept": kept,
    "armed": armed,
    "streaming": streaming,
    "slow": slow,
    "mixed": mixed,
}


def _shape(name: str, workflow: str, result: bytes, ran: Iterable[str], streams: str = "") -> Shape:
    return Shape(name, workflow, hashlib.sha256(result).hexdigest(), frozenset(ran), frozenset(streams))


def _edge(source: str, target: str, **more: Any) -> Json:
    return {"id": f"{source}-{target}", "source": source, "target": target, **more}


def _numbers(first: int, end: int) -> bytes:
    return b"".join(b"%d\n" % number for number in range(first, end))
