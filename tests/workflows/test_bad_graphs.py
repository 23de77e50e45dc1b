"""Every graph that is wrong is refused with the node and the field; nothing of it is kept."""

import json
from typing import Any

import pytest

from composer.workflows.models import Workflow
from tests.workflows.conftest import WORKFLOWS, edge, graph, node, word_job

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]


def send(api: Any, data: Any, method: str = "POST", path: str = WORKFLOWS) -> Any:
    return api.generic(method, path, json.dumps(data), content_type="application/json")


def places(answer: Any) -> set[tuple[str | None, str | None]]:
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert all(problem["message"] for problem in answer.json()["problems"])
    return {(problem["node"], problem["field"]) for problem in answer.json()["problems"]}


A, B = node("a"), node("b")
BAD: dict[str, tuple[Any, tuple[str | None, str | None]]] = {
    "no object": ([], (None, "graph")),
    "no lists": ({"nodes": {}, "edges": 3}, (None, "nodes")),
    "unknown key of the graph": ({"nodes": [], "edges": [], "extra": 1}, (None, "extra")),
    "unknown key of a node": (graph([{**A, "parms": {}}]), ("a", "parms")),
    "node that is no object": (graph([A, 3]), (None, "nodes.1")),
    "node without id": (graph([{"step": "make-words"}]), (None, "id")),
    "id with markup": (graph([node("<script>")]), (None, "id")),
    "id of 1 MB": (graph([node("x" * 1_000_000)]), (None, "id")),
    "title of 1 MB": (graph([{**A, "title": "x" * 1_000_000}]), ("a", "title")),
    "title that is no text": (graph([{**A, "title": ["x"]}]), ("a", "title")),
    "params that are no object": (graph([{**A, "params": []}]), ("a", "params")),
    "position that is no number": (graph([{**A, "position": {"x": "left", "y": 0}}]), ("a", "position.x")),
    "join that does not exist": (graph([{**A, "join": "some"}]), ("a", "join")),
    "double ids": (graph([A, A]), ("a", "id")),
    "double edges": (
        graph([A, B, node("c")], [edge("a", "b"), {**edge("b", "c"), "id": "a-b"}]),
        (None, "id"),
    ),
    "dangling source": (graph([B], [edge("a", "b")]), ("b", "source")),
    "dangling target": (graph([A], [edge("a", "b")]), ("a", "target")),
    "self edge": (graph([A], [edge("a", "a")]), ("a", "target")),
    "cycle": (graph([A, B], [edge("a", "b"), edge("b", "a")]), ("a", "input")),
    "output that its step lacks": (graph([A, B], [edge("a", "b", output="rest")]), ("a", "output")),
    "input that its step lacks": (graph([A, B], [edge("a", "b", input="prices")]), ("b", "input")),
    "rule that is none": (graph([A, B], [edge("a", "b", rule={"all": []})]), (None, "rule.all")),
    "otherwise without a choice": (graph([A, B], [edge("a", "b", rule={"else": True})]), ("a", "rule")),
    "when that is never": (graph([A, B], [edge("a", "b", when="never")]), (None, "when")),
    "into a step that takes nothing": (graph([A, node("b", "make-words")], [edge("a", "b")]), ("b", "input")),
    "unknown step": (graph([node("a", "no-such-step")]), ("a", "step")),
    "step that is no name": (graph([node("a", "../etc")]), ("a", "step")),
    "unknown version": (graph([{**A, "version": "9.9.9"}]), ("a", "version")),
    "mode that does not exist": (graph([A, B], [edge("a", "b", mode="river")]), (None, "mode")),
    "unknown key of an edge": (graph([A, B], [edge("a", "b", weight=1)]), (None, "weight")),
    "wrong type of a setting": (graph([node("a", "make-words", params={"count": "many"})]), ("a", "count")),
    "unknown setting": (graph([node("a", "make-words", params={"cuont": 3})]), ("a", "cuont")),
    "limits that are none": (graph([{**A, "limits": {"memory": "lots"}}]), ("a", "limits.memory")),
    "limits that nobody can keep": (graph([{**A, "limits": {"seconds": 1e18}}]), ("a", "limits.seconds")),
    "unknown secret": (graph([{**A, "connections": {"KEY": "1"}}]), ("a", "connections.KEY")),
    "10,001 nodes": (graph([node(f"n{number}") for number in range(10_001)]), (None, "nodes")),
    "100,000 edges": (graph([A], [edge("a", "a")] * 100_000), (None, "edges")),
}


