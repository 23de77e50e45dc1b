"""Workers die at any moment, or sleep for too long: their runs end right under others."""

import itertools
import signal
import time
from collections.abc import Callable

import pytest

from tests.faults.harness import Faults, Started, hit
from tests.system.flows import until

AT_ONCE = 6  # runs
LONGEST = 2.5  # seconds from a start to a kill
POINTS = ("before-gate", "claimed", "ended", "settled")
ASLEEP = 120.0  # seconds, of which a lease lasts 30


def test_workers_killed_at_random(faults: Faults, count: int, note: Callable[..., None]) -> None:
    faults.staff()
    shapes = itertools.cycle(faults.shapes())
    runs: list[Started] = []
    kills = streams = 0
    while len(runs) < count:
        some = faults.begin(itertools.islice(shapes, min(AT_ONCE, count - len(runs))))
        time.sleep(faults.chance.uniform(0, LONGEST))
        killed_at = faults.kill_all()
        kills += 1
        under_way = [run for run in some if faults.status(run) not in ("succeeded", "failed")]
        hit(under_way, killed_at)
        streams += faults.note_streams(under_way)
        faults.staff()
        faults.await_end(some)
        runs += some
    note(**faults.clean(runs), kills=kills, streams_adopted=streams)


@pytest.mark.parametrize("point", POINTS)
def test_a_worker_killed_at_a_point_of_the_protocol(
    faults: Faults, count: int, note: Callable[..., None], point: str
) -> None:
    places = [("streaming", "b"), ("mixed", "b"), ("mixed", "c"), ("mixed", "f"), ("kept", "c")]
    runs: list[Started] = []
    for name, node in itertools.islice(itertools.cycle(places), count):
        faults.staff(0)
        doomed = faults.hire(COMPOSER_FAULT=f"{point}:{node}")
        [run] = faults.begin([faults.shape(name)])
        process = faults.stack.processes[doomed]
        until(lambda process=process: process.poll() is not None, "its death", every=0.01)  # type: ignore[misc]
        assert process.returncode == -signal.SIGKILL
        faults.stack.processes.pop(doomed)
        hit([run], time.time())
        faults.note_streams([run])
        faults.staff()
        faults.await_end([run])
        runs.append(run)
    over = [run for run in runs if point == "settled" and run.shape.name == "kept"]
    for run in over:  # it had ended with the commit before
        run.fault_at = 0.0
    note(**faults.clean(runs))
