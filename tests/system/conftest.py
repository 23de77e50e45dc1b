"""One whole Composer for all these tests. Its web process is kept away from the container engine."""

from collections.abc import Iterator, Mapping

import httpx
import pytest

from tests.engine.images import have_busybox
from tests.stack import Stack
from tests.system.flows import Flows

NO_ENGINE = "unix:///nonexistent/docker.sock"


class ApartStack(Stack):
    """A stack whose web process has no way to the container engine, as where the two are kept apart."""

    def start(self, name: str, command: list[str], environment: Mapping[str, str] | None = None) -> None:
        """Starts one process; only web is told that the engine is where nothing is."""
        apart = {"DOCKER_HOST": NO_ENGINE} if name == "web" else {}
        super().start(name, command, {**(environment or {}), **apart})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of them need the engine; that need not be said in each file."""
    for item in items:
        if "tests.system." in f"{item.module.__name__}.":  # type: ignore[attr-defined]
            item.add_marker(pytest.mark.containers)


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Redis, web, worker and beat. Whatever the tests do to them, none of it may be a fault of theirs."""
    have_busybox()
    with ApartStack(tmp_path_factory.mktemp("system")) as stack:
        yield stack
        faults = {name: stack.log(name) for name in ("web", "worker", "beat")}
    assert not {name: log for name, log in faults.items() if "Traceback" in log}


@pytest.fixture(scope="package")
def http(stack: Stack) -> Iterator[httpx.Client]:
    """The API, as the owner."""
    with stack.client() as client:
        yield client


@pytest.fixture(scope="package")
def flows(stack: Stack, http: httpx.Client) -> Flows:
    """Makes workflows of shell scripts, and runs them."""
    return Flows(stack, http)
