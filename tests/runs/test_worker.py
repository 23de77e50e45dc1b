"""A worker's supervision: it brings word to the runs it holds, and is honest about its leases."""

import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models.functions import Now

from composer.engine.ports import Inbox
from composer.engine.spool import Spool
from composer.runs import leases, services
from composer.runs.models import Run
from composer.runs.tasks import reconcile
from composer.runs.worker import Worker
from composer.workflows.models import Workflow

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 10.0  # seconds
NewRun = Callable[..., Run]


@pytest.fixture
def worker(spool: Spool) -> Iterator[Worker]:
    worker = Worker(spool.root)
    worker.start()
    yield worker
    worker.close()


@pytest.fixture
def run(new_run: NewRun) -> Run:
    return new_run("a")


@pytest.fixture
def inbox(worker: Worker, run: Run) -> Iterator[Inbox]:
    epoch = leases.claim(run.id, worker.instance)
    assert epoch == 1
    inbox = worker.hold(run.id, epoch, Inbox())
    yield inbox
    worker.let_go(run.id, epoch, inbox)


def test_a_stop_reaches_the_run(run: Run, inbox: Inbox) -> None:
    assert not inbox.canceled.wait(0.5)
    services.cancel_run(run)
    assert inbox.canceled.wait(PATIENCE)
    assert not inbox.lease_lost.is_set()


def test_a_run_that_another_worker_took_is_told_so(run: Run, inbox: Inbox) -> None:
    with transaction.atomic():  # else its worker may renew the lease in between
        Run.objects.filter(id=run.id).update(lease_expires_at=Now() - timedelta(seconds=1))
        assert leases.claim(run.id, "another") == 2
    assert inbox.lease_lost.wait(PATIENCE)


def test_a_run_that_was_deleted_is_told_so(run: Run, inbox: Inbox) -> None:
    Run.objects.filter(id=run.id).delete()
    assert inbox.lease_lost.wait(PATIENCE)


def test_leaving_is_told_to_every_run(worker: Worker, inbox: Inbox) -> None:
    worker.leave()
    assert inbox.leaving.wait(PATIENCE)


def test_a_run_that_comes_while_the_worker_leaves_is_told_at_once(worker: Worker, new_run: NewRun) -> None:
    worker.leave()
    run = new_run("b")
    inbox = worker.hold(run.id, 1, Inbox())
    assert inbox.leaving.is_set()
    worker.let_go(run.id, 1, inbox)


def test_a_run_that_this_very_worker_took_again_is_lost_to_the_thread_that_had_it(
    worker: Worker, run: Run, inbox: Inbox
) -> None:
    with transaction.atomic():
        Run.objects.filter(id=run.id).update(lease_expires_at=Now() - timedelta(seconds=1))
        epoch = leases.claim(run.id, worker.instance)
    assert epoch == 2
    second = worker.hold(run.id, epoch, Inbox())
    assert inbox.lease_lost.wait(PATIENCE)
    worker.let_go(run.id, 1, inbox)
    services.cancel_run(run)
    assert second.canceled.wait(PATIENCE), "the second one is supervised as before"
    assert not second.lease_lost.is_set()
    worker.let_go(run.id, epoch, second)


def test_leases_are_renewed_in_time(
    run: Run, worker: Worker, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "RENEW_EVERY", 0.1)
    worker._renew_due = 0.0
    before = Run.objects.get(id=run.id).lease_expires_at
    deadline = PATIENCE
    while Run.objects.get(id=run.id).lease_expires_at == before and deadline > 0:
        deadline -= 0.1
        inbox.canceled.wait(0.1)
    after = Run.objects.get(id=run.id).lease_expires_at
    assert before is not None
    assert after is not None
    assert after > before
    assert not inbox.lease_lost.is_set()


def test_a_worker_that_cannot_renew_takes_its_runs_for_lost(
    inbox: Inbox, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(instance: str, run_ids: object) -> None:
        raise DatabaseError("the database is away")

    monkeypatch.setattr(leases, "renew", away)
    monkeypatch.setattr(leases, "HONEST_FOR", 0.5)
    worker._renew_due = 0.0
    assert inbox.lease_lost.wait(PATIENCE)


def test_runs_nobody_took_are_sent_without_beat_too(
    worker: Worker, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = threading.Event()
    monkeypatch.setattr("composer.runs.dispatch.send", lambda *run: sent.set())
    Run.objects.filter(id=run.id).update(sent_at=Now() - timedelta(minutes=1))
    worker.reconciled_at = -1000.0
    assert sent.wait(PATIENCE)


def test_a_machine_that_slept_keeps_what_nobody_took_meanwhile(
    worker: Worker, run: Run, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("composer.runs.worker._current", worker)
    Run.objects.filter(id=run.id).update(lease_expires_at=Now() - timedelta(seconds=60))
    reconcile()
    assert Run.objects.get(id=run.id).owner_instance == worker.instance
    assert not inbox.lease_lost.wait(1)


def test_the_sweeper_works_though_all_threads_are_busy(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept = threading.Event()
    monkeypatch.setattr("composer.runs.sweeping.sweep", lambda worker: swept.set())
    worker.swept_at = -1000.0
    assert swept.wait(PATIENCE)


def test_two_requests_with_one_key_at_once_start_one_run(
    new_workflow: Callable[..., Workflow], monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow = new_workflow("a")
    monkeypatch.setattr("composer.runs.dispatch.send", lambda *run: None)
    ids: list[uuid.UUID] = []
    start = threading.Barrier(6)

    def post() -> None:
        start.wait()
        try:
            ids.append(services.create_run(workflow, key="k").id)
        finally:
            connection.close()

    threads = [threading.Thread(target=post) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(ids), len(set(ids))) == (6, 1)
    assert Run.objects.count() == 1
