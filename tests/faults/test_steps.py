"""Steps that take more than they may, are stopped, or have their containers taken away."""

import hashlib
import itertools
import time
from collections.abc import Callable
from typing import Any

from composer.engine.gate.gate import LOG_LIMIT
from tests.faults.harness import Faults, Started, hit
from tests.faults.shapes import Shape, script_step
from tests.system.flows import Json, step_of

LONGEST = 1.3  # seconds from a start to a stop: about what a run takes
GIGABYTES = 10 * 1024**3
MEGABYTE = bytes(1024**2)


def test_runs_stopped_at_random(faults: Faults, count: int, note: Callable[..., None]) -> None:
    faults.staff(2)
    shapes = itertools.cycle(faults.shapes())
    runs: list[Started] = []
    for shape in itertools.islice(shapes, count):
        [run] = faults.begin([shape])
        runs.append(run)
        time.sleep(faults.chance.uniform(0, LONGEST) if len(runs) > 1 else 0)  # the first one: at once
        answer = faults.http.post(f"/api/runs/{run.id}/cancel/")
        assert answer.status_code == 202, answer.text
        hit([run], time.time())
    figures = faults.clean(runs, ends=("canceled", "succeeded"))
    assert faults.status(runs[0]) == "canceled", "that stop cannot have come too late"
    note(**figures)


def test_containers_removed_behind_our_back(faults: Faults, count: int, note: Callable[..., None]) -> None:
    faults.staff()
    shapes = itertools.cycle(faults.shapes(repeatable=True))
    runs: list[Started] = []
    removed = 0
    while len(runs) < count:
        some = faults.begin(itertools.islice(shapes, min(3, count - len(runs))))
        time.sleep(faults.chance.uniform(0.3, 2))
        victims = [victim for run in some for victim in faults.containers(run=run.id)]
        victims += faults.containers(role="holder")
        for victim in faults.chance.sample(victims, min(len(victims), 2)):
            faults.remove(victim)
            removed += 1
        hit(some, time.time())
        faults.await_end(some)
        runs += some
    note(**faults.clean(runs, again=True), removed=removed)


def test_a_fork_bomb(faults: Faults, count: int, note: Callable[..., None]) -> None:
    bomb = "(bomb() { bomb | bomb & bomb; }; bomb) 2>/dev/null & while :; do :; done"
    _all_fail(faults, count, note, "time", bomb, limits={"seconds": 4})


def test_more_memory_than_allowed(faults: Faults, count: int, note: Callable[..., None]) -> None:
    greedy = "all=x; while :; do all=$all$all; done"
    _all_fail(faults, count, note, "memory", greedy, limits={"memory": "16m"})


def test_endless_standard_error(faults: Faults, count: int, note: Callable[..., None]) -> None:
    limits = {"seconds": 20 if count > 1 else 2}
    runs = _all_fail(faults, count, note, "time", "exec yes mistake >&2", limits=limits)
    for run in runs:
        size = faults.spool.log(run.id, "a", 1).stat().st_size
        assert LOG_LIMIT <= size < LOG_LIMIT + 1000


def test_ten_gigabytes_are_too_much(faults: Faults, count: int, note: Callable[..., None]) -> None:
    endless = "exec dd if=/dev/zero bs=1M count=10240 2>/dev/null"
    runs = _all_fail(faults, count, note, "output", endless)
    for run in runs:
        assert faults.spool.stdout(run.id, "a", 1).stat().st_size == 1024**3


def test_ten_gigabytes_stream(faults: Faults, count: int, note: Callable[..., None]) -> None:
    faults.staff()
    nodes = {
        "a": script_step(
            faults,
            "exec dd if=/dev/zero bs=1M count=10240 2>/dev/null",
            limits={"output": "11g", "seconds": 900},
        ),
        "b": script_step(faults, "exec cat", limits={"output": "11g", "seconds": 900}),
        "c": script_step(faults, "exec sha256sum", limits={"seconds": 900}),
    }
    edges = [{"id": a + b, "source": a, "target": b, "mode": "stream"} for a, b in ("ab", "bc")]
    whole = hashlib.sha256()
    for _ in range(GIGABYTES // len(MEGABYTE)):
        whole.update(MEGABYTE)
    result = hashlib.sha256(f"{whole.hexdigest()}  -\n".encode()).hexdigest()
    shape = Shape("ten gigabytes", faults.add(nodes, edges), result, frozenset("abc"), frozenset("abc"))
    runs = [run for _ in range(count) for run in faults.begin([shape])]
    faults.await_end(runs, 900)
    [first, *_] = runs
    found = faults.get(f"/api/runs/{first.id}/")
    assert step_of(found, "c")["bytes_in"] == GIGABYTES
    note(**faults.clean(runs))


def _all_fail(
    faults: Faults, count: int, note: Callable[..., None], kind: str, script: str, **more: Any
) -> list[Started]:
    """Each run ends as a failure of that kind; a run beside them does not notice."""
    faults.staff()
    nodes = {"a": script_step(faults, script, repeatable=False, **more), "b": script_step(faults, "cat")}
    shape = Shape(kind, faults.add(nodes), "", frozenset("a"))
    runs, others = faults.begin([shape] * count), faults.begin([faults.shape("kept")])
    figures = faults.clean(runs, ends=("failed",))
    for run in runs:
        found: Json = faults.get(f"/api/runs/{run.id}/")
        failed = step_of(found, "a")
        assert (failed["status"], failed["failure"]["kind"]) == ("failed", kind), failed
        assert faults.times_ran(run.id, "b", 1) == 0
    faults.clean(others)
    note(**figures)
    return runs
