"""After a backup was brought back: what may be done twice goes on, and the rest waits for a person."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command

from composer.catalog.models import StepVersion
from composer.runs.holding import hold_unfinished
from composer.runs.models import ArmedRun, Run, RunEvent, StepRun

pytestmark = pytest.mark.django_db(transaction=True)

NewRun = Callable[..., Run]


def is_done_only_once(run: Run, node: str) -> None:
    """The step must not be repeated. A version's row is changed as if it had been written so."""
    step = run.steps.get(node=node)
    version = StepVersion.objects.get(pk=step.step_version_id)
    version.pk, version.version = None, f"1.0.{uuid.uuid4().int % 10**6}"
    version.manifest = {**version.manifest, "version": version.version, "repeatable": False}
    version.save()
    StepRun.objects.filter(pk=step.pk).update(step_version=version)


def begin(run: Run, node: str, attempt: int = 1) -> None:
    Run.objects.filter(id=run.id).update(
        status="running", owner_instance="of-a-worker-that-is-gone", epoch=1, sends=3
    )
    run.steps.filter(node=node).update(status="running", claimed_epoch=1, attempt=attempt)


def statuses(run: Run) -> dict[str, str]:
    return dict(run.steps.values_list("node", "status"))


def test_a_run_whose_steps_may_all_be_repeated_goes_on_and_is_nobodys(new_run: NewRun) -> None:
    run = new_run("a", "b")
    begin(run, "a")
    assert hold_unfinished() == (0, 1)
    run.refresh_from_db()
    assert (run.status, run.owner_instance, run.sends) == ("running", "", 0)
    assert statuses(run) == {"a": "running", "b": "queued"}


@pytest.mark.parametrize("acting", ["a", "b"])
def test_a_step_that_may_not_be_repeated_waits_whether_it_had_begun_or_not(
    new_run: NewRun, acting: str
) -> None:
    run = new_run("a", "b")
    is_done_only_once(run, acting)
    begin(run, "a")
    assert hold_unfinished() == (1, 0)
    run.refresh_from_db()
    assert (run.status, run.owner_instance, run.failed_node) == ("waiting", "", acting)
    assert "backup" in run.error
    assert statuses(run) == {"a": "queued", "b": "queued"} | {acting: "waiting"}
    told = list(RunEvent.objects.filter(run=run).values_list("type", flat=True))
    assert told[-1] == "run.status"


def test_what_had_been_done_before_the_backup_holds_nothing_up(new_run: NewRun) -> None:
    run = new_run("a", "b")
    is_done_only_once(run, "a")
    begin(run, "b")
    run.steps.filter(node="a").update(status="succeeded")
    assert hold_unfinished() == (0, 1)


def test_runs_that_are_over_wait_or_were_stopped_stay_as_they_are(new_run: NewRun, owner: Any) -> None:
    from composer.runs import services

    over, resting, stopped = (new_run("a") for _ in range(3))
    for run in (over, resting, stopped):
        is_done_only_once(run, "a")
    begin(stopped, "a")
    services.cancel_run(stopped)
    Run.objects.filter(id=over.id).update(status="succeeded")
    Run.objects.filter(id=resting.id).update(status="waiting")
    assert hold_unfinished() == (0, 0)
    assert [Run.objects.get(id=run.id).status for run in (over, resting, stopped)] == [
        "succeeded",
        "waiting",
        "running",
    ]


def test_runs_that_stood_ready_are_made_anew(new_run: NewRun) -> None:
    run = new_run("a")
    version = run.version
    ArmedRun.objects.create(
        workflow=run.workflow,
        version=version,
        slot=0,
        instance="gone",
        has_input=False,
        seen_at=run.created_at,
    )
    hold_unfinished()
    assert not ArmedRun.objects.exists()


def test_the_command_says_what_became_of_them(new_run: NewRun, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("hold_unfinished")
    assert capsys.readouterr().out == ""
    run = new_run("a")
    is_done_only_once(run, "a")
    new_run("a")
    call_command("hold_unfinished")
    assert capsys.readouterr().out == "of runs under way, 1 wait for a person, 1 go on\n"
