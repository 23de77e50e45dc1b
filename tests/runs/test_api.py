"""Runs through the API: listing, stopping, running again, following."""

import shutil
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from composer.engine.events import Failure, GateClaimed, Progress, RunChanged, StepChanged, StepFlow
from composer.engine.spool import Spool
from composer.engine.states import Status
from composer.runs import leases
from composer.runs.journal import DatabaseJournal
from composer.runs.models import Run, StepRun
from composer.workflows.models import Workflow
from tests.runs.asking import input_of, post, start

pytestmark = pytest.mark.django_db(transaction=True)

NewWorkflow = Callable[..., Workflow]
NewRun = Callable[..., Run]


class TestLooking:
    def test_lists_are_narrowed_by_workflow_and_status(
        self, client: Client, new_workflow: NewWorkflow, sent: list[uuid.UUID]
    ) -> None:
        one, two = new_workflow("a"), new_workflow("a")
        first, second, third = (start(client, workflow).json()["id"] for workflow in (one, one, two))
        Run.objects.filter(id=second).update(status="failed")
        assert [r["id"] for r in client.get("/api/runs/").json()["results"]] == [third, second, first]
        assert client.get(f"/api/runs/?workflow={one.pk}").json()["count"] == 2
        assert [r["id"] for r in client.get("/api/runs/?status=failed").json()["results"]] == [second]

    def test_a_list_holds_no_graph_no_sample_and_no_log(self, client: Client, new_run: NewRun) -> None:
        run = new_run("a")
        journal = DatabaseJournal(run.id, leases.claim(run.id, "me") or 0)
        failure = Failure("exit", "No such town", "exit code 3", ("line",) * 30)
        journal.commit(RunChanged(Status.FAILED, failure, "a"))
        with CaptureQueriesContext(connection) as asked:
            listed = client.get("/api/runs/").json()["results"]
        assert listed[0]["failure"] == {"kind": "exit", "message": "No such town", "detail": "exit code 3"}
        rows = [each["sql"] for each in asked if "runs_run" in each["sql"] and "COUNT" not in each["sql"]]
        assert len(rows) == 1
        assert '"graph"' not in rows[0]
        assert '"workflows_workflow"."input"' not in rows[0]

    @pytest.mark.parametrize("query", ["status=cancelled", "workflow=nonsense", "status=%00"])
    def test_a_filter_that_means_nothing_is_refused(self, client: Client, query: str) -> None:
        answer = client.get(f"/api/runs/?{query}")
        assert answer.status_code == 400
        assert answer.json()["problems"][0]["field"] == query.partition("=")[0]

    def test_a_run_of_another_workspace_is_not_there(
        self, client: Client, new_foreign_run: Callable[[], Run]
    ) -> None:
        run = new_foreign_run()
        for path in ("", "output", "input", "events/", "preview", "steps/a/output", "steps/a/preview"):
            assert client.get(f"/api/runs/{run.id}/{path}").status_code == 404, path
        for path in ("cancel/", "retry/"):
            assert post(client, f"/api/runs/{run.id}/{path}").status_code == 404, path
        assert client.get("/api/runs/").json()["count"] == 0

    def test_who_is_not_signed_in_sees_nothing(self, new_run: NewRun) -> None:
        assert Client().get(f"/api/runs/{new_run('a').id}/").status_code == 401

    def test_a_failure_is_told_in_words(self, client: Client, new_run: NewRun) -> None:
        run = new_run("a", "b")
        journal = DatabaseJournal(run.id, leases.claim(run.id, "me") or 0)
        failure = Failure("exit", "No such town", "", ("line",))
        journal.commit(GateClaimed("a", 1, 0), RunChanged(Status.RUNNING))
        journal.commit(
            StepChanged("a", Status.FAILED, 1, 3, failure, bytes_out=0),
            StepChanged("b", Status.SKIPPED, 1),
            RunChanged(Status.FAILED, failure, "a"),
        )
        told = client.get(f"/api/runs/{run.id}/").json()
        assert (told["status"], told["error"], told["failed_node"]) == ("failed", "No such town", "a")
        assert told["steps"][0]["failure"]["log_tail"] == ["line"]
        assert (told["steps"][0]["exit_code"], told["steps"][1]["error"]) == (3, None)
        assert told["can"] == {"cancel": False, "retry": True}


