"""Which workflows are kept ready; a run that is kept ready belongs to whoever takes it, until it is there."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from composer.engine.spool import Spool
from composer.runs import arming, services
from composer.runs.intake import Given, SpoolFull
from composer.runs.models import ArmedRun, Run
from composer.workflows.models import Workflow
from composer.workflows.services import current_version

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def workflow(new_workflow: Callable[..., Workflow]) -> Workflow:
    workflow = new_workflow("a")
    Workflow.objects.filter(id=workflow.id).update(armed=1)
    workflow.refresh_from_db()
    return workflow


@pytest.fixture
def armed(workflow: Workflow, spool: Spool) -> ArmedRun:
    """Ready, as its worker leaves it: with an empty file where the input will be."""
    row = arming.hold_slot(current_version(workflow), 0, "worker", has_input=True)
    assert row is not None
    arming.ready(row.id)
    given = spool.input(str(row.id))
    given.parent.mkdir(parents=True)
    given.touch()
    return row


def old(row: ArmedRun, age: timedelta) -> None:
    ArmedRun.objects.filter(id=row.id).update(seen_at=timezone.now() - age)


def test_a_run_is_the_one_that_was_kept_ready(workflow: Workflow, armed: ArmedRun, spool: Spool) -> None:
    run = services.create_run(workflow, given=Given("text", "", [b"words"]))
    assert run.id == armed.id
    assert spool.input(str(run.id)).read_bytes() == b"words"
    assert not ArmedRun.objects.exists()


def test_one_that_was_taken_is_not_forgotten_while_its_input_is_copied(
    workflow: Workflow, armed: ArmedRun
) -> None:
    old(armed, timedelta(seconds=40))
    taken = arming.take(current_version(workflow), has_input=True)
    assert taken is not None
    arming.bury([])
    assert not arming.let_go(armed.id, "worker")
    arming.use_up(taken)


def test_a_run_that_nobody_keeps_any_more_is_not_started_on_an_empty_folder(
    workflow: Workflow, armed: ArmedRun
) -> None:
    def while_its_worker_goes() -> Iterator[bytes]:
        yield b"words"
        ArmedRun.objects.all().delete()

    with pytest.raises(arming.Gone):
        services.create_run(workflow, given=Given("text", "", while_its_worker_goes()))
    assert not Run.objects.exists()


def test_where_its_folder_has_gone_that_is_told(workflow: Workflow, armed: ArmedRun, spool: Spool) -> None:
    spool.remove_run(str(armed.id))
    with pytest.raises(SpoolFull):
        services.create_run(workflow, given=Given("text", "", [b"words"]))
    assert not Run.objects.exists()


def rest(workflow: Workflow, **more: Any) -> None:
    """Nobody has changed it for a day."""
    Workflow.objects.filter(id=workflow.id).update(updated_at=timezone.now() - timedelta(days=1), **more)


def test_what_was_run_lately_is_kept_ready_and_what_was_not_is_let_go(
    new_run: Callable[..., Run], settings: Any
) -> None:
    settings.COMPOSER_ARMED_IDLE = 3600.0
    lately, long_ago = new_run("a"), new_run("a")
    for run in (lately, long_ago):
        rest(run.workflow, armed=1)
    Run.objects.filter(id=long_ago.id).update(created_at=timezone.now() - timedelta(hours=2))
    assert [workflow.id for workflow in arming.armed_workflows()] == [lately.workflow_id]


@pytest.mark.parametrize(("kind", "takes"), [("none", False), ("text", True), ("file", True)])
def test_no_sample_is_read_to_know_whether_a_run_is_given_something(
    new_workflow: Callable[..., Workflow], kind: str, takes: bool
) -> None:
    about = {"kind": kind, "title": "", "sample": "a sample"}
    made = new_workflow("a", input=about, armed=1)
    Workflow.objects.filter(id=made.id).update(updated_at=timezone.now() - timedelta(seconds=10))
    with CaptureQueriesContext(connection) as asked:
        (workflow,) = arming.armed_workflows()
        assert arming.takes_input(workflow) is takes
    assert len(asked) == 1
    assert workflow.get_deferred_fields() == {"input"}
    assert "GROUP BY" not in asked[0]["sql"], "all runs of all armed workflows would be looked at"


def test_one_of_a_worker_that_is_silent_for_long_is_forgotten_and_its_place_free(
    workflow: Workflow, armed: ArmedRun
) -> None:
    old(armed, timedelta(minutes=2))
    arming.bury([])
    assert arming.free_slots(workflow) == [0]
