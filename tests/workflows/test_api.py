"""Workflows for programs and the editor: make, save, check, copy, remove, export and import."""

from typing import Any

import pytest
import yaml

from composer.workflows.models import Workflow, WorkflowVersion
from composer.workflows.services import current_version
from tests.workflows.conftest import WORKFLOWS, edge, graph, node, word_job

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]


def path(workflow: Any, more: str = "") -> str:
    return f"{WORKFLOWS}{workflow['id']}/{more}"


def test_a_workflow_begins_with_nothing_at_all(api: Any) -> None:
    answer = api.post(WORKFLOWS)
    assert answer.status_code == 201
    made = answer.json()
    assert (made["name"], made["revision"], made["armed"]) == ("Untitled workflow", 1, 0)
    assert made["graph"] == {"nodes": [], "edges": []}
    assert made["input"] == {"kind": "none", "title": "", "sample": ""}
    assert [problem["message"] for problem in made["problems"]] == [
        "There is nothing to run yet. Add a step."
    ]
    assert api.get(path(made)).json() == made


def test_an_empty_graph_can_be_saved_and_not_run(api: Any, workflow: Any) -> None:
    saved = api.patch(path(workflow), {"graph": graph([]), "revision": 1})
    assert saved.status_code == 200
    answer = api.post(path(workflow, "runs/"), {})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["problems"]


def test_saving_raises_the_revision_and_touches_only_what_was_sent(api: Any, workflow: Any) -> None:
    saved = api.patch(path(workflow), {"name": "New", "revision": 1}).json()
    assert (saved["name"], saved["revision"]) == ("New", 2)
    assert saved["graph"] == workflow["graph"]
    assert saved["updated_at"] > workflow["updated_at"]


def test_what_was_read_can_be_sent_back_whole(api: Any, workflow: Any) -> None:
    answer = api.put(path(workflow), workflow)
    assert answer.status_code == 200, answer.content
    assert {**answer.json(), "revision": 1, "updated_at": workflow["updated_at"]} == workflow


def test_whoever_comes_second_is_told_the_revision_to_look_at(api: Any, workflow: Any) -> None:
    assert api.patch(path(workflow), {"name": "First", "revision": 1}).status_code == 200
    for method in (api.patch, api.put):
        answer = method(path(workflow), {"name": "Second", "revision": 1})
        assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
        assert answer.json()["revision"] == 2
    assert api.get(path(workflow)).json()["name"] == "First"


@pytest.mark.parametrize("revision", [None, "1", 1.0, True, [1]])
def test_a_revision_that_is_none_is_refused(api: Any, workflow: Any, revision: Any) -> None:
    answer = api.patch(path(workflow), {"name": "x", "revision": revision})
    assert (answer.status_code, answer.json()["problems"][0]["field"]) == (400, "revision")


@pytest.mark.parametrize("revision", [0, -1, 99, 2**63, 10**30])
def test_a_revision_from_elsewhere_is_409(api: Any, workflow: Any, revision: int) -> None:
    assert api.patch(path(workflow), {"name": "x", "revision": revision}).status_code == 409


def test_a_draft_keeps_what_somebody_typed_and_lists_what_is_wrong(api: Any, workflow: Any) -> None:
    nodes = [node("a", "make-words", params={"count": "many"}), node("b", "keep-rows", params={"column": ""})]
    given = {"graph": graph(nodes, [edge("a", "b")]), "revision": 1}
    assert api.patch(path(workflow), given).status_code == 400
    saved = api.patch(path(workflow), {**given, "draft": True})
    assert saved.status_code == 200, saved.content
    assert saved.json()["graph"]["nodes"][0]["params"] == {"count": "many"}
    assert {(each["node"], each["field"]) for each in saved.json()["problems"]} == {
        ("a", "count"),
        ("b", "column"),
    }
    assert api.post(path(workflow, "runs/"), {}).status_code == 400


