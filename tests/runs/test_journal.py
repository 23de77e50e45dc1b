"""The engine's journal on a real database file: all or nothing, and only in its own epoch."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from composer.engine.errors import AlreadyClaimed, LeaseLost
from composer.engine.events import (
    EdgeFlow,
    Failure,
    GateClaimed,
    ImagePinned,
    Progress,
    RunChanged,
    StepChanged,
    StepFlow,
)
from composer.engine.states import Status
from composer.runs import eventlog, leases, selectors
from composer.runs.journal import DatabaseJournal, ImpossibleChange
from composer.runs.models import Run, RunEvent, StepRun

pytestmark = pytest.mark.django_db(transaction=True)

NewRun = Callable[..., Run]


@pytest.fixture
def run(new_run: NewRun) -> Run:
    return new_run("a", "b")


@pytest.fixture
def journal(run: Run) -> DatabaseJournal:
    return journal_of(run)


def journal_of(run: Run) -> DatabaseJournal:
    epoch = leases.claim(run.id, "me")
    assert epoch is not None
    return DatabaseJournal(run.id, epoch)


def step(run: Run, node: str) -> StepRun:
    return StepRun.objects.get(run=run, node=node)


def events(run: Run) -> list[dict[str, Any]]:
    return selectors.events_after(run.id, 0)


def test_changes_of_one_commit_follow_each_other(run: Run, journal: DatabaseJournal) -> None:
    start = Run.objects.get(id=run.id).last_seq
    journal.commit(RunChanged(Status.RUNNING), GateClaimed("a", 1, 5))
    journal.commit(StepChanged("a", Status.SUCCEEDED, 1, 0, bytes_out=7), GateClaimed("b", 1, 7))
    told = [event for event in events(run) if event["seq"] > start]
    assert [event["seq"] for event in told] == list(range(start + 1, start + 5))
    assert [(event.get("node"), event["status"]) for event in told] == [
        (None, "running"),
        ("a", "running"),
        ("a", "succeeded"),
        ("b", "running"),
    ]
    assert Run.objects.get(id=run.id).last_seq == start + 4


def test_a_claim_makes_the_step_run(run: Run, journal: DatabaseJournal) -> None:
    journal.commit(GateClaimed("a", 1, 5))
    found = step(run, "a")
    assert (found.status, found.bytes_in) == ("running", 5)
    assert found.started_at is not None
    assert found.claimed_epoch is not None


def test_a_gate_is_claimed_once(run: Run, journal: DatabaseJournal) -> None:
    journal.commit(GateClaimed("a", 1, 0))
    before = events(run)
    with pytest.raises(AlreadyClaimed):
        journal.commit(RunChanged(Status.RUNNING), GateClaimed("a", 1, 0))
    assert events(run) == before, "nothing of a refused commit is written"
    assert Run.objects.get(id=run.id).status == "queued"


def test_another_attempt_can_be_claimed_again(run: Run, journal: DatabaseJournal) -> None:
    journal.commit(GateClaimed("a", 1, 4))
    journal.commit(StepChanged("a", Status.QUEUED, 2))
    assert (step(run, "a").claimed_epoch, step(run, "a").started_at) == (None, None)
    with pytest.raises(AlreadyClaimed):
        journal.commit(GateClaimed("a", 1, 0))
    journal.commit(GateClaimed("a", 2, 4))
    assert (step(run, "a").attempt, step(run, "a").status) == (2, "running")


def test_of_two_who_claim_one_wins(run: Run) -> None:
    journal = journal_of(run)
    won, lost = [], []
    start = threading.Barrier(8)

    def claim() -> None:
        start.wait()
        try:
            journal.commit(GateClaimed("a", 1, 0))
            won.append(1)
        except AlreadyClaimed:
            lost.append(1)
        finally:
            connection.close()

    threads = [threading.Thread(target=claim) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 7)


def test_a_worker_that_lost_the_run_writes_nothing_more(run: Run, journal: DatabaseJournal) -> None:
    leases.release_lost(["me"])
    assert leases.claim(run.id, "you") == 2
    before = events(run)
    for write in (
        lambda: journal.commit(GateClaimed("a", 1, 0)),
        lambda: journal.commit(ImagePinned("a", "sha256:1")),
        lambda: journal.progress(Progress(steps={"a": StepFlow(1, 1)})),
    ):
        with pytest.raises(LeaseLost):
            write()
    assert events(run) == before
    assert step(run, "a").status == "queued"


def test_a_run_that_is_gone_is_a_lost_one(run: Run, journal: DatabaseJournal) -> None:
    Run.objects.filter(id=run.id).delete()
    with pytest.raises(LeaseLost):
        journal.commit(RunChanged(Status.RUNNING))


def test_a_failure_is_kept_in_words(run: Run, journal: DatabaseJournal) -> None:
    failure = Failure("exit", "No such town", "exit code 3", ("one", "two ☃"))
    journal.commit(
        StepChanged("a", Status.FAILED, 1, exit_code=3, failure=failure),
        StepChanged("b", Status.SKIPPED, 1),
        RunChanged(Status.FAILED, failure, "a"),
    )
    found = Run.objects.get(id=run.id)
    wire = {"kind": "exit", "message": "No such town", "detail": "exit code 3", "log_tail": ["one", "two ☃"]}
    assert (found.status, found.error, found.failed_node, found.failure) == (
        "failed",
        "No such town",
        "a",
        wire,
    )
    assert found.finished_at is not None
    assert (step(run, "a").exit_code, step(run, "a").failure) == (3, wire)
    last = events(run)[-1]
    assert (last["type"], last["failed_node"], last["failure"]) == ("run.status", "a", wire)


def test_what_is_over_stays_so(run: Run, journal: DatabaseJournal) -> None:
    journal.commit(StepChanged("a", Status.SUCCEEDED, 1, 0))
    with pytest.raises(ImpossibleChange):
        journal.commit(StepChanged("a", Status.RUNNING, 1))
    journal.commit(RunChanged(Status.CANCELED))
    with pytest.raises(ImpossibleChange):
        journal.commit(RunChanged(Status.RUNNING))


def test_progress_is_one_event_and_the_newest_figures(run: Run, journal: DatabaseJournal) -> None:
    journal.commit(GateClaimed("a", 1, 100))
    journal.progress(Progress(steps={"a": StepFlow(10, 20, 3, 0.5)}, edges={"e": EdgeFlow(20, 80.0)}))
    assert (step(run, "a").bytes_in, step(run, "a").bytes_out) == (10, 20)
    told = events(run)[-1]
    assert told["type"] == "progress"
    assert told["steps"] == {"a": {"bytes_in": 10, "bytes_out": 20, "log_bytes": 3, "fraction": 0.5}}
    assert told["edges"] == {"e": {"bytes": 20, "rate": 80.0, "waits_for": None}}


def test_the_end_of_a_step_tells_bytes_that_came_by_progress(run: Run, journal: DatabaseJournal) -> None:
    journal.commit(GateClaimed("a", 1, 100))
    journal.progress(Progress(steps={"a": StepFlow(10, 20)}))
    journal.commit(StepChanged("a", Status.SUCCEEDED, 1, 0, bytes_out=25))
    assert (events(run)[-1]["bytes_in"], events(run)[-1]["bytes_out"]) == (10, 25)


def test_progress_is_forgotten_when_the_run_is_over(run: Run, journal: DatabaseJournal) -> None:
    journal.commit(GateClaimed("a", 1, 0))
    for count in range(5):
        journal.progress(Progress(steps={"a": StepFlow(0, count)}))
    journal.commit(StepChanged("a", Status.SUCCEEDED, 1, 0), RunChanged(Status.SUCCEEDED))
    kinds = [event["type"] for event in events(run)]
    assert "progress" not in kinds
    numbers = [event["seq"] for event in events(run)]
    assert numbers == sorted(set(numbers))


def test_a_run_that_goes_on_forgets_how_far_it_was_and_late_watchers_miss_nothing(
    run: Run, journal: DatabaseJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("composer.runs.journal.PRUNE_AFTER", 10)
    journal.commit(GateClaimed("a", 1, 0))
    journal.progress(Progress(edges={"e": EdgeFlow(7, 1.0)}))
    for count in range(48):
        journal.progress(Progress(steps={"a": StepFlow(0, count)}))
    journal.progress(Progress(steps={"b": StepFlow(0, 1)}))
    told = [event for event in events(run) if event["type"] == "progress"]
    assert len(told) <= 11
    assert [each["edges"]["e"]["bytes"] for each in told if each["edges"]] == [7]
    assert [each["steps"]["a"]["bytes_out"] for each in told if "a" in each["steps"]][-1] == 47
    numbers = [event["seq"] for event in events(run)]
    assert numbers == sorted(set(numbers))
    assert numbers[-1] == Run.objects.get(id=run.id).last_seq


def test_no_run_fails_because_its_progress_could_not_be_written(
    run: Run, journal: DatabaseJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal.commit(GateClaimed("a", 1, 0))
    before = events(run)
    with monkeypatch.context() as broken:
        broken.setattr(eventlog, "insert", lambda cursor, *_: cursor.execute("SELECT nothing FROM nowhere"))
        journal.progress(Progress(steps={"a": StepFlow(0, 5)}))
    assert events(run) == before
    journal.commit(StepChanged("a", Status.SUCCEEDED, 1, 0, bytes_out=6))
    assert events(run)[-1]["status"] == "succeeded"


def test_an_image_is_pinned_once(run: Run, journal: DatabaseJournal) -> None:
    journal.commit(ImagePinned("a", "busybox@sha256:1"))
    journal.commit(ImagePinned("a", "busybox@sha256:2"))
    assert step(run, "a").step_version.image_digest == "busybox@sha256:1"


def test_between_two_steps_stand_few_statements(run: Run, journal: DatabaseJournal) -> None:
    journal.commit(GateClaimed("a", 1, 0))
    with CaptureQueriesContext(connection) as queries:
        journal.commit(StepChanged("a", Status.SUCCEEDED, 1, 0), GateClaimed("b", 1, 0))
    # BEGIN, the numbers, the end of a, the claim of b, both events, COMMIT.
    assert len(queries) <= 6, [query["sql"] for query in queries]


def test_many_runs_written_at_once_lose_nothing(new_run: NewRun) -> None:
    runs = [new_run("a", "b") for _ in range(12)]
    faults: list[BaseException] = []

    def work(run: Run) -> None:
        try:
            journal = journal_of(run)
            for count in range(20):
                journal.progress(Progress(steps={"a": StepFlow(count, count)}))
                journal.commit(StepChanged("b", Status.PREPARING, 1, note=str(count)))
            journal.commit(StepChanged("a", Status.SUCCEEDED, 1, 0))
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(run,)) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    for run in runs:
        seqs = list(RunEvent.objects.filter(run=run).order_by("id").values_list("seq", flat=True))
        assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))


def test_a_run_nobody_knows_has_no_journal() -> None:
    with pytest.raises(LeaseLost):
        DatabaseJournal(uuid.uuid4(), 1).commit(RunChanged(Status.RUNNING))
