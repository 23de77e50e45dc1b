"""Workers die at any moment, or sleep for too long: their runs end right under others."""

import itertools
import signal
import time
from collections.abc import Callable

from tests.faults.harness import FINAL, Faults, Started, hit
from tests.faults.shapes import Shape, script_step
from tests.system.flows import until

AT_ONCE = 6  # runs
LONGEST = 2.5  # seconds from a start to a kill
POINTS = ("before-gate", "claimed", "ended", "settled")
#: Neighbours are of different shapes, whose nodes have different names.
PLACES = (("streaming", "q"), ("mixed", "t"), ("streaming", "r"), ("kept", "c"), ("mixed", "x"))
ASLEEP = 120.0  # seconds, of which a lease lasts 30
AWAKE = 15.0  # seconds in which it could do harm


def test_workers_killed_at_random(faults: Faults, count: int, note: Callable[..., None]) -> None:
    faults.staff()
    shapes = itertools.cycle([*faults.shapes(), faults.shape("armed")])
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


def test_a_worker_killed_at_each_point_of_the_protocol(
    faults: Faults, count: int, note: Callable[..., None]
) -> None:
    plan = list(zip(POINTS * count, itertools.cycle(PLACES), strict=False))
    runs: dict[str, list[Started]] = {point: [] for point in POINTS}
    before: list[Started] = []
    faults.staff(0)
    for point, (shape, node) in plan:
        # It finishes the run before, whose nodes have other names than the one at which it dies.
        doomed = faults.hire(COMPOSER_FAULT=f"{point}:{node}")
        faults.await_end(before)
        before = faults.begin([faults.shape(shape)])
        faults.await_death(doomed)
        hit(before, time.time())
        faults.note_streams(before)
        runs[point] += before
    faults.staff()
    faults.await_end(before)
    for run in runs["settled"]:
        if run.shape.name == "kept":  # its end was written before the worker died
            run.fault_at = 0.0
    for point in POINTS:
        note(of=point, **faults.clean(runs[point]))


def test_workers_that_die_one_after_the_other(faults: Faults, count: int, note: Callable[..., None]) -> None:
    """However many workers a run has lost: what has not begun is no failure of the run."""
    faults.staff(0)
    run, *runs = faults.begin([faults.shape("streaming"), *faults.shapes()])
    for point in itertools.islice(itertools.cycle(("claimed", "before-gate")), count):
        faults.await_death(faults.hire(COMPOSER_FAULT=f"{point}:q"))
    hit([run, *runs], time.time())
    faults.staff()
    note(**faults.clean([run, *runs]))


def test_a_worker_that_slept_through_its_lease(faults: Faults, note: Callable[..., None]) -> None:
    """It stops in the middle of three runs, and wakes up when all of them belong to another one."""
    faults.staff()
    [sleeper] = faults.workers
    process = faults.stack.processes[sleeper]
    runs = faults.begin([*faults.shapes(), _long(faults)])
    until(lambda: faults.running(runs[-1], "a"), "the start of the long run")
    process.send_signal(signal.SIGSTOP)
    slept_at = time.monotonic()
    other = faults.hire()
    under_way = [run for run in runs if faults.status(run) not in FINAL]
    assert len(under_way) > 1, "all was over before it slept"
    hit(under_way[:-1], time.time())
    faults.await_end(runs[:-1])
    # The long run's container vanishes, so that the sleeper, too, would have to do something about it.
    until(lambda: faults.row(runs[-1])["epoch"] == 2, "the long run's new worker")
    for container in faults.containers(run=runs[-1].id, node="a", attempt="1"):
        faults.remove(container)
    until(lambda: faults.running(runs[-1], "a", 2), "the second attempt of the long run")
    time.sleep(max(0.0, ASLEEP - (time.monotonic() - slept_at)))
    before = [faults.snapshot(run) for run in runs]
    process.send_signal(signal.SIGCONT)
    time.sleep(AWAKE)
    after = [faults.snapshot(run) for run in runs]
    assert after == before
    assert process.poll() is None
    assert faults.http.post(f"/api/runs/{runs[-1].id}/cancel/").status_code == 202
    faults.await_end(runs[-1:])
    figures = faults.clean(runs[:-1])
    faults.clean(runs[-1:], ends=("canceled",), again=True)
    faults.stack.kill(other)
    faults.clean(faults.begin(faults.shapes()))  # and it works again
    note(**figures)


def _long(faults: Faults) -> Shape:
    script = "exec sleep 300"
    workflow = faults.add({"a": script_step(faults, script), "b": script_step(faults, "cat")})
    return Shape("long", workflow, "", frozenset("ab"))
