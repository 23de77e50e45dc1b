"""Branches, rules and streams, through the API: as graphs, as YAML, and in what is told of a run."""

import hashlib
import os

import httpx
import pytest

from tests.system.flows import Flows, Json, step_of

BIG = {"all": [{"field": "total", "test": "greater", "value": 1000}]}


def pipe(ends: str, **more: object) -> Json:
    source, target = ends.split("-")
    return {"id": ends, "source": source, "target": target, **more}


@pytest.fixture(scope="module")
def choice(flows: Flows) -> str:
    """Reads {"total": …}; large ones go to b, others to c, both meet in d; f sees to what fails in e."""
    steps: dict[str, str | Json] = {
        "a": flows.add_step("cat", gives="json"),
        "b": flows.add_step("printf large"),
        "c": flows.add_step("printf small"),
        "d": {"step": flows.add_step("cat"), "join": "any"},
        "e": flows.add_step("cat >&2; exit 4"),
        "f": flows.add_step('echo "$COMPOSER_ERROR" >&2; printf sorry'),
        "g": {"step": flows.add_step("cat"), "join": "any"},
    }
    pipes = [
        pipe("a-b", rule=BIG),
        pipe("a-c", rule={"else": True}),
        *(pipe("b-d"), pipe("c-d"), pipe("d-e")),
        pipe("e-f", when="failure"),
        *(pipe("e-g"), pipe("f-g")),
    ]
    return flows.add(steps, pipes)


@pytest.mark.parametrize(("total", "taken", "left"), [(5000, "b", "c"), (5, "c", "b")])
def test_a_rule_chooses_the_way_and_the_run_tells_why(
    flows: Flows, http: httpx.Client, choice: str, total: int, taken: str, left: str
) -> None:
    run = flows.start(choice, f'{{"total": {total}}}')
    ended = flows.end(run)
    assert ended["status"] == "succeeded", "what failed was seen to"
    assert step_of(ended, taken)["status"] == "succeeded"
    assert step_of(ended, left)["status"] == "skipped"
    assert step_of(ended, left)["note"]
    ways = step_of(ended, "a")["ways"]
    assert ways[f"a-{taken}"]["taken"]
    assert not ways[f"a-{left}"]["taken"]
    assert f"{total:,}" in ways["a-b"]["why"]
    assert step_of(ended, "e")["status"] == "failed"
    assert step_of(ended, "e")["exit_code"] == 4
    assert http.get(f"/api/runs/{run}/output").text == "sorry"
    events = flows.get(f"/api/runs/{run}/events/")["events"]
    [told] = [each["ways"] for each in events if each.get("node") == "a" and each.get("ways")]
    assert told == ways


def test_a_workflow_with_branches_is_the_same_after_yaml(
    flows: Flows, http: httpx.Client, choice: str
) -> None:
    text = http.get(f"/api/workflows/{choice}/export/?as=yaml").text
    answer = http.post("/api/workflows/import/", content=text, headers={"Content-Type": "application/yaml"})
    assert answer.status_code == 201, answer.text
    assert answer.json()["graph"] == flows.get(f"/api/workflows/{choice}/")["graph"]


def test_a_rule_that_cannot_be_decided_fails_the_run_and_says_why(flows: Flows, choice: str) -> None:
    ended = flows.end(flows.start(choice, '{"sum": 5}'))
    assert ended["status"] == "failed"
    assert ended["failure"]["kind"] == "rule"
    assert "total" in ended["error"]
    assert "sum" in ended["error"]
    assert step_of(ended, "d")["status"] == "skipped"


@pytest.fixture(scope="module")
def stream(flows: Flows) -> str:
    steps = {"a": flows.add_step("cat"), "b": flows.add_step("cat"), "c": flows.add_step("sha256sum")}
    return flows.add(steps, [pipe("a-b", mode="stream"), pipe("b-c", mode="stream+keep")])


