"""Graphs: what is refused while reading, and what keeps a graph from being run."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.engine.gate.gate import MOST_INPUTS
from composer.engine.graph import Graph, GraphError, Problem, order
from composer.engine.graph_parse import parse, to_json
from composer.engine.graph_problems import MOST_READ, StepFacts, problems

STEPS = {
    "make-words": StepFacts("Make words", "nothing", "text"),
    "change-case": StepFacts("Change case", "text", "text"),
    "send": StepFacts("Send", "any", "nothing"),
    "join": StepFacts("Join", "csv", "csv", inputs={"prices": "csv"}, outputs={"rest": "csv"}),
}


def find_step(slug: str, version: str | None) -> StepFacts | None:
    return STEPS.get(slug) if version in (None, "1.0.0") else None


def node(node_id: str, step: str = "change-case", **more: Any) -> dict[str, Any]:
    return {"id": node_id, "step": step, **more}


def edge(source: str, target: str, edge_id: str = "", **more: Any) -> dict[str, Any]:
    return {"id": edge_id or f"{source}-{target}", "source": source, "target": target, **more}


def graph(*nodes: dict[str, Any], edges: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return {"nodes": list(nodes), "edges": list(edges)}


def refused(data: object) -> list[Problem]:
    with pytest.raises(GraphError) as caught:
        parse(data)
    assert caught.value.problems, "it says what is wrong"
    return caught.value.problems


def found(data: object) -> list[Problem]:
    return problems(parse(data), find_step)


def test_a_chain_of_known_steps_has_no_problems() -> None:
    data = graph(node("a", "make-words"), node("b"), node("c"), edges=(edge("a", "b"), edge("b", "c")))
    assert found(data) == []


def test_one_output_may_feed_several_steps() -> None:
    data = graph(node("a", "make-words"), node("b"), node("c"), edges=(edge("a", "b"), edge("a", "c")))
    assert found(data) == []


def test_what_was_read_is_written_the_same() -> None:
    data = graph(
        node("a", "make-words", params={"n": 3}, title="Ours", note="why", limits={"memory": "64m"}),
        node("b"),
        edges=(edge("a", "b"),),
    )
    again = to_json(parse(data))
    assert to_json(parse(again)) == again
    assert again["nodes"][0]["title"] == "Ours"


def test_keys_that_hold_their_default_are_accepted() -> None:
    data = graph(
        node("a", "make-words", join="all", retry=None),
        node("b"),
        edges=(
            edge("a", "b", output="stdout", input="stdin", order=0, when="success", rule=None, mode="keep"),
        ),
    )
    assert found(data) == []


@pytest.mark.parametrize(
    ("data", "node_id", "field"),
    [
        (graph(node("a", colour="red")), "a", "colour"),
        (graph(node("a", title=5)), "a", "title"),
        (graph(node("a", title="x" * 1_000_000)), "a", "title"),
        (graph(node("a", title="nul\0")), "a", "title"),
        (graph(node("a", title="\ud800")), "a", "title"),
        (graph(node("a", params={"x": ["\ud800"]})), "a", "params.x.0"),
        (graph(node("a", params={"x": float("nan")})), "a", "params.x"),
        (graph(node("a", params=[])), "a", "params"),
        (graph(node("a", position={"x": "left"})), "a", "position.x"),
        (graph(node("a", position={"x": 10**400})), "a", "position.x"),
        (graph(node("a", limits={"memory": "lots"})), "a", "limits.memory"),
        (graph(node("a", limits={"seconds": -1})), "a", "limits.seconds"),
        (graph(node("a", join="some")), "a", "join"),
        (graph(node("a", connections={"PASSWORD": 5})), "a", "connections.PASSWORD"),
        (graph(node("a", "Not A Slug")), "a", "step"),
        (graph({"step": "change-case"}), None, "id"),
        (graph(node("a b")), None, "id"),
    ],
)
def test_a_bad_node_is_refused_by_node_and_field(data: object, node_id: str | None, field: str) -> None:
    assert [(p.node, p.field) for p in refused(data)] == [(node_id, field)]


@pytest.mark.parametrize(
    "data", [None, [], "graph", 5, {"nodes": {}}, {"nodes": [5]}, {"edges": [None]}, {"knots": []}]
)
def test_what_is_no_graph_is_refused_in_words(data: object) -> None:
    assert all(problem.message and problem.field for problem in refused(data))


def test_an_unknown_key_is_answered_with_the_one_that_was_meant() -> None:
    assert "“params”" in refused(graph(node("a", parms={})))[0].message


def test_ten_thousand_and_one_nodes_are_too_many() -> None:
    [problem] = refused(graph(*(node(f"n{i}") for i in range(10_001))))
    assert problem.field == "nodes"
    assert "10,001" in problem.message


def test_an_empty_graph_has_nothing_to_run() -> None:
    assert "Add a step" in found(graph())[0].message


def test_two_nodes_of_one_id_are_named() -> None:
    assert [(p.node, p.field) for p in found(graph(node("a"), node("a")))] == [("a", "id")]


def test_two_edges_of_one_id_are_named() -> None:
    data = graph(node("a"), node("b"), node("c"), edges=(edge("a", "b", "e"), edge("a", "c", "e")))
    assert [(p.edge, p.field) for p in found(data)] == [("e", "id")]


def test_an_edge_to_nowhere_is_named_with_the_node_it_leaves() -> None:
    [problem] = found(graph(node("a"), edges=(edge("a", "gone", "e"),)))
    assert (problem.node, problem.edge, problem.field) == ("a", "e", "target")


def test_a_step_cannot_read_itself() -> None:
    [problem] = found(graph(node("a"), edges=(edge("a", "a", "e"),)))
    assert (problem.node, problem.field) == ("a", "target")


def test_a_circle_names_its_nodes_and_not_what_hangs_on_it() -> None:
    data = graph(
        node("a"), node("b"), node("behind"), edges=(edge("a", "b"), edge("b", "a"), edge("b", "behind"))
    )
    assert [p.node for p in found(data)] == ["a", "b"]


def test_a_long_circle_is_found_quickly_enough_to_answer() -> None:
    nodes = [node(f"n{i}") for i in range(2000)]
    edges = tuple(edge(f"n{i}", f"n{(i + 1) % 2000}") for i in range(2000))
    assert len(found(graph(*nodes, edges=edges))) == 2000


def test_several_pipes_may_lead_into_a_step() -> None:
    data = graph(
        node("a", "make-words"), node("b", "make-words"), node("c"), edges=(edge("a", "c"), edge("b", "c"))
    )
    assert found(data) == []


def test_no_pipe_leads_into_a_step_that_takes_nothing() -> None:
    data = graph(node("a"), node("b", "make-words"), edges=(edge("a", "b"),))
    assert [(p.node, p.field) for p in found(data)] == [("b", "input")]


def test_no_pipe_comes_from_a_step_that_gives_nothing() -> None:
    data = graph(node("a", "send"), node("b"), edges=(edge("a", "b"),))
    assert [(p.node, p.field) for p in found(data)] == [("b", "input")]


def test_an_unknown_step_and_an_unknown_version_are_told_apart() -> None:
    data = graph(node("a", "no-such-step"), node("b", version="9.9.9"))
    assert [(p.node, p.field) for p in found(data)] == [("a", "step"), ("b", "version")]


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"memory": "1m"}, "at least 8m"),
        ({"cpus": 1e-10}, "0.01 to 1,024"),
        ({"cpus": 1025}, "0.01 to 1,024"),
        ({"seconds": 1e18}, "24 days"),
        ({"seconds": 30 * 86_400}, "24 days"),
        ({"seconds": 1e-9}, "24 days"),
    ],
)
def test_limits_that_no_container_can_have_are_named_with_their_step(
    limits: dict[str, Any], words: str
) -> None:
    [problem] = found(graph(node("a", "make-words", limits=limits)))
    assert (problem.node, problem.field) == ("a", f"limits.{next(iter(limits))}")
    assert words in problem.message


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["id", "nodes", "edges", "source", "target", "step", "params", "x"]), inner
        )
    ),
    max_leaves=30,
)


@given(JSON | st.builds(dict, nodes=st.lists(JSON, max_size=3), edges=st.lists(JSON, max_size=3)))
def test_whatever_comes_in_is_read_or_refused(data: object) -> None:
    try:
        read = parse(data)
    except GraphError as error:
        assert error.problems  # noqa: PT017 - either outcome is right; silence is not
    else:
        assert isinstance(problems(read, find_step), list)


@given(st.permutations(list(range(8))), st.data())
def test_in_the_order_every_source_stands_before_its_targets(places: list[int], data: st.DataObject) -> None:
    edges = tuple(
        edge(f"n{data.draw(st.integers(0, target - 1))}", f"n{target}")
        for target in range(1, 8)
        if data.draw(st.booleans())
    )
    read: Graph = parse(graph(*(node(f"n{i}") for i in places), edges=edges))
    position = {name: place for place, name in enumerate(order(read))}
    assert len(position) == 8
    assert all(position[e.source] < position[e.target] for e in read.edges)


BOTH = (node("a", "make-words"), node("b", "join"))
RULE = {"all": [{"field": "total", "test": "greater", "value": 1000}]}


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"order": -1}, "order"),
        ({"order": 1.5}, "order"),
        ({"order": True}, "order"),
        ({"when": "sometimes"}, "when"),
        ({"mode": "river"}, "mode"),
        ({"mode": 5}, "mode"),
        ({"output": "No Name"}, "output"),
        ({"input": ["stdin"]}, "input"),
        ({"rule": "total > 5"}, "rule"),
        ({"rule": {"all": [{"field": "total", "test": "bigger", "value": 5}]}}, "rule.all.0.test"),
        ({"rule": {"all": [{"field": "total", "test": "matches", "value": 5}]}}, "rule.all.0.value"),
    ],
)
def test_a_bad_pipe_is_refused_by_edge_and_field(more: dict[str, Any], field: str) -> None:
    assert [(p.edge, p.field) for p in refused(graph(*BOTH, edges=(edge("a", "b", **more),)))] == [
        ("a-b", field)
    ]


def test_a_pipe_is_written_as_it_was_read() -> None:
    more: dict[str, Any] = {
        "order": 3,
        "when": "always",
        "rule": RULE,
        "mode": "stream+keep",
        "input": "prices",
    }
    [again] = to_json(parse(graph(*BOTH, edges=(edge("a", "b", output="rest", **more),))))["edges"]
    assert again == edge("a", "b", output="rest", **more)


def test_inputs_and_outputs_go_by_the_names_that_the_steps_declare() -> None:
    nodes = (*BOTH, node("c", "join"), node("d"))
    good = (edge("a", "b", input="prices"), edge("b", "c", output="rest"), edge("c", "d"))
    assert found(graph(*nodes, edges=good)) == []
    bad = (edge("a", "b", input="costs"), edge("b", "c", output="remains"))
    problems_found = found(graph(*nodes, edges=bad))
    assert [(p.node, p.edge, p.field) for p in problems_found] == [
        ("b", "a-b", "input"),
        ("b", "b-c", "output"),
    ]
    assert "stdin, prices" in problems_found[0].message
    assert "stdout, rest" in problems_found[1].message


def test_a_rule_by_which_nobody_can_decide_is_named_with_its_pipe() -> None:
    rule = {"all": [{"field": "total", "test": "matches", "value": "("}]}
    [problem] = found(graph(node("a"), node("b"), edges=(edge("a", "b", rule=rule),)))
    assert (problem.node, problem.edge, problem.field) == ("a", "a-b", "rule.all.0.value")


def test_an_input_file_takes_one_pipe() -> None:
    nodes = (*BOTH, node("c", "make-words"))
    edges = (edge("a", "b", input="prices"), edge("c", "b", input="prices"))
    assert [(p.edge, p.field) for p in found(graph(*nodes, edges=edges))] == [("c-b", "input")]


def test_what_takes_nothing_may_be_started_by_a_way_that_is_a_signal() -> None:
    nodes = (node("a"), node("b", "make-words"))
    assert [p.field for p in found(graph(*nodes, edges=(edge("a", "b"),)))] == ["input"]
    for more in ({"when": "failure"}, {"when": "always"}, {"rule": RULE}):
        assert found(graph(*nodes, edges=(edge("a", "b", **more),))) == []


def test_otherwise_stands_once_and_never_alone() -> None:
    nodes = (node("a"), node("b"), node("c"), node("d"))
    other: dict[str, Any] = {"rule": {"else": True}}
    assert found(graph(*nodes, edges=(edge("a", "b", rule=RULE), edge("a", "c", **other)))) == []
    assert [p.edge for p in found(graph(*nodes, edges=(edge("a", "b", **other),)))] == ["a-b"]
    three = (edge("a", "b", rule=RULE), edge("a", "c", **other), edge("a", "d", **other))
    assert [p.edge for p in found(graph(*nodes, edges=three))] == ["a-d"]


def test_a_step_cannot_read_more_pipes_than_its_gate_feeds() -> None:
    assert MOST_READ == MOST_INPUTS
    nodes = [*(node(f"n{i}", "make-words") for i in range(257)), node("z")]
    edges = tuple(edge(f"n{i}", "z") for i in range(257))
    assert [(p.node, p.field) for p in found(graph(*nodes, edges=edges))] == [("z", "input")]


def test_more_pipes_than_can_stream_are_too_many() -> None:
    nodes = [node("a", "make-words"), *(node(f"n{i}") for i in range(501))]
    edges = tuple(edge("a", f"n{i}", mode="stream") for i in range(501))
    assert [p.field for p in found(graph(*nodes, edges=edges))] == ["edges"]
