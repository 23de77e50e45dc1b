"""Every graph that is wrong is refused by every way in, with the node and the field."""

from typing import Any

import httpx
import pytest

from tests.system.flows import Flows, Json
from tests.system.wire import as_json, places, refused, send
from tests.workflows.conftest import edge, graph, node
from tests.workflows.test_bad_graphs import BAD

WORDS = node("a", "make-words")
MORE: dict[str, tuple[Any, tuple[str | None, str | None]]] = {
    "NaN as a setting": (graph([{**WORDS, "params": {"count": float("nan")}}]), ("a", "params.count")),
    "NaN as a position": (graph([{**WORDS, "position": {"x": float("nan"), "y": 0}}]), ("a", "position.x")),
    "endless number as a setting": (graph([{**WORDS, "params": {"count": 10**400}}]), ("a", "count")),
    "NUL in a title": (graph([{**WORDS, "title": "a\0b"}]), ("a", "title")),
    "NUL in a setting": (graph([{**WORDS, "params": {"what": "a\0b"}}]), ("a", "params.what")),
    "half a character in a title": (graph([{**WORDS, "title": "a\ud800b"}]), ("a", "title")),
    "half a character in a note": (graph([{**WORDS, "note": "\udfff"}]), ("a", "note")),
    "half a character in an id": (graph([node("\ud800")]), (None, "id")),
    "a setting named like a variable": (graph([{**WORDS, "params": {"A=B": "c"}}]), ("a", "A=B")),
    "a setting of 1 MB": (graph([{**WORDS, "params": {"what": "x" * 1_000_000}}]), ("a", "what")),
    "a setting of a 1 MB name": (graph([{**WORDS, "params": {"x" * 1_000_000: 1}}]), ("a", "x" * 59 + "…")),
    "a version that is a list": (graph([{**WORDS, "version": ["1.0.0"]}]), ("a", "version")),
    "ends that are no texts": (graph([WORDS], [edge("a", "a") | {"source": 5}]), (None, "source")),
}
ALL = BAD | MORE
WAYS = ["POST", "PUT", "PATCH", "validate", "import"]


@pytest.fixture(scope="module")
def workflow(flows: Flows) -> Json:
    return flows.get(f"/api/workflows/{flows.add({})}/")


def give(http: httpx.Client, way: str, graph: bytes, workflow: Json) -> httpx.Response:
    """Sends a graph, written as JSON, by one of the ways that lead in."""
    body = b'{"revision": %d, "graph": %s}' % (workflow["revision"], graph)
    mine = f"/api/workflows/{workflow['id']}/"
    method, path = {
        "POST": ("POST", "/api/workflows/"),
        "PUT": ("PUT", mine),
        "PATCH": ("PATCH", mine),
        "validate": ("POST", f"{mine}validate/"),
        "import": ("POST", "/api/workflows/import/"),
        "YAML": ("POST", "/api/workflows/import/"),
    }[way]
    return send(http, method, path, body, "application/yaml" if way == "YAML" else "application/json")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ALL)
def test_it_is_refused_by_node_and_field(http: httpx.Client, workflow: Json, name: str, way: str) -> None:
    data, place = ALL[name]
    answer = give(http, way, as_json(data), workflow)
    # What can be read at all is answered by a checklist, where somebody asks for one.
    told = answer.json() if way == "validate" and answer.status_code == 200 else refused(answer)
    assert place in places(told)
    assert told.get("ok") is not True
    assert http.get(f"/api/workflows/{workflow['id']}/").json() == workflow


@pytest.mark.parametrize("way", [*WAYS, "YAML"])
@pytest.mark.parametrize(
    "graph",
    [
        b"[" * 10_000 + b"]" * 10_000,
        b'{"nodes":' * 10_000 + b"1" + b"}" * 10_000,
        b'{"a":[' * 45 + b"]}" * 45,
    ],
    ids=["lists", "objects", "both"],
)
def test_endless_depth_is_refused(http: httpx.Client, workflow: Json, way: str, graph: bytes) -> None:
    refused(give(http, way, graph, workflow))


@pytest.mark.parametrize("name", [name for name in BAD if name != "100,000 edges"])
def test_it_is_refused_as_yaml_too(http: httpx.Client, workflow: Json, name: str) -> None:
    data, place = BAD[name]
    assert place in places(refused(give(http, "YAML", as_json(data), workflow)))  # JSON is YAML


def test_yaml_of_endless_length_is_refused(http: httpx.Client, workflow: Json) -> None:
    told = refused(give(http, "YAML", as_json(BAD["100,000 edges"][0]), workflow))
    assert "more than 250,000 keys and values" in told["detail"]


def test_an_empty_graph_is_saved_and_not_run(flows: Flows, workflow: Json) -> None:
    told = refused(flows.http.post(f"/api/workflows/{workflow['id']}/runs/", json={"input": "x"}))
    assert told["problems"]


def test_a_draft_that_is_wrong_is_saved_and_not_run(flows: Flows, http: httpx.Client) -> None:
    wrong = graph([node("a", "make-words", params={"count": "many"}), node("b", "no-such-step")])
    made = flows.post("/api/workflows/", {"graph": wrong, "draft": True})
    told = refused(http.post(f"/api/workflows/{made['id']}/runs/", json={}))
    assert {("a", "count"), ("b", "step")} <= places(told)


def test_a_revision_that_is_not_the_newest_is_told_which_one_is(http: httpx.Client, flows: Flows) -> None:
    path = f"/api/workflows/{flows.add({})}/"
    newest = http.patch(path, json={"name": "Newer", "revision": flows.get(path)["revision"]}).json()[
        "revision"
    ]
    no_numbers: list[object] = ["1", 1.5, None, True, [], float("nan")]
    for method in ("PUT", "PATCH"):
        for stale in (newest - 1, newest + 1, 0, -1, 2**63, 10**30):
            answer = send(http, method, path, as_json({"name": "Mine", "revision": stale}))
            assert refused(answer, 409)["revision"] == newest
        for wrong in no_numbers:
            told = refused(send(http, method, path, as_json({"name": "Mine", "revision": wrong})))
            assert (None, "revision") in places(told)
    assert flows.get(path)["name"] == "Newer"
