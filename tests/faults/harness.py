"""Runs under faults, the workers that bear them, and what it means that they came out clean."""

import itertools
import random
import signal
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import celery
import httpx
import redis

from composer.engine.gate.gate import read_opened
from composer.engine.spool import Spool
from tests.faults.counts import IS_FULL
from tests.faults.figures import Figures, spread
from tests.faults.shapes import RAN, SHAPES, TEXT, Shape
from tests.stack import Stack
from tests.system.flows import Flows, Json, until

FINAL = ("succeeded", "failed", "canceled", "skipped")
RECOVERED = 45.0  # seconds from a fault to the end of every run that it met
REMOVED = 90.0  # seconds from the end of a run to that of its last container
EVENTS_AT_ONCE = 1_000


@dataclass
class Started:
    """A run under way, and what must become of it."""

    id: str
    shape: Shape
    fault_at: float = 0.0  # wall clock of the last fault that it met; 0: none
    unhurt: set[str] = field(default_factory=set)  # nodes whose first attempt must be their only one


class Faults(Flows):
    """What the tests do to a stack, and what they look at afterwards."""

    def __init__(self, stack: Stack, http: httpx.Client) -> None:
        super().__init__(stack, http)
        self.chance = random.Random()
        self.spool = Spool(Path(stack.environment.get("COMPOSER_SPOOL") or stack.folder / "spool"))
        self._names = (f"worker-{number}" for number in itertools.count(1))
        self._begun: list[Started] = []
        self._shapes: dict[tuple[str, bool], Shape] = {}

    # Workers

    @property
    def workers(self) -> list[str]:
        """The workers that were started and not yet ended."""
        return [name for name in self.stack.processes if name.startswith("worker")]

    def hire(self, **environment: str) -> str:
        """Starts a worker."""
        name = next(self._names)
        self.stack.start_worker(name, **environment)
        return name

    def staff(self, count: int = 1) -> None:
        """Sees to it that so many workers are there, none of them with a fault of its own."""
        for name in self.workers[count:]:
            self.dismiss(name)
        for _ in range(count - len(self.workers)):
            self.hire()

    def dismiss(self, name: str) -> None:
        """Has a worker leave in order."""
        process = self.stack.processes.pop(name)
        process.terminate()
        process.wait(60)

    def kill_all(self) -> float:
        """SIGKILL for every worker; returns the moment."""
        for name in self.workers:
            self.stack.kill(name)
        return time.time()

    def await_death(self, name: str) -> None:
        """Waits until a worker has died of its own fault."""
        process = self.stack.processes[name]
        until(lambda: process.poll() is not None, f"the death of {name}", every=0.01)
        assert process.returncode == -signal.SIGKILL, self.stack.log(name)
        self.stack.processes.pop(name)

    # Runs

    def shape(self, name: str, *, repeatable: bool = False) -> Shape:
        """The workflow of that name, made at its first use."""
        if (name, repeatable) not in self._shapes:
            self._shapes[name, repeatable] = SHAPES[name](self, repeatable=repeatable)
        return self._shapes[name, repeatable]

    def shapes(self, *, repeatable: bool = False) -> list[Shape]:
        """One of each kind: kept, streaming, mixed."""
        return [self.shape(name, repeatable=repeatable) for name in ("kept", "streaming", "mixed")]

    def begin(self, shapes: Iterable[Shape]) -> list[Started]:
        """Starts a run of each."""
        started = [Started(self.start(shape.workflow, TEXT), shape) for shape in shapes]
        self._begun += started
        return started

    def status(self, run: Started) -> str:
        """Where the run stands."""
        return str(self.get(f"/api/runs/{run.id}/")["status"])

    def await_end(self, runs: Iterable[Started], seconds: float = 120.0) -> None:
        """Waits until all are over."""
        left = list(runs)

        def all_over() -> bool:
            left[:] = [run for run in left if self.status(run) not in FINAL]
            return not left

        until(all_over, "the end of runs", seconds, every=0.1)

    def running(self, run: Started, node: str, attempt: int = 1) -> bool:
        """Whether a step of it has begun to run."""
        return self.times_ran(run.id, node, attempt) > 0

    def note_streams(self, runs: Iterable[Started]) -> int:
        """Nothing may happen to a stream whose gates are all open; returns how many there are."""
        found = 0
        for run in runs:
            files = [self.spool.attempt(run.id, node, 1) for node in run.shape.streams]
            if files and all(each.started.exists() and read_opened(each) for each in files):
                run.unhurt |= run.shape.streams
                found += 1
        return found

    # Counting

    def attempts(self, run: str, node: str) -> list[int]:
        """The numbers of the attempts at a step that have files."""
        folder = self.spool.attempt(run, node, 1).folder.parent
        return sorted(int(each.name) for each in folder.iterdir()) if folder.is_dir() else []

    def times_ran(self, run: str, node: str, attempt: int) -> int:
        """How often an attempt was executed, as the step itself has counted."""
        log = self.spool.log(run, node, attempt)
        return log.read_bytes().count(RAN) if log.exists() else 0

    def events(self, run: str) -> list[Json]:
        """All that was told of a run."""
        found: list[Json] = []
        while True:
            after = found[-1]["seq"] if found else 0
            page = self.get(f"/api/runs/{run}/events/?after={after}&limit={EVENTS_AT_ONCE}")
            found += page["events"]
            if len(page["events"]) < EVENTS_AT_ONCE:
                return found

    def row(self, run: Started) -> Json:
        """The run as it stands in the database."""
        [row] = self.stack.database.rows_of_run("runs_run", "id", run.id)
        return row

    def snapshot(self, run: Started) -> Json:
        """All that is written of a run, and the containers it has."""
        folder = self.spool.input(run.id).parent
        files = {str(path): path.lstat() for path in folder.rglob("*")}
        return {
            "run": {key: value for key, value in self.row(run).items() if key != "lease_expires_at"},
            "steps": self.stack.database.rows_of_run("runs_steprun", "run_id", run.id),
            "events": self.events(run.id),
            "files": {path: (about.st_size, about.st_mtime_ns) for path, about in files.items()},
            "containers": sorted(self.containers(run=run.id)),
        }

    def remove(self, container: str) -> None:
        """Removes a container behind the workers' back."""
        engine = self.stack.engine()
        engine.remove(container)
        engine.close()

    def in_redis(self) -> "redis.Redis":
        """The stack's Redis."""
        return redis.Redis(port=self.stack.redis_port)

    @property
    def queue(self) -> str:
        """The key of the workers' queue."""
        return f"composer-{self.stack.installation}"

    # Clean

    def clean(
        self,
        runs: Sequence[Started],
        *,
        ends: Collection[str] = ("succeeded",),
        again: bool = False,
    ) -> Figures:
        """Asserts that faults did no harm to these runs; returns the figures.

        `again`: a container may have been taken away, so a step may have run in a further attempt.
        """
        self.await_end(runs)
        recoveries, attempts, more, ended = [], 0, 0, dict.fromkeys(ends, 0)
        for run in runs:
            found = self.get(f"/api/runs/{run.id}/")
            assert found["status"] in ends, found
            ended[found["status"]] += 1
            self._told_once(run, found)
            steps = {step["node"]: step for step in found["steps"]}
            for node, step in steps.items():
                ran = [self.times_ran(run.id, node, number) for number in self.attempts(run.id, node)]
                assert max(ran, default=0) <= 1, f"{run.id}: an attempt at {node} was executed {ran} times"
                assert again or sum(ran) <= 1, f"{run.id}: {node} was executed in attempts {ran}"
                attempts += len(ran)
                more += sum(ran) > 1
                if found["status"] == "succeeded":
                    wanted = "succeeded" if node in run.shape.ran else "skipped"
                    assert step["status"] == wanted, found
                    assert sum(ran) >= (wanted == "succeeded"), f"{run.id}: {node} never ran"
                if node in run.unhurt:
                    assert step["attempt"] == 1, f"{run.id}: the stream was made anew: {found}"
            if found["status"] == "succeeded":
                assert self.digest(f"/api/runs/{run.id}/output")[0] == run.shape.sha256, found
            if run.fault_at:
                recoveries.append(_seconds(found["finished_at"]) - run.fault_at)
        removal = self._await_removal(runs)
        assert max(recoveries, default=0) <= RECOVERED, f"recovered after {max(recoveries):.1f} s"
        counts: Figures = {status: number for status, number in ended.items() if len(ends) > 1}
        return {
            **counts,
            **spread(recoveries),
            "attempts": attempts,
            "run_again": more,
            **({"containers_gone_s": removal} if IS_FULL else {}),
        }

    def have_swept(self) -> None:
        """Sends the sweeper before its time, and sees that it leaves nothing of any run."""
        sender = celery.Celery(broker=self.stack.environment["REDIS_URL"])

        def gone() -> bool:
            sender.send_task("composer.runs.tasks.sweep", queue=self.queue, ignore_result=True)
            return not self._left_by(self._begun)

        until(gone, "the removal of containers", REMOVED, every=1.0)
        sender.close()

    def _told_once(self, run: Started, found: Json) -> None:
        """One end of the run, one of each step, in order, and nothing after it."""
        events = self.events(run.id)
        numbers = [event["seq"] for event in events]
        assert numbers == sorted(set(numbers)), f"{run.id}: {numbers}"
        finals: dict[str, list[str]] = {}
        for event in events:
            if event["type"] in ("run.status", "step.status") and event["status"] in FINAL:
                finals.setdefault(event.get("node") or "", []).append(event["status"])
        assert finals.pop("") == [found["status"]], f"{run.id}: {events}"
        assert events[-1]["type"] == "run.status", f"{run.id}: {events[-1]} after its end"
        expected = {step["node"]: [step["status"]] for step in found["steps"]}
        assert finals == expected, f"{run.id}: told {finals}, is {expected}"

    def _await_removal(self, runs: Iterable[Started]) -> float:
        """What a dead worker left is swept twice a minute; the short selection does not wait for that."""
        begun = time.monotonic()
        if IS_FULL:
            until(lambda: not self._left_by(runs), "the removal of containers", REMOVED, every=0.2)
        return round(time.monotonic() - begun, 1)

    def _left_by(self, runs: Iterable[Started]) -> list[str]:
        ids = {run.id for run in runs}
        engine = self.stack.engine()
        found = engine.find({"composer.installation": self.stack.installation, "composer.role": "step"})
        engine.close()
        return [state.id for state in found if state.labels.get("composer.run") in ids]


def hit(runs: Iterable[Started], at: float) -> None:
    """A fault has met these runs."""
    for run in runs:
        run.fault_at = at


def _seconds(moment: Any) -> float:
    from datetime import datetime

    return datetime.fromisoformat(str(moment)).timestamp()
