"""A workshop with real containers, and runs whose steps are small shell scripts."""

import re
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from composer.engine.attached import Attached
from composer.engine.docker_engine import DockerEngine
from composer.engine.errors import AlreadyClaimed, LeaseLost
from composer.engine.events import Change, GateClaimed, Progress, RunChanged, StepChanged
from composer.engine.execute import Outcome, execute
from composer.engine.gate.build import build
from composer.engine.graph import Edge
from composer.engine.ports import Inbox, RunSpec, StepRecord, StepSpec
from composer.engine.spool import Spool
from composer.engine.states import Status
from composer.engine.workshop import Workshop
from tests.engine.images import have_busybox


@dataclass
class ListJournal:
    """`ports.Journal` in memory: keeps every change in order and refuses what the real one refuses."""

    changes: list[Change] = field(default_factory=list)
    progressed: list[Progress] = field(default_factory=list)
    claims: set[tuple[str, int]] = field(default_factory=set)
    lost: bool = False
    on_commit: Callable[[Sequence[Change]], None] = lambda changes: None

    def commit(self, *changes: Change) -> None:
        if self.lost:
            raise LeaseLost("for a test")
        for change in changes:
            if isinstance(change, GateClaimed):
                claim = (change.node, change.attempt)
                if claim in self.claims:
                    raise AlreadyClaimed(str(claim))
                self.claims.add(claim)
        self.changes.extend(changes)
        self.on_commit(changes)

    def progress(self, progress: Progress) -> None:
        self.progressed.append(progress)

    def steps(self, node: str) -> list[Status]:
        """The statuses that a node went through."""
        seen: list[Status] = []
        for change in self.changes:
            if isinstance(change, GateClaimed) and change.node == node:
                seen.append(Status.RUNNING)
            elif isinstance(change, StepChanged) and change.node == node:
                seen.append(change.status)
        return seen

    def last(self, node: str) -> StepChanged:
        """The last thing said of a node."""
        return [c for c in self.changes if isinstance(c, StepChanged) and c.node == node][-1]

    def run_statuses(self) -> list[Status]:
        """The statuses that the run went through."""
        return [change.status for change in self.changes if isinstance(change, RunChanged)]


@dataclass
class Bench:
    """Makes and executes runs, and remembers what to clean up."""

    workshop: Workshop
    folder: Path

    def run(
        self, steps: Mapping[str, StepSpec], *pipes: str | Edge, data: bytes | None = None, **more: Any
    ) -> RunSpec:
        """A run of these steps; pipes are written as "a-b", or made by `edge`."""
        run_id = more.pop("id", None) or str(uuid.uuid4())
        source = None
        if data is not None:
            source = self.workshop.spool.input(run_id)
            source.parent.mkdir(parents=True, exist_ok=True)
            source.write_bytes(data)
        edges = [pipe if isinstance(pipe, Edge) else edge(pipe) for pipe in pipes]
        return RunSpec(run_id, "w1", steps, edges, input=source, **more)

    def execute(
        self,
        run: RunSpec,
        *,
        journal: ListJournal | None = None,
        records: Mapping[str, StepRecord] | None = None,
        inbox: Inbox | None = None,
    ) -> tuple[Outcome, ListJournal]:
        """Executes the run in this thread."""
        journal = journal or ListJournal()
        inbox = inbox or Inbox()
        try:
            outcome = execute(run, records or {}, workshop=self.workshop, journal=journal, inbox=inbox)
        finally:
            inbox.close()
        return outcome, journal

    def output(self, run: RunSpec, node: str, attempt: int = 1) -> bytes:
        """What a node wrote to standard output."""
        return self.workshop.spool.attempt(run.id, node, attempt).stdout.read_bytes()

    def log(self, run: RunSpec, node: str, attempt: int = 1) -> bytes:
        """What a node wrote to standard error."""
        return self.workshop.spool.attempt(run.id, node, attempt).log.read_bytes()

    def containers(self, run: RunSpec) -> list[str]:
        """The containers of the run that are still there."""
        return [state.id for state in self.workshop.containers.find({"composer.run": run.id})]

    def in_background(self, run: RunSpec, **more: Any) -> "Background":
        """Executes the run in a thread of its own."""
        return Background(self, run, more)


class Background:
    """A run that is being executed by another thread."""

    def __init__(self, bench: Bench, run: RunSpec, more: dict[str, Any]) -> None:
        self.inbox = more.setdefault("inbox", Inbox())
        self.journal = more.setdefault("journal", ListJournal())
        self.outcome: Outcome | None = None
        self.error: BaseException | None = None
        self._thread = threading.Thread(target=self._work, args=(bench, run, more))
        self._thread.start()

    def join(self, seconds: float = 60) -> Outcome | None:
        """Waits for the end; raises what the run loop raised."""
        self._thread.join(seconds)
        assert not self._thread.is_alive(), "the run did not end"
        if self.error:
            raise self.error
        return self.outcome

    def desert(self) -> None:
        """Its worker dies: it writes nothing more and leaves its containers as they are."""
        self.journal.lost = True
        self.inbox.lose_lease()
        with pytest.raises(LeaseLost):
            self.join()

    def _work(self, bench: Bench, run: RunSpec, more: dict[str, Any]) -> None:
        try:
            self.outcome, _ = bench.execute(run, **more)
        except BaseException as error:  # handed to whoever joins
            self.error = error


def wait_until(true: Callable[[], bool]) -> None:
    """Until something has come about."""
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def edge(ends: str, **more: Any) -> Edge:
    """A pipe, written as "a-b"; `a=b` streams and has the id "a_b"."""
    source, mark, target = re.split("([-=])", ends)
    described = {"id": ends.replace("=", "_"), "mode": "stream" if mark == "=" else "keep", **more}
    return Edge(source=source, target=target, **described)


def script(text: str, **more: Any) -> StepSpec:
    """A step that runs this shell script."""
    described: dict[str, Any] = {
        "image": have_busybox(),
        "title": "Script",
        "entrypoint": ("/bin/sh",),
        "command": ("-c", text),
        "repeatable": True,
        **more,
    }
    return StepSpec(**described)


@pytest.fixture(scope="session")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled gate."""
    target = tmp_path_factory.mktemp("gate") / "run"
    build(target)
    return target


@pytest.fixture(scope="session")
def session_workshop(gate: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """One workshop for all tests, as in a worker; leaves no container behind."""
    engine = DockerEngine()
    spool = Spool(tmp_path_factory.mktemp("spool"))
    installation = f"test-{uuid.uuid4().hex}"
    workshop = Workshop(engine, spool, gate, installation=installation, instance="tests")
    yield workshop
    workshop.close()
    for state in engine.find({"composer.installation": installation}):
        engine.remove(state.id)
    engine.close()


@pytest.fixture
def bench(session_workshop: Workshop, tmp_path: Path) -> Bench:
    """Makes and executes runs."""
    return Bench(session_workshop, tmp_path)


@pytest.fixture(scope="session")
def attached_workshop(gate: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """One that is attached to its containers and shares no files with them."""
    engine = DockerEngine()
    installation = f"test-{uuid.uuid4().hex}"
    spool = Spool(tmp_path_factory.mktemp("spool"))
    workshop = Workshop(engine, spool, gate, installation=installation, instance="tests", carrier="attach")
    assert isinstance(workshop.carrier, Attached)
    yield workshop
    workshop.close()
    for state in engine.find({"composer.installation": installation}):
        engine.remove(state.id)
    engine.close()
