"""A thousand containers that end at once: each one's output is whole, and each one's exit code its own."""

import dataclasses
import time

import pytest

from composer.engine.events import StepChanged
from composer.engine.ports import StepSpec
from composer.engine.states import Status
from tests.engine.conftest import Bench, ListJournal, script

pytestmark = pytest.mark.containers

RUNS, STEPS = 8, 125
CODES = 5  # every fifth step ends well


def one(like: StepSpec, number: int) -> StepSpec:
    """Writes its number to output and log, and ends with a code that follows from it."""
    text = f"echo out {number}; echo log {number} >&2; exit {number % CODES}"
    return dataclasses.replace(like, command=("-c", text))


@pytest.mark.timeout(600)
def test_a_thousand_containers_lose_no_output_and_no_exit_code(bench: Bench) -> None:
    numbers = [range(run * STEPS, (run + 1) * STEPS) for run in range(RUNS)]
    like = script("")
    runs = [bench.run({f"n{number}": one(like, number) for number in some}) for some in numbers]
    started = time.monotonic()
    going = [bench.in_background(run) for run in runs]
    for each in going:
        outcome = each.join(500)
        assert outcome is not None
        assert outcome.status is Status.FAILED
    print(f"{RUNS * STEPS} containers in {time.monotonic() - started:.1f} s")

    for run, each, some in zip(runs, going, numbers, strict=True):
        ends = {number: end_of(each.journal, f"n{number}") for number in some}
        assert {number: end.exit_code for number, end in ends.items()} == {n: n % CODES for n in some}
        assert {number for number, end in ends.items() if end.status is Status.SUCCEEDED} == {
            n for n in some if n % CODES == 0
        }
        for number, end in ends.items():
            assert bench.output(run, f"n{number}") == b"out %d\n" % number
            assert bench.log(run, f"n{number}") == b"log %d\n" % number
            assert end.bytes_out == len(b"out %d\n" % number)


def end_of(journal: ListJournal, node: str) -> StepChanged:
    """The one final word on a node."""
    said = [change for change in journal.changes if isinstance(change, StepChanged) and change.node == node]
    [end] = [change for change in said if change.status.is_final]
    return end