def test_a_draft_keeps_a_pattern_that_cannot_be_read_and_no_run_starts_with_it(
    api: Any, workflow: Any
) -> None:
    rule = {"all": [{"field": "text", "test": "matches", "value": "(half"}]}
    sent = graph([node("a", "make-words"), node("b", "count-words")], [edge("a", "b", rule=rule)])
    given = {"graph": sent, "name": "Renamed", "revision": 1}
    assert api.patch(path(workflow), given).status_code == 400
    saved = api.patch(path(workflow), {**given, "draft": True})
    assert saved.status_code == 200, saved.content
    assert (saved.json()["name"], saved.json()["graph"]["edges"][0]["rule"]) == ("Renamed", rule)
    assert ("a-b", "rule.all.0.value") in {(each["edge"], each["field"]) for each in saved.json()["problems"]}
    assert api.post(path(workflow, "runs/"), {}).status_code == 400
    rule["all"][0]["value"] = ["half"]  # type: ignore[assignment]
    assert api.patch(path(workflow), {**given, "revision": 2, "draft": True}).status_code == 400


def test_what_is_only_not_filled_in_yet_can_be_saved_without_draft(api: Any, workflow: Any) -> None:
    saved = api.patch(path(workflow), {"graph": graph([node("a", "keep-rows")]), "revision": 1})
    assert saved.status_code == 200
    assert [each["message"] for each in saved.json()["problems"]] == ["Choose the column to look at."]


def test_a_node_without_a_version_gets_the_newest(api: Any) -> None:
    made = api.post(WORKFLOWS, {"graph": graph([{"id": "a", "step": "make-words"}])}).json()
    assert made["graph"]["nodes"][0]["version"] == "1.0.0"


def test_validate_checks_what_is_stored_or_what_is_sent(api: Any, workflow: Any) -> None:
    assert api.post(path(workflow, "validate/"), {}).json() == {"ok": True, "problems": [], "notes": []}
    sent = api.post(path(workflow, "validate/"), {"graph": graph([node("a", "no-such-step")])})
    assert sent.status_code == 200
    assert sent.json()["ok"] is False
    assert sent.json()["problems"][0]["node"] == "a"
    assert api.get(path(workflow)).json() == workflow


def test_a_version_is_made_when_the_graph_changed_and_only_then(api: Any, workflow: Any) -> None:
    row = Workflow.objects.get()
    first = current_version(row)
    assert current_version(row).pk == first.pk
    api.patch(path(workflow), {"name": "Another name", "revision": 1})
    row.refresh_from_db()
    assert current_version(row).pk == first.pk
    api.patch(path(workflow), {"graph": graph([node("a", "make-words")]), "revision": 2})
    row.refresh_from_db()
    assert [version.number for version in (first, current_version(row))] == [1, 2]
    assert WorkflowVersion.objects.get(number=1).graph == workflow["graph"]


def test_a_copy_has_a_life_of_its_own(api: Any, workflow: Any) -> None:
    answer = api.post(path(workflow, "duplicate/"))
    assert answer.status_code == 201
    copy = answer.json()
    assert (copy["name"], copy["graph"], copy["revision"]) == ("Words (copy)", workflow["graph"], 1)
    assert copy["id"] != workflow["id"]


def test_a_removed_workflow_is_gone_until_it_is_restored(api: Any, workflow: Any) -> None:
    assert api.delete(path(workflow)).status_code == 204
    for answer in (
        api.get(path(workflow)),
        api.patch(path(workflow), {"name": "x", "revision": 1}),
        api.post(path(workflow, "runs/"), {}),
        api.delete(path(workflow)),
    ):
        assert answer.status_code == 404
    assert api.get(WORKFLOWS).json()["count"] == 0
    assert api.post(path(workflow, "restore/")).json()["graph"] == workflow["graph"]


def test_what_is_exported_can_be_imported_without_loss(api: Any) -> None:
    given = {
        "name": "Ünïcode “quotes”: yes\tno",
        "description": "Line one\n\n  line two\n",
        "input": {
            "kind": "file",
            "title": "A file",
            "sample": 'a,b\r\n1,"x\ny"\r\n\u2028end',
            "name": "a.csv",
        },
        "graph": word_job(),
    }
    made = api.post(WORKFLOWS, given).json()
    exported = api.get(path(made, "export/"))
    assert exported["Content-Type"].startswith("application/yaml")
    assert 'attachment; filename="' in exported["Content-Disposition"]
    assert yaml.safe_load(exported.content)["input"] == given["input"]
    for kind in ("application/yaml", "application/json"):
        body = exported.content
        if kind == "application/json":
            import json

            body = json.dumps(yaml.safe_load(body)).encode()
        again = api.generic("POST", f"{WORKFLOWS}import/", body, content_type=kind)
        assert again.status_code == 201, again.content
        for key in ("name", "description", "input", "graph"):
            assert again.json()[key] == made[key]


