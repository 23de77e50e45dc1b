"""Jobs for Dray: each step becomes a step of the library, and the same job again adds nothing."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from composer.catalog.models import Step, StepVersion
from composer.workflows.dray import is_job, translate
from composer.workflows.models import Workflow
from tests.engine.images import have_busybox
from tests.installation import Installation

IMPORT = "/api/workflows/import/"
JOB: dict[str, Any] = {
    "name": "Demo Job",
    "environment": [{"variable": "REGION", "value": "eu"}, {"variable": "COUNT", "value": "1"}],
    "steps": [
        {
            "name": "random-word",
            "source": "centurylink/randword",
            "environment": [{"variable": "COUNT", "value": "10"}],
        },
        {"name": "Größe & Co.", "source": "centurylink/upper:2", "output": "stderr"},
        {
            "source": "centurylink/reverse",
            "output": "/tmp/out.txt",
        },
        {"source": "centurylink/last", "beginDelimiter": "--- begin", "endDelimiter": "--- end"},
    ],
}


def job(**changes: Any) -> dict[str, Any]:
    return {**deepcopy(JOB), **changes}


def step(**changes: Any) -> dict[str, Any]:
    return job(steps=[{"source": "busybox", **changes}])


def problems(api: Any, data: Any) -> dict[str, str]:
    answer = api.post(IMPORT, data)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json"), answer.content
    return {each["field"]: each["message"] for each in answer.json()["problems"]}


def test_a_job_becomes_a_chain_of_steps_of_the_library(api: Any) -> None:
    answer = api.post(IMPORT, JOB)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["name"], made["input"]["kind"], made["problems"]) == ("Demo Job", "text", [])
    assert made["notes"] == []
    assert [(each["step"], each["version"]) for each in made["graph"]["nodes"]] == [
        ("demo-job-random-word", "1.0.0"),
        ("demo-job-groe-co", "1.0.0"),
        ("demo-job-centurylink-reverse", "1.0.0"),
        ("demo-job-centurylink-last", "1.0.0"),
    ]
    pipes = [(each["source"], each["target"]) for each in made["graph"]["edges"]]
    assert pipes == [("step-1", "step-2"), ("step-2", "step-3"), ("step-3", "step-4")]
    shown = api.get("/api/steps/demo-job-groe-co/").json()
    assert (shown["title"], shown["origin"], shown["image"]) == (
        "Größe & Co.",
        "yours",
        "centurylink/upper:2",
    )


def test_a_step_may_what_its_container_could_and_has_its_variables() -> None:
    first, second, third, last = translate(JOB).manifests
    assert first.env == {"REGION": "eu", "COUNT": "10"}
    assert second.env == {"REGION": "eu", "COUNT": "1"}
    for each in (first, second, third, last):
        assert (each.kind, each.takes, each.gives, each.dray) == ("filter", "any", "any", True)
        assert (each.network, each.writable, each.user, each.repeatable) == ("internet", True, "0", False)
        assert (each.command, each.entrypoint) == (None, None)
    assert [each.output for each in (first, second, third)] == ["stdout", "stderr", JOB["steps"][2]["output"]]
    assert (last.begin, last.end, first.begin) == ("--- begin", "--- end", None)
    assert (third.title, third.image) == ("centurylink/reverse", "centurylink/reverse")


def test_the_same_job_twice_adds_nothing_to_the_library(api: Any) -> None:
    first = api.post(IMPORT, JOB).json()
    before = StepVersion.objects.count()
    again = api.generic("POST", IMPORT, yaml.safe_dump(JOB), content_type="application/yaml")
    assert again.status_code == 201, again.content
    assert again.json()["graph"] == first["graph"]
    assert again.json()["id"] != first["id"]
    assert StepVersion.objects.count() == before == 4


def test_a_changed_step_becomes_the_next_version_and_the_old_workflow_keeps_its_own(api: Any) -> None:
    first = api.post(IMPORT, JOB).json()
    changed = job()
    changed["steps"][0]["source"] = "centurylink/randword:2"
    second = api.post(IMPORT, changed).json()
    assert [each["version"] for each in second["graph"]["nodes"]] == ["1.1.0", "1.0.0", "1.0.0", "1.0.0"]
    assert api.get(f"/api/workflows/{first['id']}/").json()["graph"] == first["graph"]
    assert api.post(IMPORT, JOB).json()["graph"] == first["graph"]


def test_steps_of_one_name_stay_apart_and_equal_ones_are_one(api: Any) -> None:
    same, other = {"name": "a", "source": "busybox:1"}, {"name": "a", "source": "busybox:2"}
    for _ in range(2):
        made = api.post(IMPORT, {"steps": [same, other, same]}).json()
        assert [each["step"] for each in made["graph"]["nodes"]] == ["dray-a", "dray-a-2", "dray-a"]
    assert made["name"] == "Dray job"
    assert StepVersion.objects.count() == 2


def test_a_step_that_somebody_made_is_left_alone(api: Any, library: None) -> None:
    own = {"slug": "sort-words", "version": "1.0.0", "title": "Sort words", "image": "busybox:1"}
    assert api.post("/api/steps/", own).status_code == 201
    for name, became in (("words", "sort-words-2"), ("lines", "sort-lines-2")):
        made = api.post(IMPORT, {"name": "Sort", "steps": [{"name": name, "source": "busybox:1"}]}).json()
        assert made["graph"]["nodes"][0]["step"] == became
    assert Step.objects.get(slug="sort-words").versions.count() == 1


def test_an_editor_may_import_only_what_the_library_has(api: Any, api_of: Any, member: Any) -> None:
    editor = api_of(member("editor"))
    answer = editor.post(IMPORT, JOB)
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert "Ask an owner" in answer.json()["detail"]
    assert not Step.objects.exists()
    assert api.post(IMPORT, JOB).status_code == 201
    assert editor.post(IMPORT, JOB).status_code == 201


def test_what_means_something_else_here_is_said(api: Any) -> None:
    data = step(name="Fetch", refresh=True, beginDelimiter="--- begin", output="stderr")
    data["environment"] = [{"variable": "AWS_SECRET_ACCESS_KEY", "value": "x"}]
    notes = api.post(IMPORT, data).json()["notes"]
    assert [(each["node"], each["field"]) for each in notes] == [
        ("step-1", "refresh"),
        ("step-1", "beginDelimiter"),
        (None, "environment"),
    ]
    assert notes[2]["message"].startswith("AWS_SECRET_ACCESS_KEY:")
    file = step(output="/out", beginDelimiter="a", endDelimiter="b")
    assert ["the output is a file" in each["message"] for each in api.post(IMPORT, file).json()["notes"]] == [
        True
    ]
    assert translate(file).manifests[0].begin is None


def test_what_dray_answers_about_a_job_can_be_imported() -> None:
    assert (
        translate(job(id="51E0", status="complete", stepsCompleted=4)).manifests == translate(JOB).manifests
    )


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        (job(steps=[]), "steps", "at least one"),
        (job(steps=["busybox"]), "steps.0", "an object"),
        (job(step=[]), "step", "Did you mean “steps”?"),
        (job(name=5), "name", "a text"),
        (job(name="x" * 300), "name", "too long"),
        (job(environment={"A": "b"}), "environment", "a list"),
        (step(source=None), "steps.0.source", "Name the image"),
        (step(source="Not An Image"), "steps.0.source", "docker pull"),
        (step(source="registry.example.org/a:1"), "steps.0.source", "not allowed here"),
        (step(source="a" * 300), "steps.0.source", "at most 255"),
        (step(refresh="yes"), "steps.0.refresh", "true or false"),
        (step(command=["ls"]), "steps.0.command", "has no “command”"),
        (step(begindelimiter="x"), "steps.0.begindelimiter", "Did you mean “beginDelimiter”?"),
        (step(output="file.txt"), "steps.0.output", "absolute path"),
        (step(output="/proc/a"), "steps.0.output", "another folder"),
        (step(output="/a/../b"), "steps.0.output", "without “..”"),
        (step(beginDelimiter="a\nb", endDelimiter="c"), "steps.0.beginDelimiter", "one line"),
        (step(environment=[{"variable": "A"}]), "steps.0.environment.0.value", "missing"),
        (step(environment=[{"value": "A"}]), "steps.0.environment.0.variable", "Name the variable"),
        (step(environment=[{"variable": "A", "value": 2}]), "steps.0.environment.0.value", "quotes"),
        (step(environment=[{"variable": "A-B", "value": ""}]), "steps.0.environment.0.variable", "letters"),
        (
            step(environment=[{"variable": "A", "value": "", "secret": True}]),
            "steps.0.environment.0.secret",
            "Known here",
        ),
        (job(steps=[{"source": "a"}] * 2_001), "steps", "At most 2,000"),
    ],
)
def test_a_job_that_is_wrong_is_refused_with_the_field(api: Any, data: Any, field: str, words: str) -> None:
    found = problems(api, data)
    assert words in found[field]
    assert not Step.objects.exists()
    assert not Workflow.objects.exists()


@pytest.mark.parametrize("name", ["PATH", "home", "LD_PRELOAD", "DRAY_JOB_ID", "composer_run"])
def test_reserved_variables_are_refused_where_they_stand(api: Any, name: str) -> None:
    data = job()
    data["steps"][1]["environment"] = [{"variable": name, "value": "x"}]
    assert "reserved" in problems(api, data)["steps.1.environment.0.variable"]
    assert (
        "reserved"
        in problems(api, job(environment=[{"variable": name, "value": "x"}]))["environment.0.variable"]
    )


@pytest.mark.parametrize(
    "data", [{"graph": {}, "steps": []}, {"steps": {}}, {"name": "x"}, [], "steps", None]
)
def test_a_workflow_is_not_taken_for_a_job(data: Any) -> None:
    assert not is_job(data)


@pytest.fixture(scope="module")
def run_file(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Any]:
    """`manage.py run` in an installation of its own, where no Redis and no worker is."""
    have_busybox()
    installation = Installation(tmp_path_factory.mktemp("var"))
    return lambda *arguments: installation.manage("run", *arguments)


@pytest.mark.containers
def test_a_job_runs_from_a_file_with_its_variables_from_step_to_step(run_file: Any, tmp_path: Path) -> None:
    # The image's program is a shell, so each step runs what the one before it wrote.
    busybox = {"source": "composer-test/busybox:1"}
    data = {
        "name": "Shells",
        "environment": [{"variable": "WORD", "value": "one two"}],
        "steps": [busybox, {**busybox, "name": "b", "environment": [{"variable": "WORD", "value": "three"}]}],
    }
    file, given = tmp_path / "job.json", tmp_path / "given"
    file.write_text(json.dumps(data))
    given.write_text('touch /written && echo "echo $WORD, then \\$WORD"\n')
    done = run_file(file, "--input", given)
    assert (done.returncode, done.stdout) == (0, b"one two, then three\n"), done.stderr.decode()
