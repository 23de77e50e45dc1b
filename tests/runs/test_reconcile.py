"""What is to be done and nobody does is sent again, and not too often."""

import subprocess
import sys
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from composer.runs import dispatch, leases, reconcile
from composer.runs.models import Run

pytestmark = pytest.mark.django_db(transaction=True)

NewRun = Callable[..., Run]
_DIE = """
import sys, pathlib
from composer.runs.liveness import Life
print(Life(pathlib.Path(sys.argv[1])).instance)
"""


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[uuid.UUID]:
    sent: list[uuid.UUID] = []

    def send(run_id: uuid.UUID) -> bool:
        sent.append(run_id)
        return True

    monkeypatch.setattr(dispatch, "send", send)
    return sent


def age(run: Run, seconds: float, sends: int = 0) -> None:
    Run.objects.filter(id=run.id).update(sent_at=timezone.now() - timedelta(seconds=seconds), sends=sends)


def test_a_run_just_sent_is_left_alone(new_run: NewRun, sent: list[uuid.UUID], tmp_path: Path) -> None:
    age(new_run("a"), 0.5)
    reconcile.reconcile(tmp_path)
    assert sent == []


def test_a_run_nobody_took_is_sent_again_and_then_less_often(
    new_run: NewRun, sent: list[uuid.UUID], tmp_path: Path
) -> None:
    run = new_run("a")
    age(run, 3)
    reconcile.reconcile(tmp_path)
    reconcile.reconcile(tmp_path)
    assert sent == [run.id]
    age(run, 3, sends=1)
    reconcile.reconcile(tmp_path)
    assert sent == [run.id]
    age(run, 5, sends=1)
    reconcile.reconcile(tmp_path)
    assert sent == [run.id, run.id]


def test_however_often_it_was_sent_it_is_sent_twice_a_minute(
    new_run: NewRun, sent: list[uuid.UUID], tmp_path: Path
) -> None:
    run = new_run("a")
    age(run, 31, sends=1000)
    reconcile.reconcile(tmp_path)
    assert sent == [run.id]


def test_while_the_queue_is_away_one_run_is_tried_and_none_waits_longer_for_it(
    new_run: NewRun, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tried: list[uuid.UUID] = []

    def fail(run_id: uuid.UUID) -> bool:
        tried.append(run_id)
        return False

    monkeypatch.setattr(dispatch, "send", fail)
    first, second = new_run("a"), new_run("a")
    for run in (first, second):
        age(run, 3)
    for _ in range(5):
        assert reconcile.reconcile(tmp_path) == []
    assert tried == [first.id] * 5
    first.refresh_from_db()
    assert (first.sends, first.sent_at) == (0, None)


def test_a_run_that_is_owned_is_left_alone(new_run: NewRun, sent: list[uuid.UUID], tmp_path: Path) -> None:
    run = new_run("a")
    age(run, 100)
    leases.claim(run.id, "somebody")
    reconcile.reconcile(tmp_path)
    assert sent == []


def test_a_run_whose_lease_ran_out_is_sent_at_once(
    new_run: NewRun, sent: list[uuid.UUID], tmp_path: Path
) -> None:
    run = new_run("a")
    leases.claim(run.id, "somebody")
    Run.objects.filter(id=run.id).update(status="running", lease_expires_at=Now() - timedelta(seconds=1))
    reconcile.reconcile(tmp_path)
    assert sent == [run.id]


def test_the_runs_of_a_dead_worker_of_this_host_are_sent_at_once(
    new_run: NewRun, sent: list[uuid.UUID], tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _DIE, str(tmp_path)], check=True, capture_output=True, text=True
    )
    run = new_run("a")
    leases.claim(run.id, done.stdout.strip())
    reconcile.reconcile(tmp_path)
    assert sent == [run.id]
    assert list((tmp_path / "workers").glob("*.lock")) == []


@pytest.mark.parametrize("status", ["succeeded", "failed", "canceled", "waiting"])
def test_what_is_over_is_never_sent(
    new_run: NewRun, sent: list[uuid.UUID], tmp_path: Path, status: str
) -> None:
    run = new_run("a")
    age(run, 1000)
    Run.objects.filter(id=run.id).update(status=status)
    reconcile.reconcile(tmp_path)
    assert sent == []


def test_a_message_that_cannot_be_sent_is_no_fault(new_run: NewRun, settings: object) -> None:
    from celery import current_app

    broken = current_app.conf.broker_url
    current_app.conf.broker_url = "redis://127.0.0.1:1/0"
    try:
        assert not dispatch.send(new_run("a").id)
    finally:
        current_app.conf.broker_url = broken
