"""What is not all there any more is no success: of the step that wrote it, or of one that reads it."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from composer.engine.errors import LeaseLost
from composer.engine.events import Change, Failure, StepChanged
from composer.engine.execute import Outcome
from composer.engine.gate.gate import read_ended, read_opened
from composer.engine.ports import RunSpec, StepRecord, StepSpec
from composer.engine.states import Status
from tests.engine.conftest import Bench, ListJournal, edge, script, wait_until
from tests.engine.test_take_over import QUEUED, claimed, done

pytestmark = pytest.mark.containers

WRITER = "sleep 0.5; echo one; echo two"


def die_at_an_end(changes: Sequence[Change]) -> None:
    """At the latest, its worker dies when it is about to write that a step has ended."""
    if any(isinstance(change, StepChanged) and change.status.is_final for change in changes):
        raise LeaseLost("for a test")


def ended_unwatched(bench: Bench, steps: dict[str, StepSpec], *pipes: str) -> RunSpec:
    """A run whose worker died while its first steps worked; then they ended."""
    run = bench.run(steps, *pipes)
    going = bench.in_background(run, journal=ListJournal(on_commit=die_at_an_end))
    running = [node for node in steps if not any(edge(pipe).target == node for pipe in pipes if "-" in pipe)]
    files = [bench.workshop.spool.attempt(run.id, node, 1) for node in running]
    wait_until(lambda: all(map(read_opened, files)))
    going.desert()
    wait_until(lambda: all(map(read_ended, files)))
    return run


def taken_over(bench: Bench, run: RunSpec, *pipes: str, **records: StepRecord) -> tuple[Outcome, ListJournal]:
    """What the next worker makes of it."""
    again = bench.run(dict(run.steps), *pipes, id=run.id, taken_over=True)
    return bench.execute(again, records=records)


def stdout(bench: Bench, run: RunSpec, node: str = "a") -> Path:
    return bench.workshop.spool.stdout(run.id, node, 1)


def lose_the_end(path: Path) -> None:
    """As a disk does whose power went away, or a copy that was made while it was written."""
    os.truncate(path, path.stat().st_size - 1)


def failure_of(journal: ListJournal, node: str) -> Failure:
    failure = journal.last(node).failure
    assert failure is not None
    return failure


@pytest.mark.parametrize("lose", [lose_the_end, Path.unlink])
def test_a_step_whose_output_was_lost_while_nobody_watched_is_begun_anew(bench: Bench, lose: object) -> None:
    run = ended_unwatched(bench, {"a": script(WRITER), "b": script("cat")}, "a-b")
    lose(stdout(bench, run))  # type: ignore[operator]
    outcome, journal = taken_over(bench, run, "a-b", a=claimed(), b=QUEUED)
    assert outcome.status is Status.SUCCEEDED
    assert journal.last("a").attempt == 2
    assert bench.output(run, "b", journal.last("b").attempt) == b"one\ntwo\n"


def test_where_it_may_not_be_begun_anew_a_person_decides(bench: Bench) -> None:
    run = ended_unwatched(bench, {"a": script(WRITER, repeatable=False), "b": script("cat")}, "a-b")
    lose_the_end(stdout(bench, run))
    outcome, journal = taken_over(bench, run, "a-b", a=claimed(), b=QUEUED)
    assert (outcome.status, outcome.failed_node) == (Status.WAITING, "a")
    failure = failure_of(journal, "a")
    assert failure.message.startswith("Part of what it wrote was lost")
    assert failure.detail == "Of 8 bytes of its output, 7 are still there."


def test_a_step_that_had_failed_stays_failed_whatever_is_missing(bench: Bench) -> None:
    run = ended_unwatched(bench, {"a": script(f"{WRITER}; exit 7")})
    lose_the_end(stdout(bench, run))
    outcome, journal = taken_over(bench, run, a=claimed())
    assert outcome.status is Status.FAILED
    assert (journal.last("a").attempt, failure_of(journal, "a").kind) == (1, "exit")


def test_a_further_output_counts_as_well(bench: Bench) -> None:
    steps = {"a": script("sleep 0.5; echo rest > /outputs/rest; echo data", outputs={"rest": "text"})}
    run = ended_unwatched(bench, steps)
    lose_the_end(bench.workshop.spool.attempt(run.id, "a", 1).output("rest"))
    outcome, journal = taken_over(bench, run, a=claimed())
    assert outcome.status is Status.SUCCEEDED
    assert journal.last("a").attempt == 2


@pytest.mark.parametrize(
    ("step", "output"),
    [
        (script("sleep 0.5"), b""),
        (script("sleep 0.5; cat /dev/zero | head -c 5000000"), bytes(5_000_000)),
        (
            script("sleep 0.5; echo x; echo from; echo data; echo to; echo y", between=("from", "to")),
            b"data\n",
        ),
        (script("sleep 0.5; echo x; echo data >&2", take="stderr"), b"data\n"),
        (script("sleep 0.5; echo x; echo data > /tmp/out", take="/tmp/out"), b"data\n"),
        (script("sleep 0.5; echo gone > /outputs/rest", outputs={"rest": "text", "none": "text"}), b""),
    ],
    ids=["nothing", "much", "some lines", "standard error", "a file", "further outputs"],
)
def test_what_is_all_there_is_a_success(bench: Bench, step: StepSpec, output: bytes) -> None:
    run = ended_unwatched(bench, {"a": step})
    outcome, journal = taken_over(bench, run, a=claimed())
    assert outcome.status is Status.SUCCEEDED
    assert journal.last("a").attempt == 1
    assert bench.output(run, "a") == output


def test_nothing_is_missing_of_what_only_streamed(bench: Bench) -> None:
    steps = {"a": script("sleep 0.5; head -c 5000000 /dev/zero"), "b": script("wc -c")}
    run = ended_unwatched(bench, steps, "a=b")
    outcome, journal = taken_over(bench, run, "a=b", a=claimed(), b=claimed())
    assert outcome.status is Status.SUCCEEDED
    assert journal.last("a").attempt == 1
    assert bench.output(run, "b") == b"5000000\n"


def test_a_group_is_begun_anew_where_one_of_it_lost_what_it_wrote(bench: Bench) -> None:
    steps = {"a": script("sleep 0.5; exec yes"), "b": script("head -n 3")}
    run = ended_unwatched(bench, steps, "a=b")
    lose_the_end(stdout(bench, run, "b"))
    outcome, journal = taken_over(bench, run, "a=b", a=claimed(), b=claimed())
    assert outcome.status is Status.SUCCEEDED
    assert [journal.last(node).attempt for node in "ab"] == [2, 2]
    assert bench.output(run, "b", 2) == b"y\ny\ny\n"


def test_a_step_whose_output_was_lost_before_the_next_one_read_it_makes_that_one_fail(bench: Bench) -> None:
    run = bench.run({"a": script("echo one; echo two"), "b": script("cat")}, "a-b")
    bench.execute(run)
    lose_the_end(stdout(bench, run))
    outcome, journal = taken_over(bench, run, "a-b", a=done(), b=StepRecord(attempt=2))
    assert (outcome.status, outcome.failed_node) == (Status.FAILED, "b")
    assert "no longer all there" in failure_of(journal, "b").message
    assert Status.RUNNING not in journal.steps("b")


LOSING = "echo one; until [ -s /.composer/stdout ]; do :; done; : > /.composer/stdout"


def test_a_step_whose_output_is_not_all_there_at_its_end_fails(bench: Bench) -> None:
    run = bench.run({"a": script(LOSING, title="Lose"), "b": script("cat")}, "a-b")
    outcome, journal = bench.execute(run)
    assert (outcome.status, outcome.failed_node) == (Status.FAILED, "a")
    failure = failure_of(journal, "a")
    assert failure.message.startswith("Part of what it wrote is missing from the disk")
    assert failure.detail == "Of 4 bytes of its output, 0 are still there."
    assert journal.steps("b")[-1] is Status.SKIPPED


def test_with_one_that_is_not_all_there_those_that_stream_with_it_fail(bench: Bench) -> None:
    pipe = edge("a=b", mode="stream+keep")
    steps = {"a": script(LOSING), "b": script("cat; sleep 60")}
    outcome, journal = bench.execute(bench.run(steps, pipe))
    assert (outcome.status, outcome.failed_node) == (Status.FAILED, "a")
    assert failure_of(journal, "b").kind == "together"