@pytest.mark.parametrize("name", BAD)
def test_it_is_refused_when_it_is_made(api: Any, name: str) -> None:
    data, place = BAD[name]
    assert place in places(send(api, {"graph": data}))
    assert not Workflow.objects.exists()


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_it_is_refused_when_it_is_saved(api: Any, workflow: Any, name: str, method: str) -> None:
    data, place = BAD[name]
    path = f"{WORKFLOWS}{workflow['id']}/"
    answer = send(api, {"name": "New", "graph": data, "revision": workflow["revision"]}, method, path)
    assert place in places(answer)
    assert api.get(path).json() == workflow


@pytest.mark.parametrize("name", BAD)
def test_it_is_refused_when_it_is_imported(api: Any, name: str) -> None:
    data, place = BAD[name]
    assert place in places(send(api, {"name": "New", "graph": data}, path=f"{WORKFLOWS}import/"))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 1_000_000}, "name"),
        ({"name": 5}, "name"),
        ({"name": None}, "name"),
        ({"description": "x" * 10_001}, "description"),
        ({"nmae": "x"}, "nmae"),
        ({"\ud800": "x"}, None),
        ({"armed": 21}, "armed"),
        ({"armed": True}, "armed"),
        ({"draft": "yes"}, "draft"),
        ({"input": "text"}, "input"),
        ({"input": {"kind": "stdin"}}, "input.kind"),
        ({"input": {"kind": ["text"]}}, "input.kind"),
        ({"input": {"kind": "text", "sample": 5}}, "input.sample"),
        ({"input": {"kind": "text", "sample": "a\0b"}}, "input.sample"),
        ({"input": {"kind": "text", "title": "x" * 201}}, "input.title"),
        ({"input": {"kind": "text", "smaple": ""}}, "input.smaple"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_other_fields_are_refused_by_name(
    api: Any, workflow: Any, change: Any, field: str | None, method: str
) -> None:
    path = WORKFLOWS if method == "POST" else f"{WORKFLOWS}{workflow['id']}/"
    assert (None, field) in places(send(api, {"revision": workflow["revision"], **change}, method, path))


def test_markup_in_a_name_is_text_like_any_other(api: Any) -> None:
    name = '<img src=x onerror="alert(1)"> & {{7*7}}'
    assert send(api, {"name": name}).json()["name"] == name


def test_all_problems_are_told_at_once(api: Any) -> None:
    nodes = [
        node("a", "make-words", params={"count": "x"}),
        node("b", "nothing-known"),
        node("c", "also-unknown"),
    ]
    assert places(send(api, {"graph": graph(nodes)})) == {("a", "count"), ("b", "step"), ("c", "step")}


def test_many_steps_are_checked_with_few_questions(api: Any, django_assert_max_num_queries: Any) -> None:
    nodes = [node(f"n{number}", params={"what": "letters"}) for number in range(1_000)]
    edges = [edge(f"n{number}", f"n{number + 1}") for number in range(999)]
    with django_assert_max_num_queries(12):
        assert send(api, {"graph": graph(nodes, edges)}).status_code == 201


def test_a_graph_that_can_be_run_has_no_problem(api: Any, workflow: Any) -> None:
    assert workflow["problems"] == []
    stored = {each["id"]: each for each in workflow["graph"]["nodes"]}
    for sent in word_job()["nodes"]:
        assert sent.items() <= stored[sent["id"]].items()
