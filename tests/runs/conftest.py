"""Workflows and runs to try things on; a real Redis; a spool of the test's own."""

import itertools
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.test import Client


@pytest.fixture
def spool(settings: Any, tmp_path: Path) -> Any:
    """Where the test's runs keep their files."""
    from composer.engine.spool import Spool

    settings.COMPOSER_SPOOL = tmp_path / "spool"
    return Spool(settings.COMPOSER_SPOOL)


@pytest.fixture(autouse=True)
def _own_spool(spool: Any) -> None:
    """No test writes into another one's spool."""


@pytest.fixture
def redis_server(redis_url: str, settings: Any) -> Iterator[str]:
    """The channel layer speaks to that server."""
    from channels.layers import channel_layers

    from composer.runs import hints

    hints.close()  # it may speak to another server
    config = {"hosts": [redis_url], "prefix": "composer-test"}
    layers = {"default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": config}}
    settings.CHANNEL_LAYERS = layers
    before, channel_layers.backends = channel_layers.backends, {}
    yield redis_url
    hints.close()
    channel_layers.backends = before


@pytest.fixture
def owner(transactional_db: None) -> Any:
    """A person who may do everything."""
    from composer.accounts.services import bootstrap_owner

    return bootstrap_owner()


@pytest.fixture
def client(owner: Any) -> Client:
    """A browser in which the owner is signed in."""
    client = Client()
    client.force_login(owner)
    return client


@pytest.fixture
def owner_cookie(client: Client) -> dict[str, str]:
    """The owner's session."""
    return {name: morsel.value for name, morsel in client.cookies.items()}


@pytest.fixture
def new_workflow(owner: Any) -> Callable[..., Any]:
    """Makes workflows: the nodes stand in a line unless edges are given."""
    from composer.catalog.services import add_step
    from composer.workflows import services

    names = (f"test-step-{number}" for number in itertools.count(1))

    def make(
        *nodes: str,
        edges: Sequence[tuple[str, str]] | None = None,
        gives: str = "any",
        takes: str = "any",
        name: str = "Test",
        workspace: Any = None,
        **values: Any,
    ) -> Any:
        workspace = workspace or owner.workspace
        slug = next(names)
        add_step(workspace, manifest(slug, gives, takes), registries=["docker.io"])
        pairs = itertools.pairwise(nodes) if edges is None else edges
        graph = {
            "nodes": [{"id": node, "step": slug} for node in nodes],
            "edges": [{"id": f"{a}-{b}", "source": a, "target": b} for a, b in pairs],
        }
        return services.create(workspace, {"name": name, "graph": graph, **values}, draft=not nodes)

    return make


def manifest(slug: str, gives: str, takes: str = "any") -> dict[str, Any]:
    """A step that passes on what it gets."""
    return {
        "slug": slug,
        "version": "1.0.0",
        "title": "Pass on",
        "image": "composer-test/busybox:1",
        "command": ["cat"],
        "takes": takes,
        "gives": gives,
    }


@pytest.fixture
def workflow(new_workflow: Callable[..., Any]) -> Any:
    """Two steps in a row."""
    return new_workflow("a", "b")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[uuid.UUID]:
    """The runs that workers were told of; none of them is."""
    told: list[uuid.UUID] = []
    monkeypatch.setattr("composer.runs.dispatch.send", lambda run_id, *_: told.append(run_id))
    return told


@pytest.fixture
def new_run(
    new_workflow: Callable[..., Any], owner: Any, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Any]:
    """Makes queued runs that nobody was told of."""
    from composer.runs import dispatch, services

    def make(*nodes: str, **values: Any) -> Any:
        workflow = new_workflow(*nodes, **values)
        with monkeypatch.context() as quiet:
            quiet.setattr(dispatch, "send", lambda *run: None)
            return services.create_run(workflow, user=owner)

    return make


@pytest.fixture
def new_foreign_run(new_run: Callable[..., Any]) -> Callable[[], Any]:
    """Makes a run in a workspace that the owner is not in."""
    from composer.accounts.models import Workspace

    return lambda: new_run("a", workspace=Workspace.objects.create(name="Others"))
