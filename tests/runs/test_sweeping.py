"""The sweeper removes what no run needs, and nothing that bears other labels than ours."""

import os
import subprocess
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from composer.engine.spool import Spool
from composer.runs.liveness import Life
from composer.runs.models import Run
from composer.runs.sweeping import UNBORN, sweep
from composer.runs.worker import Worker
from tests.engine.images import have_busybox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.containers]

NewContainer = Callable[..., str]


@pytest.fixture
def worker(spool: Spool, settings: Any) -> Iterator[Worker]:
    settings.COMPOSER_INSTALLATION = f"sweep-{uuid.uuid4().hex}"
    worker = Worker(spool.root)
    yield worker
    worker.close()


@pytest.fixture
def new_container(worker: Worker, settings: Any) -> Iterator[NewContainer]:
    """Makes containers with labels `composer.<name>`; ours unless said otherwise."""
    image, made = have_busybox(), []

    def make(**labels: str) -> str:
        labels = {"installation": settings.COMPOSER_INSTALLATION, **labels}
        flags = [part for name, value in labels.items() for part in ("--label", f"composer.{name}={value}")]
        command = ["docker", "create", "--network", "none", *flags, image, "true"]
        made.append(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip())
        return made[-1]

    yield make
    subprocess.run(["docker", "rm", "-f", *made], check=False, capture_output=True)


def exists(container: str) -> bool:
    return subprocess.run(["docker", "inspect", container], capture_output=True, check=False).returncode == 0


def finish(run: Run, seconds_ago: float) -> None:
    ended = timezone.now() - timedelta(seconds=seconds_ago)
    Run.objects.filter(id=run.id).update(status="succeeded", finished_at=ended)


def test_containers_of_runs_that_are_over_or_unknown_are_removed(
    worker: Worker, new_container: NewContainer, new_run: Callable[..., Run]
) -> None:
    over, late, active = new_run("a"), new_run("a"), new_run("a")
    finish(over, 60)
    finish(late, 1)
    gone = [new_container(role="step", run=run) for run in (str(over.id), str(uuid.uuid4()), "nonsense", "")]
    kept = [new_container(role="step", run=str(run.id)) for run in (late, active)]
    sweep(worker)
    assert [exists(container) for container in gone] == [False] * 4
    assert [exists(container) for container in kept] == [True] * 2, "its own worker is still at it"


def test_what_a_dead_worker_left_of_a_run_that_waits_for_a_person_is_removed(
    worker: Worker, new_container: NewContainer, new_run: Callable[..., Run]
) -> None:
    run = new_run("a")
    Run.objects.filter(id=run.id).update(status="waiting")
    left = new_container(role="step", run=str(run.id))
    sweep(worker)
    assert not exists(left)


def test_holders_of_dead_workers_are_removed_and_those_that_their_own_worker_does_not_know(
    worker: Worker, new_container: NewContainer
) -> None:
    mine = worker.workshop.holders.acquire()
    other = Life(worker.spool)
    others = new_container(role="holder", instance=other.instance)
    orphan = new_container(role="holder", instance="dead")
    stranger = new_container(role="holder", instance=worker.instance)
    sweep(worker)
    assert [exists(each) for each in (mine, others, orphan, stranger)] == [True, True, False, False]
    worker.workshop.containers.remove(mine)
    other.end()


def test_what_is_not_ours_is_never_touched(worker: Worker, new_container: NewContainer) -> None:
    foreign = new_container(installation="another", role="step", run=str(uuid.uuid4()))
    unlabelled = new_container(installation="", role="step", run=str(uuid.uuid4()))
    other_role = new_container(role="example")
    sweep(worker)
    assert all(exists(container) for container in (foreign, unlabelled, other_role))


def test_files_of_runs_that_are_gone_are_removed(
    worker: Worker, spool: Spool, new_run: Callable[..., Run]
) -> None:
    known, deleted, unborn = str(new_run("a").id), str(uuid.uuid4()), str(uuid.uuid4())
    for run_id in (known, deleted, unborn):
        spool.attempt(run_id, "a", 1).create()
    for run_id in (known, deleted):
        old = timezone.now().timestamp() - UNBORN - 1
        os.utime(spool.input(run_id).parent, (old, old))
    sweep(worker)
    assert sorted(spool.runs()) == sorted([known, unborn])


def test_what_a_dead_web_process_was_being_given_is_removed(worker: Worker, spool: Spool) -> None:
    spool.uploads.mkdir(parents=True)
    dead, arriving, folder = (spool.uploads / name for name in ("dead", "arriving", "folder"))
    dead.touch()
    arriving.touch()
    folder.mkdir()
    old = timezone.now().timestamp() - UNBORN - 1
    for path in (dead, folder):
        os.utime(path, (old, old))
    sweep(worker)
    assert sorted(path.name for path in spool.uploads.iterdir()) == ["arriving", "folder"]


def test_files_are_swept_however_many_runs_there_are(
    worker: Worker, spool: Spool, new_run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    known, deleted = str(new_run("a").id), [str(uuid.uuid4()) for _ in range(1_200)]
    old = timezone.now().timestamp() - UNBORN - 1
    for run_id in (known, *deleted):
        folder = spool.input(run_id).parent
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder, (old, old))
    vanished = str(uuid.uuid4())
    monkeypatch.setattr(spool, "runs", lambda: [vanished, known, *deleted])
    monkeypatch.setattr(worker.workshop, "spool", spool)
    with CaptureQueriesContext(connection) as asked:
        sweep(worker)
    assert [path.name for path in spool.input(known).parent.parent.iterdir()] == [known]
    assert max(each["sql"].count("'") // 2 for each in asked) <= 600, "no question is too long to be asked"
