"""Whatever comes in by the API's other doors is answered in words, and never with a fault of the server."""

import uuid
from typing import Any

import httpx
import pytest

from tests.system.flows import Flows, step_manifest
from tests.system.wire import as_json, places, refused, send

MEGABYTE = "x" * 1_000_000
STEPS, WORKFLOWS, IMPORT = "/api/steps/", "/api/workflows/", "/api/workflows/import/"


def a_step(**more: Any) -> Any:
    return {**step_manifest("of-nobody", "cat"), **more}


@pytest.mark.parametrize(
    ("manifest", "field"),
    [
        (a_step(slug="<b>bold</b>"), "slug"),
        (a_step(slug=MEGABYTE), "slug"),
        (a_step(title=MEGABYTE), "title"),
        (a_step(title="a\0b"), "title"),
        (a_step(title="\ud800"), "title"),
        (a_step(title=float("nan")), "title"),
        (a_step(version="1"), "version"),
        (a_step(version=10**400), "version"),
        (a_step(env={"A=B": "c"}), "env.A=B"),
        (a_step(env={"": "c"}), "env."),
        (a_step(env={"PATH": "/tmp"}), "env.PATH"),
        (a_step(env={"A": "b\0c"}), "env.A"),
        (
            a_step(params={"type": "object", "properties": {"a=b": {"type": "string"}}}),
            "params.a=b",
        ),
        (a_step(entrypoint="cat"), "entrypoint"),
        (a_step(image="Not An Image"), "image"),
        (a_step(image="registry.example.org/a:1"), "image"),
        (a_step(limits={"memory": "-1"}), "limits.memory"),
        (a_step(limits={"seconds": float("inf")}), "limits.seconds"),
        (a_step(surprise=1), "surprise"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_manifest_is_refused_by_its_field(http: httpx.Client, manifest: Any, field: str) -> None:
    told = refused(send(http, "POST", STEPS, as_json(manifest)))
    assert field in {at for _, at in places(told)}, told
    assert http.get(f"{STEPS}of-nobody/").status_code == 404


JSON_DOORS = [
    ("POST", STEPS),
    ("POST", WORKFLOWS),
    ("PUT", "{workflow}"),
    ("PATCH", "{workflow}"),
    ("POST", "{workflow}validate/"),
    ("POST", IMPORT),
    ("POST", "{workflow}runs/"),
    ("POST", "/api/connections/"),
    ("PATCH", "/api/me/"),
    ("POST", "/api/me/password/"),
    ("POST", "{run}retry/"),
]
NO_JSON = {
    "half of it": b'{"name": "x',
    "two of it": b"{}{}",
    "no UTF-8": b'{"name": "\xff\xfe"}',
    "UTF-16": '{"name": "x"}'.encode("utf-16"),
    "lists 10,000 deep": b"[" * 10_000 + b"]" * 10_000,
    "objects 10,000 deep": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "a field 10,000 deep": b'{"input": ' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    "half a character": b'{"name": "\\ud800", "from": "\\ud800", "input": "\\ud800", "password": "\\ud800"}',
    "half a character in a name": b'{"\\udc00": 1}',
    "NaN": b'{"name": NaN, "from": NaN, "input": NaN, "password": Infinity, "revision": NaN, "graph": NaN}',
    "a number without end": b'{"name": 1' + b"0" * 10_000 + b"}",
    "a text": b'"text"',
    "a list": b"[1]",
}


@pytest.fixture(scope="module")
def doors(flows: Flows) -> dict[str, str]:
    """A workflow and a run of it, to be addressed."""
    workflow = flows.line(a="cat", b="cat")
    run = flows.start(workflow, "a,b\n1,2\n")
    assert flows.end(run)["status"] == "succeeded"
    return {"workflow": f"{WORKFLOWS}{workflow}/", "run": f"/api/runs/{run}/"}


@pytest.mark.parametrize("name", NO_JSON)
@pytest.mark.parametrize(("method", "path"), JSON_DOORS, ids=lambda value: value)
def test_what_is_no_proper_json_is_refused(
    http: httpx.Client, doors: dict[str, str], method: str, path: str, name: str
) -> None:
    refused(send(http, method, path.format(**doors), NO_JSON[name]))


@pytest.mark.parametrize(("method", "path"), JSON_DOORS, ids=lambda value: value)
def test_fifty_megabytes_are_too_much(
    http: httpx.Client, doors: dict[str, str], method: str, path: str
) -> None:
    body = b'{"name": "' + b"x" * 50_000_000 + b'"}'
    refused(send(http, method, path.format(**doors), body), 413)
    pieces = (
        body[start : start + 1_000_000] for start in range(0, len(body), 1_000_000)
    )  # of a size unknown
    try:
        answer = http.request(
            method, path.format(**doors), content=pieces, headers={"Content-Type": "application/json"}
        )
    except httpx.WriteError:
        return  # the server has hung up while we were still writing: that is allowed to it
    refused(answer, 413)


@pytest.mark.parametrize(("method", "path"), JSON_DOORS, ids=lambda value: value)
@pytest.mark.parametrize(
    "kind", ["application/xml", "text/plain", "", "nonsense", "application/json; charset=\xff"]
)
def test_another_kind_of_data_is_told_so(
    http: httpx.Client, doors: dict[str, str], method: str, path: str, kind: str
) -> None:
    answer = send(http, method, path.format(**doors), b"<a/>", kind.encode("latin-1"))  # type: ignore[arg-type]
    refused(answer, 400 if kind.startswith("application/json") else 415)


YAML = {
    "half of it": b"graph: {nodes: [",
    "a program": b"graph: !!python/object/apply:os.system ['true']",
    "aliases": b"a: &a [x]\nb: [*a, *a]\n",
    "two documents": b"name: a\n---\nname: b\n",
    "the same key twice": b"name: a\nname: b\n",
    "NaN": b"name: a\ngraph: {nodes: [{id: a, step: make-words, position: {x: .nan, y: 0}}]}",
    "endless": b"name: a\ngraph: {nodes: [{id: a, step: make-words, position: {x: .inf, y: 0}}]}",
    "NUL": b'name: "a\\0b"',
    "a naked NUL": b"name: a\0b",
    "half a character": b'name: "\\ud800"',
    "bytes": b"name: !!binary aGVsbG8=",
    "a set": b"name: !!set {a, b}",
    "a number as a key": b"1: name",
    "a list as a key": b"? [a, b]\n: name",
    "a number of 5,000 digits": b"name: 0x" + b"f" * 5_000,
    "no UTF-8": b"name: \xff\xfe",
    "a list": b"- name",
    "a text": b"name",
    "depth": b"[" * 10_000,
    "depth by indenting": b"".join(b" " * n + b"a:\n" for n in range(2_000)),
    "a tab": b"name:\n\t- a",
    "markup as a step": b"name: a\ngraph: {nodes: [{id: a, step: '<b>'}], edges: []}",
}


@pytest.mark.parametrize("name", YAML)
def test_a_file_that_is_no_workflow_is_refused(http: httpx.Client, name: str) -> None:
    before = http.get(WORKFLOWS).json()["count"]
    refused(send(http, "POST", IMPORT, YAML[name], "application/yaml"))
    assert http.get(WORKFLOWS).json()["count"] == before


def test_eleven_megabytes_of_yaml_are_too_much(http: httpx.Client) -> None:
    refused(send(http, "POST", IMPORT, b"name: " + b"x" * 11_000_000, "application/yaml"), 413)


def test_markup_in_names_stays_the_text_it_is(http: httpx.Client, flows: Flows) -> None:
    name = '<img src=x onerror="alert(1)"> {{7*7}} %s ${HOME} \'; DROP TABLE runs; --'
    made = flows.post(WORKFLOWS, {"name": name})
    assert http.get(f"{WORKFLOWS}{made['id']}/").json()["name"] == name
    assert http.get(f"{WORKFLOWS}{made['id']}/export/").status_code == 200


@pytest.mark.parametrize("inside", ["", "runs/", "validate/", "duplicate/", "export/", "restore/"])
def test_a_workflow_that_is_not_there_is_not_found(http: httpx.Client, inside: str) -> None:
    for key in (str(uuid.uuid4()), "x", "%00", "%ED%A0%80", "..%2f..", "1" * 5_000):
        method = "GET" if inside in ("", "export/") else "POST"
        refused(send(http, method, f"{WORKFLOWS}{key}/{inside}", b"{}"), 404)
