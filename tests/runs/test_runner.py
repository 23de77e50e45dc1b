"""What was prepared for a run is used by its first worker, or taken away."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from composer.engine.events import Failure
from composer.engine.execute import Outcome
from composer.engine.ports import Inbox
from composer.engine.spool import Spool
from composer.engine.states import Status
from composer.runs import leases, runner
from composer.runs.models import Run
from composer.runs.resolve import Unresolvable
from composer.runs.worker import Worker

pytestmark = pytest.mark.django_db(transaction=True)


class Waiting:
    """Stands for a run whose containers wait: what those do is tested in tests/engine and test_armed.py."""

    def __init__(self) -> None:
        self.inbox = Inbox()
        self.is_given_up = False

    def give_up(self) -> None:
        self.is_given_up = True
        self.inbox.close()


@pytest.fixture
def worker(spool: Spool) -> Iterator[Worker]:
    worker = Worker(spool.root)
    yield worker
    worker.close()


@pytest.fixture
def waiting(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> Waiting:
    """What the worker has kept ready for whatever run comes."""
    kept = Waiting()
    monkeypatch.setattr(worker.armory, "take", lambda run_id: kept)
    return kept


@pytest.fixture
def run(new_run: Callable[..., Run]) -> Run:
    return new_run("a")


def test_what_waits_for_a_run_that_cannot_begin_is_given_up(
    worker: Worker, waiting: Waiting, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise Unresolvable("a", Failure("environment", "Its connection is gone."))

    monkeypatch.setattr(runner, "resolve", refuse)
    outcome = runner.run_once(worker, run.id)
    assert outcome is not None
    assert outcome.status is Status.FAILED
    assert waiting.is_given_up


def test_what_waits_for_a_run_that_another_worker_had_before_is_not_used(
    worker: Worker, waiting: Waiting, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    epoch = leases.claim(run.id, "another")
    assert epoch is not None
    leases.release(run.id, epoch)
    used: list[Any] = []

    def execute(spec: object, records: object, **more: Any) -> Outcome:
        used.append(more["waiting"])
        return Outcome(None)

    monkeypatch.setattr(runner, "execute", execute)
    runner.run_once(worker, run.id)
    assert used == [None]
    assert waiting.is_given_up


def test_a_run_that_is_nobodys_is_no_matter(worker: Worker) -> None:
    assert runner.run_once(worker, uuid.uuid4()) is None