def test_a_stream_is_told_with_its_sample_and_never_as_the_whole(
    flows: Flows, http: httpx.Client, stream: str
) -> None:
    data = os.urandom(5_000_000)
    run = flows.upload(stream, data)
    ended = flows.end(run)
    assert (ended["status"], ended["streams"]) == ("succeeded", ["a-b", "b-c"])
    assert hashlib.sha256(data).hexdigest() in http.get(f"/api/runs/{run}/output").text
    assert [step_of(ended, node)["bytes_in"] for node in "abc"] == [len(data)] * 3
    assert http.get(f"/api/runs/{run}/steps/b/output").content == data
    refused = http.get(f"/api/runs/{run}/steps/a/output")
    assert refused.status_code == 409
    assert "not kept" in refused.json()["detail"]
    shown = flows.get(f"/api/runs/{run}/steps/a/preview")
    assert (shown["is_sample"], shown["bytes"]) == (True, 256 * 1024)
    assert flows.get(f"/api/runs/{run}/steps/b/preview")["is_sample"] is False


def test_from_a_step_that_streams_on_a_run_is_done_again_from_its_writer(
    flows: Flows, http: httpx.Client, stream: str
) -> None:
    run = flows.start(stream, "again\n")
    flows.end(run)
    again = flows.post(f"/api/runs/{run}/retry/", {"from": "b"})["id"]
    ended = flows.end(again)
    assert ended["status"] == "succeeded"
    assert [step_of(ended, node)["note"] for node in "abc"] == ["", "", ""], "nothing could be kept"
    kept = flows.end(flows.post(f"/api/runs/{run}/retry/", {"from": "c"})["id"])
    assert kept["status"] == "succeeded"
    assert [bool(step_of(kept, node)["note"]) for node in "abc"] == [True, True, False], "b was kept"
    assert http.get(f"/api/runs/{kept['id']}/output").content == http.get(f"/api/runs/{run}/output").content


def test_what_was_to_stream_and_is_kept_is_noted_and_runs(flows: Flows, http: httpx.Client) -> None:
    cat = flows.add_step("cat")
    pipes = [pipe(ends, mode="stream") for ends in ("a-b", "a-c", "b-d", "c-d")]
    workflow = flows.add(dict.fromkeys("abcd", cat), pipes)
    told = flows.post(f"/api/workflows/{workflow}/validate/", {})
    assert told["ok"]
    assert {(note["edge"], note["field"]) for note in told["notes"]} == {("b-d", "mode"), ("c-d", "mode")}
    assert flows.get(f"/api/workflows/{workflow}/")["notes"] == told["notes"]
    run = flows.start(workflow, "x\n")
    assert flows.end(run)["streams"] == ["a-b", "a-c"]
    assert http.get(f"/api/runs/{run}/output").content == b"x\nx\n"


def test_several_inputs_and_outputs_are_asked_for_by_name(flows: Flows, http: httpx.Client) -> None:
    split = flows.add_step(
        "cat; echo rest >/outputs/rest", outputs=[{"name": "rest", "title": "The rest", "gives": "text"}]
    )
    join = flows.add_step("cat; cat /inputs/more", inputs=[{"name": "more", "title": "More", "takes": "any"}])
    pipes = [pipe("a-b"), {"id": "r", "source": "a", "target": "b", "output": "rest", "input": "more"}]
    run = flows.start(flows.add({"a": split, "b": join}, pipes), "x\n")
    assert flows.end(run)["status"] == "succeeded"
    assert http.get(f"/api/runs/{run}/output").text == "x\nrest\n"
    assert http.get(f"/api/runs/{run}/steps/a/output?of=rest").text == "rest\n"
    assert http.get(f"/api/runs/{run}/steps/a/output?of=none").status_code == 404
    several = http.get(f"/api/runs/{run}/steps/b/input")
    assert several.status_code == 409
    assert "a-b, r" in several.json()["detail"]
    assert http.get(f"/api/runs/{run}/steps/b/input?of=r").text == "rest\n"
    assert flows.get(f"/api/runs/{run}/steps/b/preview?port=input&of=a-b")["text"] == "x\n"
