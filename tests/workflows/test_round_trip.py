"""What is exported as YAML is the same graph when it is imported, whatever stands in it."""

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from composer.engine.graph_parse import parse, to_json
from composer.workflows.files import export_yaml
from composer.workflows.models import Workflow
from composer.workflows.reading import fields, graph_of
from composer.workflows.yaml_text import read_yaml
from tests.workflows.conftest import edge, graph, node

IDS = st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True)
SLUGS = st.from_regex(r"[a-z0-9][a-z0-9-]{0,62}", fullmatch=True)
PORTS = st.from_regex(r"[a-z0-9](?:[a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
NUMBERS = st.floats(-1e7, 1e7)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
RULES = st.just({"else": True}) | st.fixed_dictionaries(
    {
        "any": st.lists(
            st.fixed_dictionaries(
                {"field": st.text("abcé .", min_size=1, max_size=9).filter(str.strip), "test": st.just("is")},
                optional={"value": st.text("yes no 1.0:#&*", min_size=1, max_size=9)},
            ).filter(lambda each: "value" in each),
            min_size=1,
            max_size=3,
        )
    }
)
NODES = st.fixed_dictionaries(
    {"id": IDS, "step": SLUGS},
    optional={
        "version": st.sampled_from(["1.0.0", "1.10.0"]),
        "title": TEXTS,
        "params": st.dictionaries(TEXTS, VALUES, max_size=3),
        "position": st.fixed_dictionaries({"x": NUMBERS, "y": NUMBERS}),
        "join": st.sampled_from(["all", "any"]),
        "limits": st.just({"memory": "1g", "seconds": 5.5, "cpus": 2, "output": "1k"}),
        "connections": st.dictionaries(st.sampled_from(["TOKEN", "yes", "1e3"]), TEXTS, max_size=2),
        "note": TEXTS,
    },
)
EDGES = st.fixed_dictionaries(
    {"id": IDS, "source": IDS, "target": IDS},
    optional={
        "output": PORTS,
        "input": PORTS,
        "order": st.integers(0, 1_000_000),
        "when": st.sampled_from(["success", "failure", "always"]),
        "rule": RULES,
        "mode": st.sampled_from(["keep", "stream", "stream+keep"]),
    },
)
GRAPHS = st.fixed_dictionaries(
    {"nodes": st.lists(NODES, max_size=4), "edges": st.lists(EDGES, max_size=4)}
).map(parse)


@settings(max_examples=200, deadline=None)
@given(GRAPHS, TEXTS.filter(str.strip), TEXTS)
@example(parse({"nodes": [], "edges": []}), "Breaks", "a\x85b\u2028c\u2029d\re\r\nf\n")
@example(
    parse({"nodes": [{"id": "a", "step": "b", "note": "\x85", "params": {"\u2028": "\x85"}}], "edges": []}),
    "x",
    "",
)
def test_any_graph_comes_back_as_it_was(made: Any, name: str, sample: str) -> None:
    about = {"kind": "text", "title": name[:200], "sample": sample}
    workflow = Workflow(name=name, description=sample, input=about, graph=to_json(made))
    read = fields(read_yaml(export_yaml(workflow)))
    assert graph_of(read["graph"]) == made
    assert (read["name"], read["description"], read["input"]) == (name, sample, about)


def test_every_key_survives_the_way_out_and_in(api: Any, library: None) -> None:
    rule = {
        "all": [{"field": "count", "test": "greater", "value": 10}, {"field": "text", "test": "is empty"}]
    }
    nodes = [
        node("a", "make-words", params={"count": 3}, position={"x": 0.0, "y": 0.0}, limits={"memory": "64m"}),
        *(node(name, position={"x": 340.0, "y": 1.5}) for name in "bcd"),
        node("e", join="any", note="Reads what came", title="End", position={"x": 0.0, "y": 0.0}),
    ]
    edges = [
        edge("a", "b", rule=rule),
        edge("a", "c", rule={"else": True}),
        edge("a", "d", when="failure"),
        edge("b", "e", order=2),
        edge("c", "e", order=1, when="always"),
        edge("d", "e"),
    ]
    made = api.post("/api/workflows/", {"name": "All keys", "graph": graph(nodes, edges)})
    assert made.status_code == 201, made.content
    text = api.get(f"/api/workflows/{made.json()['id']}/export/").content
    again = api.generic("POST", "/api/workflows/import/", text, content_type="application/yaml")
    assert again.status_code == 201, again.content
    assert again.json()["graph"] == made.json()["graph"]
    assert [set(each) - {"id", "source", "target"} for each in again.json()["graph"]["edges"]] == [
        *({"rule"}, {"rule"}, {"when"}, {"order"}, {"order", "when"}, set())
    ]
