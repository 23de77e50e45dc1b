"""What every test stands on: a state folder and a database file of its own, and somebody signed in."""

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ports import free_port
from tests.stack import redis_server as redis_command

#: Folders whose tests share one whole Composer.
SHARING = ("e2e", "faults", "system")
#: What takes longest comes first, so that no process is left alone with it at the end.
LONGEST = (*SHARING, "test_thousand", "test_worker_process", "test_armed")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where several processes test at once, what shares something stays in one of them."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))
    items.sort(key=lambda item: LONGEST.index(_group(item)) if _group(item) in LONGEST else len(LONGEST))


def _group(item: pytest.Item) -> str:
    return next((name for name in SHARING if name in item.path.parent.parts), item.path.stem)


@pytest.fixture(scope="session")
def state_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `var/` is to an installation."""
    return tmp_path_factory.mktemp("var")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, state_folder: Path
) -> None:
    """A real file in WAL, as in an installation: threads and processes can share it.

    On a server each process that tests has a database of its own name.
    """
    from django.db import connections

    described = connections["default"].settings_dict
    if described["ENGINE"].endswith("sqlite3"):
        described["TEST"]["NAME"] = str(state_folder / "composer.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """PostgreSQL lets go of no database that somebody is connected to, and threads of tests still are."""
    from django.db import connection

    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True)
def _own_state(settings: Any, state_folder: Path) -> None:
    """No test touches the installation that this working copy may be running."""
    settings.COMPOSER_VAR = state_folder
    settings.COMPOSER_SPOOL = state_folder / "spool"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick is enough here


@pytest.fixture
def owner(db: None) -> Any:
    """A person who may do everything in their workspace."""
    from composer.accounts.services import bootstrap_owner

    return bootstrap_owner()


@pytest.fixture
def member(owner: Any) -> Callable[..., Any]:
    """Makes people with other roles, in the owner's workspace unless another is given."""
    from composer.accounts.models import Membership, User

    def make(role: str, workspace: Any = None) -> Any:
        number = User.objects.count()
        user = User.objects.create_user(f"{role}{number}@example.org", f"{role} {number}".title())
        Membership.objects.create(user=user, workspace=workspace or owner.workspace, role=role)
        return user

    return make


@pytest.fixture
def stranger(owner: Any, member: Callable[..., Any]) -> Any:
    """The owner of another workspace."""
    from composer.accounts.models import Workspace

    return member("owner", Workspace.objects.create(name="Others"))


@pytest.fixture
def api_of() -> Callable[[Any], Any]:
    """A program that calls the API with a token of the given person."""
    from rest_framework.test import APIClient

    from composer.accounts.services import create_token

    def make(user: Any) -> APIClient:
        client = APIClient(raise_request_exception=False)
        client.credentials(HTTP_AUTHORIZATION=f"Token {create_token(user)}")
        return client

    return make


@pytest.fixture
def api(owner: Any, api_of: Callable[[Any], Any]) -> Any:
    """A program that calls the API as the owner."""
    return api_of(owner)


@pytest.fixture(scope="session")
def manifests() -> Any:
    """The manifests of the built-in steps, read once."""
    from composer.catalog.manifest import builtin

    return builtin()


@pytest.fixture
def library(owner: Any, manifests: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The built-in steps."""
    from composer.catalog import services

    with monkeypatch.context() as once:
        once.setattr(services, "builtin", lambda: manifests)
        services.install_builtin_steps()


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real server, for all tests of this process."""
    folder, port = tmp_path_factory.mktemp("redis"), free_port()
    flags = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with subprocess.Popen([*redis_command(), *flags], stdout=subprocess.DEVNULL) as process:
        import redis

        with redis.Redis(port=port) as client:
            for _ in range(100):
                try:
                    client.ping()
                    break
                except redis.ConnectionError:
                    time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
        process.terminate()


@pytest.fixture(autouse=True)
def _mask_stays() -> Iterator[None]:
    """A mask of files that a test leaves behind goes on in those after it, and nobody finds out why."""
    before = _mask()
    yield
    assert _mask() == before


def _mask() -> str:
    """Of this process. Only the kernel can tell without changing it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(line for line in lines if line.startswith("Umask:"))
