"""What a worker finds when another one died: at each point, the run ends right and nothing is done twice."""

import subprocess
import time
from collections.abc import Sequence

import pytest

from composer.engine.errors import LeaseLost
from composer.engine.events import Change, GateClaimed
from composer.engine.ports import Inbox, RunSpec, StepRecord
from composer.engine.states import Status
from tests.engine.conftest import Background, Bench, ListJournal, script, wait_until

pytestmark = pytest.mark.containers

QUEUED = StepRecord()


def claimed(attempt: int = 1) -> StepRecord:
    return StepRecord(Status.RUNNING, attempt, claimed=True)


def done() -> StepRecord:
    return StepRecord(Status.SUCCEEDED, 1, claimed=True)


def wait_for(going: Background, node: str, status: Status) -> None:
    deadline = time.monotonic() + 30
    while status not in going.journal.steps(node):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def left_running(bench: Bench) -> RunSpec:
    """A run whose worker died while its first step works."""
    steps = {"a": script("echo once >&2; sleep 2; echo out"), "b": script("cat")}
    run = bench.run(steps, "a-b")
    going = bench.in_background(run)
    wait_for(going, "a", Status.RUNNING)
    time.sleep(0.3)
    going.desert()
    return run


def test_a_running_step_is_watched_on_and_runs_once(bench: Bench) -> None:
    first = left_running(bench)
    second = bench.run(dict(first.steps), "a-b", id=first.id, taken_over=True)
    outcome, journal = bench.execute(second, records={"a": claimed(), "b": QUEUED})
    assert outcome.status is Status.SUCCEEDED
    assert journal.steps("a") == [Status.SUCCEEDED]
    assert bench.log(second, "a") == b"once\n"
    attempt = journal.last("b").attempt
    assert bench.output(second, "b", attempt) == b"out\n"


def test_a_step_that_ended_meanwhile_is_settled_from_what_it_left(bench: Bench) -> None:
    steps = {"a": script("echo once >&2; sleep 0.5; exit 7")}
    first = bench.run(steps)
    going = bench.in_background(first)
    wait_for(going, "a", Status.RUNNING)
    going.desert()
    time.sleep(1.5)
    second = bench.run(steps, id=first.id, taken_over=True)
    outcome, journal = bench.execute(second, records={"a": claimed()})
    assert outcome.status is Status.FAILED
    assert journal.last("a").exit_code == 7
    assert bench.log(second, "a") == b"once\n"


def test_a_claimed_step_that_never_began_is_made_anew(bench: Bench) -> None:
    steps = {"a": script("echo out", repeatable=False)}
    first = bench.run(steps)

    def die(changes: Sequence[Change]) -> None:
        if any(isinstance(change, GateClaimed) for change in changes):
            raise LeaseLost("died between the claim and the gate")

    going = bench.in_background(first, journal=ListJournal(on_commit=die))
    with pytest.raises(LeaseLost):
        going.join()
    second = bench.run(steps, id=first.id, taken_over=True)
    outcome, journal = bench.execute(second, records={"a": claimed()})
    assert outcome.status is Status.SUCCEEDED
    assert journal.last("a").attempt == 2
    assert bench.output(second, "a", 2) == b"out\n"
    assert not bench.workshop.spool.attempt(first.id, "a", 1).started.read_bytes().strip(b"\0")


def test_however_many_workers_die_before_a_step_begins_it_does_not_fail(bench: Bench) -> None:
    steps = {"a": script("echo out", repeatable=False)}
    run = bench.run(steps)

    def die(changes: Sequence[Change]) -> None:
        if any(isinstance(change, GateClaimed) for change in changes):
            raise LeaseLost("died between the claim and the gate")

    for before in range(5):
        records = {"a": claimed(before)} if before else {}
        going = bench.in_background(run, journal=ListJournal(on_commit=die), records=records)
        with pytest.raises(LeaseLost):
            going.join()
        run = bench.run(steps, id=run.id, taken_over=True)
    outcome, journal = bench.execute(run, records={"a": claimed(5)})
    assert outcome.status is Status.SUCCEEDED
    assert bench.output(run, "a", journal.last("a").attempt) == b"out\n"


