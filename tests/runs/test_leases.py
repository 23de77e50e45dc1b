"""Who works on a run: one at a time, and never two in the same epoch."""

import threading
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now

from composer.runs import leases
from composer.runs.models import Run

pytestmark = pytest.mark.django_db(transaction=True)

NewRun = Callable[..., Run]


@pytest.fixture
def run(new_run: NewRun) -> Run:
    return new_run("a")


def let_lease_run_out(run: Run) -> None:
    Run.objects.filter(id=run.id).update(lease_expires_at=Now() - timedelta(seconds=1))


def test_a_run_has_one_owner(run: Run) -> None:
    assert leases.claim(run.id, "one") == 1
    assert leases.claim(run.id, "two") is None
    assert leases.claim(run.id, "one") is None, "a doubled message starts nothing"


def test_of_many_who_claim_at_once_one_wins(run: Run) -> None:
    won = []
    start = threading.Barrier(8)

    def claim(name: str) -> None:
        start.wait()
        try:
            if leases.claim(run.id, name):
                won.append(name)
        finally:
            connection.close()

    threads = [threading.Thread(target=claim, args=(f"w{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1


@pytest.mark.parametrize("status", ["succeeded", "failed", "canceled", "waiting"])
def test_what_is_over_or_waits_for_a_person_is_not_claimed(run: Run, status: str) -> None:
    Run.objects.filter(id=run.id).update(status=status)
    assert leases.claim(run.id, "me") is None


def test_a_run_nobody_knows_is_not_claimed() -> None:
    assert leases.claim(uuid.uuid4(), "me") is None


def test_a_lease_that_ran_out_is_taken_in_a_new_epoch(run: Run) -> None:
    leases.claim(run.id, "one")
    let_lease_run_out(run)
    assert leases.claim(run.id, "two") == 2
    assert leases.held([run.id])[run.id] == leases.Held(2, "two", cancel_requested=False)


def test_renewing_keeps_a_lease(run: Run) -> None:
    leases.claim(run.id, "one")
    let_lease_run_out(run)
    leases.renew("one", [run.id])
    assert leases.claim(run.id, "two") is None


def test_a_run_that_its_worker_no_longer_holds_can_be_had_when_its_lease_is_over(run: Run) -> None:
    leases.claim(run.id, "one")
    let_lease_run_out(run)
    leases.renew("one", [])
    assert leases.claim(run.id, "two") == 2


def test_renewing_is_one_statement_for_all_runs(
    new_run: NewRun, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    runs = [new_run("a").id for _ in range(5)]
    for run in runs:
        leases.claim(run, "one")
    with django_assert_num_queries(1):
        leases.renew("one", runs)


def test_nobody_renews_what_another_one_owns(run: Run) -> None:
    leases.claim(run.id, "one")
    let_lease_run_out(run)
    leases.renew("two", [run.id])
    assert leases.claim(run.id, "two") == 2


def test_a_released_run_can_be_had_at_once(run: Run) -> None:
    leases.claim(run.id, "one")
    assert leases.release(run.id, 1)
    assert leases.claim(run.id, "two") == 2
    assert not leases.release(run.id, 1), "the one who lost it releases nothing"
    assert leases.claim(run.id, "three") is None


def test_only_runs_of_the_dead_are_freed(new_run: NewRun) -> None:
    mine, theirs, late = new_run("a"), new_run("a"), new_run("a")
    leases.claim(mine.id, "me")
    leases.claim(theirs.id, "dead")
    leases.claim(late.id, "late")
    let_lease_run_out(late)
    assert set(leases.release_lost(["dead"])) == {theirs.id, late.id}
    assert leases.claim(mine.id, "two") is None


def test_a_stop_is_seen_by_who_holds_the_run(run: Run) -> None:
    leases.claim(run.id, "me")
    Run.objects.filter(id=run.id).update(cancel_requested_at=Now())
    assert leases.held([run.id])[run.id].cancel_requested
