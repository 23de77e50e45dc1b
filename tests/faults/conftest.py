"""One whole Composer to break, and the figures of what came of it.

`make faults` makes every fault as often as counts.py says; `make test` a few times the quick ones.
"""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.engine.images import have_busybox
from tests.faults.counts import IS_FULL, TIMES, times
from tests.faults.figures import Told
from tests.faults.harness import Faults
from tests.stack import Stack

LONGEST = 3600  # seconds for one test at full count
TOLD = Told()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what is not in the short selection, and gives the full one its time."""
    ours = [item for item in items if "tests.faults." in f"{item.module.__name__}."]  # type: ignore[attr-defined]
    left_out = [item for item in ours if item.originalname in TIMES and not times(item.originalname)]  # type: ignore[attr-defined]
    for item in ours:
        item.add_marker(pytest.mark.containers)
        item.add_marker(pytest.mark.faults)
        if IS_FULL:
            item.add_marker(pytest.mark.timeout(LONGEST))
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The figures, below all else."""
    if TOLD.rows:
        terminalreporter.section("Faults")
        for line in TOLD.table():
            terminalreporter.write_line(line)


@pytest.fixture
def count(request: pytest.FixtureRequest) -> int:
    """How often this test makes its fault."""
    return times(request.function.__name__)


@pytest.fixture
def note(request: pytest.FixtureRequest, count: int) -> Callable[..., None]:
    """Tells the figures of this test."""
    case = request.node.name.removeprefix("test_").replace("_", " ")

    def tell(of: str = "", **figures: float | int | str) -> None:
        TOLD.note(f"{case}: {of}" if of else case, count, figures)

    return tell


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Redis, web, worker and beat."""
    have_busybox()
    with Stack(tmp_path_factory.mktemp("faults")) as stack:
        yield stack


@pytest.fixture(scope="package")
def http(stack: Stack) -> Iterator[httpx.Client]:
    """The API, as the owner."""
    with stack.client() as client:
        yield client


@pytest.fixture(scope="package")
def _faults(stack: Stack, http: httpx.Client) -> Iterator[Faults]:
    faults = Faults(stack, http)
    yield faults
    faults.staff()
    faults.have_swept()


@pytest.fixture
def faults(_faults: Faults) -> Iterator[Faults]:
    """What can be done to the stack. A worker that a failed test left dead is forgotten."""
    yield _faults
    for name in _faults.workers:
        if _faults.stack.processes[name].poll() is not None:
            _faults.stack.processes.pop(name)