def test_only_yaml_and_shell_can_be_had(api: Any, workflow: Any) -> None:
    for kind in ("pdf", "", "YAML"):
        answer = api.get(path(workflow, f"export/?as={kind}"))
        assert answer.status_code == 400
        assert answer.json()["problems"][0]["field"] == "as"


BOMB = b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
    b"%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n" % (n + 1, n + 1, *[n] * 9) for n in range(97, 110)
)


@pytest.mark.parametrize(
    "text",
    [
        b"{",
        b"a: b: c",
        b"\x00",
        b"\xff\xfe",
        b"- 1",
        b"name: !!binary aGVsbG8=\n",
        b"name: !!python/object/apply:os.system [ls]\n",
        b"1: one\n",
        b'name: "\\ud800"\n',
        b"name: &a [*a]\n",
        b"graph: " + b"[" * 10_000,
        BOMB,
        b"armed: 1" + b":1" * 175 + b".0\n",
        b"armed: 1" + b":1" * 2_000_000 + b"\n",
        b"armed: !!float 1" + b":1" * 175 + b"\n",
        b"armed: !!int 1" + b":1" * 2_000_000 + b"\n",
        b"armed: !!int ''\n",
        b"armed: !!bool maybe\n",
        b"armed: !!timestamp today\n",
    ],
)
def test_yaml_that_is_wrong_or_hostile_is_refused(api: Any, text: bytes) -> None:
    answer = api.generic("POST", f"{WORKFLOWS}import/", text, content_type="application/yaml")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert not Workflow.objects.exists()


@pytest.mark.parametrize(
    ("text", "name"),
    [(b"", "Untitled workflow"), (b"name: 2026-01-31\n", "2026-01-31"), (b"name: .nan\n", ".nan")],
)
def test_yaml_that_says_little_is_a_workflow_that_holds_little(api: Any, text: bytes, name: str) -> None:
    answer = api.generic("POST", f"{WORKFLOWS}import/", text, content_type="application/yaml")
    assert (answer.status_code, answer.json()["name"]) == (201, name)


@pytest.mark.parametrize(
    ("file", "more"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", ""),
        (b"order,city\n1,Berlin\n", ""),
        (b"name: Words\n  graph: {}\n", " Line 2, character 8: "),
    ],
)
def test_a_file_that_is_no_workflow_is_told_in_words_of_those_who_choose_files(
    api: Any, file: bytes, more: str
) -> None:
    answer = api.generic("POST", f"{WORKFLOWS}import/", file, content_type="application/yaml")
    assert answer.status_code == 400
    said = answer.json()["problems"][0]["message"]
    assert said.startswith(
        f"This is not a workflow. Choose a file that was saved from Composer, or a job for Dray.{more}"
    )


def test_workflows_of_others_are_not_there(api: Any, workflow: Any, api_of: Any, stranger: Any) -> None:
    theirs = api_of(stranger)
    assert theirs.get(WORKFLOWS).json()["count"] == 0
    for method, more in [
        *(("GET", ""), ("PUT", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "export/"), ("POST", "validate/")),
        *(("POST", "duplicate/"), ("POST", "restore/"), ("POST", "runs/")),
    ]:
        answer = theirs.generic(method, path(workflow, more), "{}", content_type="application/json")
        assert answer.status_code == 404, (method, more)
    assert api.get(path(workflow)).json() == workflow


@pytest.mark.parametrize("name", ["3f0c8a52-6b1e-4c0d-9d7a-0e5f2b8c4a11", "1", "x", "%00", "..", "a" * 5000])
def test_ids_that_lead_nowhere_are_404(api: Any, name: str) -> None:
    answer = api.get(f"{WORKFLOWS}{name}/")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
