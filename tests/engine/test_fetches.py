"""An image that has to be fetched holds up nobody but those who need it."""

import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from composer.engine.docker_engine import DockerEngine
from composer.engine.errors import EngineAway, ImageMissing
from composer.engine.events import StepChanged
from composer.engine.ports import Image, StepSpec
from composer.engine.spool import Spool
from composer.engine.states import Status
from composer.engine.workshop import Workshop
from tests.engine.conftest import Bench, script, wait_until
from tests.engine.images import have_busybox

pytestmark = pytest.mark.containers

FAR = "composer-test/far-away:1"


class FarRegistry(DockerEngine):
    """A real engine. Fetching from a registry is what it only pretends: there is none here."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched = 0
        self.may_come = threading.Event()
        self.is_here = False
        self.troubles: list[Exception] = []

    def image(self, reference: str, *, may_pull: bool, on_progress: Callable[[str], None]) -> Image:
        if reference != FAR:
            return super().image(reference, may_pull=may_pull, on_progress=on_progress)
        if not self.is_here:
            if not may_pull:
                raise ImageMissing("It is not on this machine.")
            self.fetched += 1
            on_progress("Fetching the program: 50 %")
            assert self.may_come.wait(60)
            if self.troubles:
                raise self.troubles.pop(0)
            self.is_here = True
        return super().image(have_busybox(), may_pull=False, on_progress=on_progress)


@pytest.fixture
def engine() -> Iterator[FarRegistry]:
    engine = FarRegistry()
    yield engine
    engine.may_come.set()
    engine.close()


@pytest.fixture
def bench(engine: FarRegistry, gate: Path, tmp_path: Path) -> Iterator[Bench]:
    """On a single thread, so that one that is held up holds up all."""
    installation = f"test-{uuid.uuid4().hex}"
    shop = Workshop(
        engine, Spool(tmp_path / "spool"), gate, installation=installation, instance="tests", threads=1
    )
    yield Bench(shop, tmp_path)
    engine.may_come.set()
    shop.close()
    for state in engine.find({"composer.installation": installation}):
        engine.remove(state.id)


def far(text: str) -> StepSpec:
    return script(text, image=FAR, may_pull=True)


def test_a_run_whose_image_is_here_does_not_wait_for_one_that_is_fetched(
    bench: Bench, engine: FarRegistry
) -> None:
    slow = bench.run({"a": far("echo far")})
    going = bench.in_background(slow)
    wait_until(lambda: engine.fetched == 1)
    near = bench.run({"a": script("echo near")})
    outcome, _ = bench.execute(near)
    assert outcome.status is Status.SUCCEEDED
    engine.may_come.set()
    late = going.join()
    assert late is not None
    assert late.status is Status.SUCCEEDED
    assert bench.output(slow, "a") == b"far\n"


def test_an_image_is_fetched_once_for_all_who_wait_and_they_are_told_how_far_it_is(
    bench: Bench, engine: FarRegistry
) -> None:
    going = [bench.in_background(bench.run({"a": far("echo far"), "b": far("echo far")})) for _ in range(2)]
    wait_until(lambda: len(engine_waiting(bench)) == 4)
    engine.may_come.set()
    for each in going:
        outcome = each.join()
        assert outcome is not None
        assert outcome.status is Status.SUCCEEDED
    assert engine.fetched == 1
    changes = [change for each in going for change in each.journal.changes]
    notes = [change.note for change in changes if isinstance(change, StepChanged)]
    assert any("50 %" in note for note in notes)


def engine_waiting(bench: Bench) -> list[object]:
    return list(bench.workshop.fetches._waiting.get(FAR, []))


def test_a_stop_does_not_wait_for_an_image(bench: Bench, engine: FarRegistry) -> None:
    run = bench.run({"a": far("echo far")})
    going = bench.in_background(run)
    wait_until(lambda: engine.fetched == 1)
    going.inbox.cancel()
    outcome = going.join()
    assert outcome is not None
    assert outcome.status is Status.CANCELED
    engine.may_come.set()
    wait_until(lambda: not engine_waiting(bench))
    bench.workshop.close()
    assert bench.containers(run) == []


def test_an_image_that_cannot_be_had_fails_the_step_and_says_why(bench: Bench, engine: FarRegistry) -> None:
    engine.troubles = [ImageMissing("The registry has no such image.")]
    engine.may_come.set()
    outcome, _ = bench.execute(bench.run({"a": far("echo far")}))
    assert outcome.status is Status.FAILED
    assert outcome.failure is not None
    assert "no such image" in outcome.failure.message


def test_an_engine_that_went_away_while_it_fetched_is_asked_again(bench: Bench, engine: FarRegistry) -> None:
    engine.troubles = [EngineAway("for a test")]
    engine.may_come.set()
    outcome, _ = bench.execute(bench.run({"a": far("echo far")}))
    assert outcome.status is Status.SUCCEEDED
    assert engine.fetched == 2
