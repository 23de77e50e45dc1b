"""A holder serves one run at a time, and the next one only when nothing of the last one is left."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from composer.engine.errors import Unwanted
from composer.engine.ports import ContainerSpec, Image
from composer.engine.prepare import RunNamespace
from composer.engine.spool import Spool
from composer.engine.workshop import Workshop
from tests.engine.conftest import wait_until
from tests.engine.fake_engine import FakeEngine

EMPTY = Image("empty", "empty", (), (), {}, "amd64", "linux")


class SlowEngine(FakeEngine):
    """Starts and removes nothing until it may."""

    def __init__(self) -> None:
        super().__init__({"empty": EMPTY})
        self.may_remove = threading.Event()
        self.may_remove.set()
        self.may_start = threading.Event()
        self.may_start.set()

    def start(self, spec: ContainerSpec) -> str:
        assert self.may_start.wait(60)
        return super().start(spec)

    def remove(self, container: str) -> None:
        assert self.may_remove.wait(60)
        super().remove(container)


@pytest.fixture
def engine() -> SlowEngine:
    return SlowEngine()


@pytest.fixture
def workshop(engine: SlowEngine, tmp_path: Path) -> Iterator[Workshop]:
    shop = Workshop(engine, Spool(tmp_path), tmp_path / "gate", installation="i", instance="w", threads=2)
    yield shop
    engine.may_remove.set()
    engine.may_start.set()
    shop.close()


@pytest.fixture
def space(workshop: Workshop) -> RunNamespace:
    return RunNamespace(workshop)


def join(space: RunNamespace, container: str) -> str:
    with space.joining() as holder:
        space.joined(container)
    return holder


def test_the_steps_of_a_run_share_one_holder_and_no_other_run_does(
    workshop: Workshop, space: RunNamespace
) -> None:
    mine = {join(space, "a"), join(space, "b")}
    assert len(mine) == 1
    assert join(RunNamespace(workshop), "c") not in mine


def test_a_holder_is_given_to_nobody_while_a_container_of_the_last_run_is_there(
    workshop: Workshop, space: RunNamespace, engine: SlowEngine
) -> None:
    holder = join(space, "a")
    engine.may_remove.clear()
    workshop.remove("a")
    space.release(clean=True)
    threading.Event().wait(1)  # time enough to be given back wrongly
    assert workshop.holders.acquire() != holder
    engine.may_remove.set()
    wait_until(lambda: workshop.holders.acquire() == holder)


def test_a_holder_that_somebody_is_about_to_join_serves_no_other_run(
    workshop: Workshop, space: RunNamespace, engine: SlowEngine
) -> None:
    with space.joining() as holder:
        space.release(clean=True)
    wait_until(lambda: holder not in engine.containers)


def test_nobody_joins_a_run_that_is_over(space: RunNamespace) -> None:
    space.release(clean=True)
    with pytest.raises(Unwanted), space.joining():
        pass


def test_a_holder_that_could_not_be_removed_is_a_stranger(
    workshop: Workshop, space: RunNamespace, engine: SlowEngine
) -> None:
    holder = join(space, "a")
    assert workshop.holders.strangers([holder]) == []
    engine.away.set()
    space.release(clean=False)
    wait_until(lambda: workshop.holders.strangers([holder]) == [holder])
    engine.away.clear()


def test_one_that_is_being_made_is_no_stranger(
    workshop: Workshop, space: RunNamespace, engine: SlowEngine
) -> None:
    engine.may_start.clear()
    making = threading.Thread(target=join, args=[space, "a"])
    making.start()
    wait_until(lambda: workshop.holders._being_made == 1)
    assert workshop.holders.strangers(["fake-1"]) == []
    engine.may_start.set()
    making.join()
    assert workshop.holders.strangers(["fake-1"]) == []


def test_an_idle_one_that_died_is_forgotten(
    workshop: Workshop, space: RunNamespace, engine: SlowEngine
) -> None:
    holder = join(space, "a")
    space.release(clean=True)
    wait_until(lambda: holder in workshop.holders._idle)
    engine.kill(holder)
    assert workshop.holders.acquire() != holder
    assert workshop.holders.strangers([holder]) == [holder]