class TestStopping:
    def test_a_queued_run_is_over_at_once(self, client: Client, new_run: NewRun) -> None:
        run = new_run("a", "b")
        answer = post(client, f"/api/runs/{run.id}/cancel/")
        assert answer.status_code == 202
        assert answer.json()["status"] == "canceled"
        assert [step["status"] for step in answer.json()["steps"]] == ["canceled", "canceled"]
        assert leases.claim(run.id, "me") is None
        events = client.get(f"/api/runs/{run.id}/events/").json()["events"]
        assert [event["type"] for event in events[-3:]] == ["step.status", "step.status", "run.status"]

    def test_a_run_that_waits_loses_its_progress_when_it_is_stopped(
        self, client: Client, new_run: NewRun
    ) -> None:
        run = new_run("a")
        journal = DatabaseJournal(run.id, leases.claim(run.id, "me") or 0)
        journal.commit(GateClaimed("a", 1, 0), RunChanged(Status.RUNNING))
        journal.progress(Progress(steps={"a": StepFlow(1, 2)}))
        journal.commit(RunChanged(Status.WAITING))
        assert post(client, f"/api/runs/{run.id}/cancel/").json()["status"] == "canceled"
        told = client.get(f"/api/runs/{run.id}/events/").json()["events"]
        assert "progress" not in {event["type"] for event in told}

    def test_the_worker_of_a_run_is_told(self, client: Client, new_run: NewRun) -> None:
        run = new_run("a")
        leases.claim(run.id, "me")
        answer = post(client, f"/api/runs/{run.id}/cancel/")
        assert (answer.status_code, answer.json()["status"]) == (202, "queued")
        assert answer.json()["can"]["cancel"] is False
        assert leases.held([run.id])[run.id].cancel_requested

    def test_what_is_over_stays_as_it_is(self, client: Client, new_run: NewRun) -> None:
        run = new_run("a")
        Run.objects.filter(id=run.id).update(status="succeeded")
        answer = post(client, f"/api/runs/{run.id}/cancel/")
        assert (answer.status_code, answer.json()["status"]) == (202, "succeeded")
        assert Run.objects.get(id=run.id).cancel_requested_at is None


class TestRunningAgain:
    @pytest.fixture
    def failed(self, new_run: NewRun, spool: Spool) -> Run:
        """a -> b -> c, of which b failed."""
        run = new_run("a", "b", "c")
        journal = DatabaseJournal(run.id, leases.claim(run.id, "me") or 0)
        spool.attempt(str(run.id), "a", 1).create()
        spool.input(str(run.id)).write_bytes(b"given")
        Run.objects.filter(id=run.id).update(input={"kind": "text", "name": "", "bytes": 5})
        spool.stdout(str(run.id), "a", 1).write_bytes(b"of a")
        journal.commit(GateClaimed("a", 1, 5))
        journal.commit(StepChanged("a", Status.SUCCEEDED, 1, 0, bytes_out=4), GateClaimed("b", 1, 4))
        journal.commit(
            StepChanged("b", Status.FAILED, 1, 1),
            StepChanged("c", Status.SKIPPED, 1),
            RunChanged(Status.FAILED),
        )
        return run

    def test_without_a_node_all_is_done_again(
        self, client: Client, failed: Run, spool: Spool, sent: list[uuid.UUID]
    ) -> None:
        answer = post(client, f"/api/runs/{failed.id}/retry/")
        assert answer.status_code == 201, answer.content
        again = answer.json()
        assert again["id"] != str(failed.id)
        assert [step["status"] for step in again["steps"]] == ["queued"] * 3
        assert input_of(spool, again) == b"given"
        assert sent == [uuid.UUID(again["id"])]

    def test_from_a_node_on_what_stands_before_is_kept(
        self, client: Client, failed: Run, spool: Spool, sent: list[uuid.UUID]
    ) -> None:
        again = post(client, f"/api/runs/{failed.id}/retry/", {"from": "b"}).json()
        assert [step["status"] for step in again["steps"]] == ["succeeded", "queued", "queued"]
        assert spool.stdout(again["id"], "a", 1).read_bytes() == b"of a"
        assert again["steps"][0]["bytes_out"] == 4

    def test_what_is_no_longer_kept_is_done_again(
        self, client: Client, failed: Run, spool: Spool, sent: list[uuid.UUID]
    ) -> None:
        spool.remove_run(str(failed.id))
        again = post(client, f"/api/runs/{failed.id}/retry/", {"from": "b"}).json()
        assert [step["status"] for step in again["steps"]] == ["queued"] * 3

    def test_what_is_no_longer_whole_is_done_again(
        self, client: Client, failed: Run, spool: Spool, sent: list[uuid.UUID]
    ) -> None:
        spool.stdout(str(failed.id), "a", 1).write_bytes(b"of")
        again = post(client, f"/api/runs/{failed.id}/retry/", {"from": "b"}).json()
        assert [step["status"] for step in again["steps"]] == ["queued"] * 3

    def test_a_step_whose_files_are_gone_is_done_again_though_nobody_reads_it(
        self, client: Client, new_run: NewRun, spool: Spool, sent: list[uuid.UUID]
    ) -> None:
        run = new_run("a", "b", "c", edges=[("b", "c")])
        for node in "abc":
            spool.attempt(str(run.id), node, 1).create()
        StepRun.objects.filter(run=run).update(status="succeeded")
        Run.objects.filter(id=run.id).update(status="failed")
        shutil.rmtree(spool.attempt(str(run.id), "a", 1).folder)
        again = post(client, f"/api/runs/{run.id}/retry/", {"from": "c"})
        assert again.status_code == 201, again.content
        done = {step["node"]: step["status"] for step in again.json()["steps"]}
        assert done == {"a": "queued", "b": "succeeded", "c": "queued"}

    def test_where_the_disk_takes_nothing_that_is_told(
        self, client: Client, failed: Run, spool: Spool, sent: list[uuid.UUID]
    ) -> None:
        shutil.rmtree(spool.root)
        spool.root.mkdir()
        (spool.root / "runs").touch()  # where a folder should be
        answer = post(client, f"/api/runs/{failed.id}/retry/")
        assert answer.status_code == 507
        assert "full or cannot be written" in answer.json()["detail"]
        assert (sent, Run.objects.count()) == ([], 1)

    def test_a_run_that_waits_for_a_person_can_be_run_again(
        self, client: Client, new_run: NewRun, spool: Spool, sent: list[uuid.UUID]
    ) -> None:
        run = new_run("a")
        Run.objects.filter(id=run.id).update(status="waiting")
        assert client.get(f"/api/runs/{run.id}/").json()["can"] == {"cancel": True, "retry": True}
        assert post(client, f"/api/runs/{run.id}/retry/", {"from": "nope"}).status_code == 400
        assert client.get(f"/api/runs/{run.id}/").json()["status"] == "waiting"
        assert post(client, f"/api/runs/{run.id}/retry/").status_code == 201
        assert client.get(f"/api/runs/{run.id}/").json()["status"] == "canceled"

    @pytest.mark.parametrize(("role", "may"), [("viewer", False), ("runner", True)])
    def test_a_run_says_what_the_caller_may_do_to_it(
        self, api_of: Any, member: Any, failed: Run, new_run: NewRun, role: str, may: bool
    ) -> None:
        api, active = api_of(member(role)), new_run("a")
        assert api.get(f"/api/runs/{failed.id}/").json()["can"] == {"cancel": False, "retry": may}
        assert api.get(f"/api/runs/{active.id}/").json()["can"] == {"cancel": may, "retry": False}
        assert api.post(f"/api/runs/{active.id}/cancel/").status_code == (202 if may else 403)

    def test_what_did_not_succeed_is_done_again_too(
        self, client: Client, failed: Run, sent: list[uuid.UUID]
    ) -> None:
        again = post(client, f"/api/runs/{failed.id}/retry/", {"from": "c"}).json()
        assert [step["status"] for step in again["steps"]] == ["succeeded", "queued", "queued"]

    def test_a_node_nobody_knows_is_refused(self, client: Client, failed: Run) -> None:
        for node in ("nope", 5, ["a"]):
            answer = post(client, f"/api/runs/{failed.id}/retry/", {"from": node})
            assert answer.status_code == 400
            assert answer.json()["problems"][0]["field"] == "from"

    def test_a_run_that_still_works_cannot_be_run_again(self, client: Client, new_run: NewRun) -> None:
        assert post(client, f"/api/runs/{new_run('a').id}/retry/").status_code == 409


