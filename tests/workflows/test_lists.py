"""The list of workflows: samples first, what they are made of, how they last ran."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from composer.workflows.files import install_samples
from composer.workflows.models import Workflow
from tests.workflows.conftest import WORKFLOWS, word_job

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]


def test_samples_come_first_then_what_was_changed_last(api: Any, owner: Any) -> None:
    made = [api.post(WORKFLOWS, {"name": f"Mine {number}"}).json() for number in range(3)]
    install_samples(owner.workspace)
    api.patch(f"{WORKFLOWS}{made[0]['id']}/", {"name": "Changed", "revision": 1})
    listed = api.get(WORKFLOWS).json()["results"]
    assert [each["is_sample"] for each in listed] == [True] * 3 + [False] * 3
    assert [each["name"] for each in listed[3:]] == ["Changed", "Mine 2", "Mine 1"]


def test_a_summary_says_what_a_workflow_is_made_of(api: Any, workflow: Any) -> None:
    (listed,) = api.get(WORKFLOWS).json()["results"]
    assert (listed["name"], listed["node_count"], listed["last_run"]) == ("Words", 3, None)
    assert [icon["slug"] for icon in listed["step_icons"]] == ["make-words", "change-case", "reverse-lines"]
    assert all(icon["icon"] and icon["category"] for icon in listed["step_icons"])
    assert "graph" not in listed


def test_a_step_is_drawn_as_this_workspace_knows_it_in_its_newest_version(
    api: Any, api_of: Any, stranger: Any
) -> None:
    step = {"slug": "shout", "title": "Shout", "image": "busybox", "version": "1.9.0", "icon": "bell"}
    for more in ({}, {"version": "1.10.0", "icon": "speakerphone"}, {"version": "1.2.0"}):
        assert api.post("/api/steps/", {**step, **more}).status_code == 201
    assert api_of(stranger).post("/api/steps/", {**step, "icon": "ghost"}).status_code == 201
    api.post(WORKFLOWS, {"name": "Loud", "graph": {"nodes": [{"id": "a", "step": "shout"}]}})
    (listed,) = api.get(WORKFLOWS).json()["results"]
    assert [each["icon"] for each in listed["step_icons"]] == ["speakerphone"]


def test_the_list_reads_no_samples(api: Any, workflow: Any) -> None:
    with CaptureQueriesContext(connection) as asked:
        api.get(WORKFLOWS)
    assert not [each for each in asked if '"workflows_workflow"."input"' in each["sql"]]


def test_the_newest_run_stands_beside_its_workflow(api: Any, workflow: Any, owner: Any) -> None:
    from composer.runs.models import Run
    from composer.workflows.services import current_version

    row = Workflow.objects.get()
    version = current_version(row)
    for number, status in ((1, "failed"), (2, "succeeded")):
        Run.objects.create(
            workspace=owner.workspace, workflow=row, version=version, number=number, status=status
        )
    for shown in (api.get(WORKFLOWS).json()["results"][0], api.get(f"{WORKFLOWS}{row.id}/").json()):
        assert (shown["last_run"]["number"], shown["last_run"]["status"]) == (2, "succeeded")


def test_a_long_list_asks_no_more_of_the_database_than_a_short_one(api: Any, owner: Any) -> None:
    api.get(WORKFLOWS)  # notes once that the token is in use
    counts = []
    for number in (2, 30):
        for place in range(number):
            Workflow.objects.create(workspace=owner.workspace, name=f"{place}", graph=word_job())
        with CaptureQueriesContext(connection) as asked:
            assert api.get(WORKFLOWS).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 10


def test_pages_follow_each_other(api: Any, owner: Any) -> None:
    Workflow.objects.bulk_create(Workflow(workspace=owner.workspace, name=f"{n}") for n in range(7))
    first = api.get(WORKFLOWS, {"page_size": 4}).json()
    second = api.get(first["next"]).json()
    assert (first["count"], len(first["results"]), len(second["results"]), second["next"]) == (7, 4, 3, None)
    assert api.get(WORKFLOWS, {"page_size": 100_000}).status_code == 200


@pytest.mark.parametrize("page", ["0", "-1", "x", "99", "1" * 5000, "1.5", "²"])
def test_a_page_that_does_not_exist_is_404(api: Any, page: str) -> None:
    answer = api.get(WORKFLOWS, {"page": page})
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_the_samples_can_be_run_as_they_are(owner: Any, api: Any) -> None:
    assert install_samples(owner.workspace) == 3
    for listed in api.get(WORKFLOWS).json()["results"]:
        workflow = api.get(f"{WORKFLOWS}{listed['id']}/").json()
        assert workflow["problems"] == [], workflow["name"]
        if workflow["input"]["kind"] == "file":
            assert len(workflow["input"]["sample"].splitlines()) > 1_000
            assert workflow["input"]["name"]