def test_a_step_that_is_killed_again_and_again_fails(bench: Bench) -> None:
    run = bench.run({"a": script("exec sleep 30")})
    going = bench.in_background(run)
    for attempt in (1, 2, 3):
        started = bench.workshop.spool.attempt(run.id, "a", attempt).started
        deadline = time.monotonic() + 30
        while not (started.exists() and started.read_bytes().strip(b"\0")):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        for state in bench.workshop.containers.find(
            {"composer.run": run.id, "composer.attempt": str(attempt)}
        ):
            bench.workshop.containers.remove(state.id)
    outcome = going.join()
    assert outcome is not None
    assert outcome.status is Status.FAILED
    assert going.journal.last("a").attempt == 3


def test_what_was_prepared_but_not_claimed_is_made_again(bench: Bench) -> None:
    steps = {"a": script("sleep 1; echo out"), "b": script("cat")}
    first = bench.run(steps, "a-b")
    going = bench.in_background(first)
    wait_for(going, "a", Status.RUNNING)
    while len(bench.containers(first)) < 2:
        time.sleep(0.01)
    going.desert()
    second = bench.run(steps, "a-b", id=first.id, taken_over=True)
    outcome, journal = bench.execute(second, records={"a": claimed(), "b": QUEUED})
    assert outcome.status is Status.SUCCEEDED
    assert bench.output(second, "b", journal.last("b").attempt) == b"out\n"


def kill_container(bench: Bench, steps: dict[str, object]) -> tuple[Background, object]:
    run = bench.run(steps)  # type: ignore[arg-type]
    going = bench.in_background(run)
    wait_for(going, "a", Status.RUNNING)
    time.sleep(0.3)
    [container] = bench.containers(run)
    bench.workshop.containers.remove(container)
    return going, run


def test_a_step_killed_behind_our_back_is_repeated_where_it_may_be(bench: Bench) -> None:
    going, run = kill_container(bench, {"a": script("[ $COMPOSER_ATTEMPT = 2 ] || sleep 30; echo out")})
    outcome = going.join()
    assert outcome is not None
    assert outcome.status is Status.SUCCEEDED
    assert bench.output(run, "a", 2) == b"out\n"  # type: ignore[arg-type]


def test_a_step_killed_behind_our_back_waits_for_a_person_where_it_may_not_be_repeated(bench: Bench) -> None:
    going, _ = kill_container(bench, {"a": script("sleep 30", repeatable=False)})
    outcome = going.join()
    assert outcome is not None
    assert (outcome.status, outcome.failed_node) == (Status.WAITING, "a")
    failure = going.journal.last("a").failure
    assert failure is not None
    assert failure.kind == "infrastructure"


@pytest.mark.parametrize("manner", ["", "trap 'exit 0' TERM; "])
def test_a_step_whose_container_is_stopped_from_outside_is_repeated(bench: Bench, manner: str) -> None:
    again = "[ $COMPOSER_ATTEMPT = 2 ] || { sleep 30 & wait; }"
    run = bench.run({"a": script(f"{manner}echo half; {again}; echo whole")})
    going = bench.in_background(run)
    wait_for(going, "a", Status.RUNNING)
    time.sleep(0.5)
    [container] = bench.containers(run)
    bench.workshop.containers.kill(container, "TERM")
    outcome = going.join()
    assert outcome is not None
    assert outcome.status is Status.SUCCEEDED
    assert bench.output(run, "a", 2) == b"half\nwhole\n"


def test_a_step_that_is_stopped_by_a_person_and_says_that_all_is_well_is_canceled(bench: Bench) -> None:
    run = bench.run({"a": script("trap 'exit 0' TERM; echo half; sleep 30 & wait")})
    going = bench.in_background(run)
    wait_for(going, "a", Status.RUNNING)
    time.sleep(0.5)
    going.inbox.cancel()
    outcome = going.join()
    assert outcome is not None
    assert outcome.status is Status.CANCELED