class TestFollowing:
    def test_events_come_in_pages(self, client: Client, new_run: NewRun) -> None:
        run = new_run(*"abcde")
        journal = DatabaseJournal(run.id, leases.claim(run.id, "me") or 0)
        journal.commit(*(GateClaimed(node, 1, 0) for node in "abcde"))
        first = client.get(f"/api/runs/{run.id}/events/?limit=4").json()
        assert ([event["seq"] for event in first["events"]], first["last"]) == ([1, 2, 3, 4], 4)
        rest = client.get(f"/api/runs/{run.id}/events/?after=4").json()
        assert ([event["seq"] for event in rest["events"]], rest["last"]) == ([5, 6], 6)
        assert client.get(f"/api/runs/{run.id}/events/?after=6").json() == {"events": [], "last": 6}

    @pytest.mark.parametrize(
        "query",
        ["after=-1", "after=x", "after=99", "after=", "limit=0", "limit=x", "limit=100000", "after=1e1"],
    )
    def test_a_cursor_or_limit_that_means_nothing_is_refused(
        self, client: Client, new_run: NewRun, query: str
    ) -> None:
        answer = client.get(f"/api/runs/{new_run('a').id}/events/?{query}")
        assert answer.status_code == 400
        assert answer.json()["problems"][0]["field"] == query.partition("=")[0]


def test_steps_keep_their_order_through_branches(
    client: Client, new_workflow: NewWorkflow, sent: list[uuid.UUID]
) -> None:
    workflow = new_workflow("c", "b", "a", edges=[("c", "b"), ("c", "a")])
    run = start(client, workflow).json()
    assert [step["node"] for step in run["steps"]] == ["c", "b", "a"]
    assert StepRun.objects.filter(run_id=run["id"]).count() == 3


@pytest.mark.parametrize("keeps_all", [False, True])
def test_a_run_says_which_of_its_pipes_stream(
    client: Client, new_workflow: NewWorkflow, sent: list[uuid.UUID], spool: Spool, keeps_all: bool
) -> None:
    workflow = new_workflow("a", "b", "c")
    workflow.graph["edges"][0]["mode"] = "stream"
    workflow.save()
    run = start(client, workflow).json()
    if keeps_all:
        spool.keep_all(run["id"])
    assert client.get(f"/api/runs/{run['id']}/").json()["streams"] == ([] if keeps_all else ["a-b"])