def test_a_step_that_did_its_work_before_is_not_run_again(bench: Bench) -> None:
    steps = {"a": script("echo kept"), "b": script("cat")}
    first = bench.run(steps, "a-b")
    bench.execute(first)
    second = bench.run(steps, "a-b", id=first.id, taken_over=True)
    outcome, journal = bench.execute(second, records={"a": done(), "b": StepRecord(attempt=2)})
    assert outcome.status is Status.SUCCEEDED
    assert journal.steps("a") == []
    assert bench.output(second, "b", 2) == b"kept\n"


def test_a_worker_that_leaves_lets_its_steps_run_on(bench: Bench) -> None:
    steps = {"a": script("sleep 1.5; echo out")}
    first = bench.run(steps)
    going = bench.in_background(first)
    wait_for(going, "a", Status.RUNNING)
    going.inbox.leave()
    outcome = going.join()
    assert outcome is not None
    assert outcome.status is None
    second = bench.run(steps, id=first.id, taken_over=True)
    outcome, _ = bench.execute(second, records={"a": claimed()})
    assert outcome.status is Status.SUCCEEDED
    assert bench.output(second, "a") == b"out\n"


def test_a_stop_that_the_dead_worker_had_passed_on_is_a_stop(bench: Bench) -> None:
    steps = {"a": script("sleep 60", repeatable=False), "b": script("cat")}
    first = bench.run(steps, "a-b")
    going = bench.in_background(first)
    wait_for(going, "a", Status.RUNNING)
    time.sleep(0.3)
    going.desert()
    [running] = bench.workshop.containers.find({"composer.run": first.id, "composer.node": "a"})
    bench.workshop.containers.kill(running.id, "TERM")
    time.sleep(0.5)
    inbox = Inbox()
    inbox.cancel()
    second = bench.run(steps, "a-b", id=first.id, taken_over=True)
    outcome, journal = bench.execute(second, records={"a": claimed(), "b": QUEUED}, inbox=inbox)
    assert outcome.status is Status.CANCELED
    assert [journal.last(node).status for node in "ab"] == [Status.CANCELED, Status.CANCELED]


def test_a_run_that_was_taken_before_anything_was_told_of_it_is_told_to_run(bench: Bench) -> None:
    run = bench.run({"a": script("echo out")}, taken_over=True)
    _, journal = bench.execute(run)
    assert journal.run_statuses() == [Status.PREPARING, Status.RUNNING, Status.SUCCEEDED]


def test_a_run_whose_step_runs_already_is_not_told_to_be_prepared(bench: Bench) -> None:
    first = left_running(bench)
    second = bench.run(dict(first.steps), "a-b", id=first.id, taken_over=True, status=Status.PREPARING)
    _, journal = bench.execute(second, records={"a": claimed(), "b": QUEUED})
    assert journal.run_statuses() == [Status.RUNNING, Status.SUCCEEDED]


def test_a_worker_that_loses_a_run_keeps_no_holder_of_it(bench: Bench) -> None:
    run = bench.run({"a": script("sleep 1; echo out")})
    going = bench.in_background(run)
    wait_for(going, "a", Status.RUNNING)
    time.sleep(0.3)
    [holder] = holders_of(bench, run)
    going.desert()
    wait_until(lambda: bench.workshop.containers.inspect(holder) is None)
    outcome, _ = bench.execute(
        bench.run(dict(run.steps), id=run.id, taken_over=True), records={"a": claimed()}
    )
    assert outcome.status is Status.SUCCEEDED, "its step needs none"
    assert bench.output(run, "a") == b"out\n"


def holders_of(bench: Bench, run: RunSpec) -> list[str]:
    """Whose network namespace the containers of a run live in."""
    modes = (
        docker("inspect", "--format", "{{.HostConfig.NetworkMode}}", each) for each in bench.containers(run)
    )
    return [mode.removeprefix("container:") for mode in modes]


def docker(*arguments: str) -> str:
    return subprocess.run(["docker", *arguments], check=True, capture_output=True, text=True).stdout.strip()
