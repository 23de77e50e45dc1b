"""A run as the engine gets it: settings become an environment, limits are filled in, secrets opened."""

from collections.abc import Callable
from typing import Any

import pytest

from composer.accounts.services import add_connection
from composer.catalog.services import add_step
from composer.engine.ports import StepSpec
from composer.engine.spool import Spool
from composer.engine.states import Status
from composer.runs import leases, services
from composer.runs.intake import Given
from composer.runs.journal import DatabaseJournal
from composer.runs.models import Run
from composer.runs.resolve import Unresolvable, records, resolve
from composer.workflows.services import create

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def resolved(owner: Any, spool: Spool) -> Callable[..., StepSpec]:
    """The one node of a workflow, with the given manifest and node keys, as the engine gets it."""

    def make(manifest: dict[str, Any], **node: Any) -> StepSpec:
        base = {
            "slug": "probe",
            "version": "1.0.0",
            "title": "Probe",
            "image": "busybox:1",
            "command": ["cat"],
        }
        add_step(owner.workspace, {**base, **manifest}, registries=["docker.io", "quay.io"])
        graph = {"nodes": [{"id": "n", "step": "probe", **node}], "edges": []}
        run = services.create_run(create(owner.workspace, {"name": "Probe", "graph": graph}), user=owner)
        return resolve(run, spool).steps["n"]

    return make


def test_settings_become_variables(resolved: Callable[..., StepSpec]) -> None:
    properties = {
        "town": {"type": "string", "title": "Town"},
        "deep": {"type": "boolean", "title": "Deep", "default": True},
        "count": {"type": "integer", "title": "Count"},
    }
    manifest = {"params": {"type": "object", "properties": properties}, "env": {"LANG": "C.UTF-8"}}
    found = resolved(manifest, params={"town": "Größe\nx", "count": 3})
    assert found.environment == {"LANG": "C.UTF-8", "TOWN": "Größe\nx", "DEEP": "true", "COUNT": "3"}


def test_limits_of_the_node_win_over_those_of_the_step(resolved: Callable[..., StepSpec]) -> None:
    manifest = {"limits": {"memory": "64m", "seconds": 10}}
    found = resolved(manifest, limits={"seconds": 3, "output": "1k"}).limits
    assert (found.memory, found.seconds, found.output) == (64 * 1024 * 1024, 3, 1024)


def test_a_program_is_what_the_manifest_says(resolved: Callable[..., StepSpec]) -> None:
    manifest = {"entrypoint": ["/bin/sh", "-c"], "command": ["exit 3"], "user": "1000", "network": "internet"}
    found = resolved({**manifest, "writable": True, "takes": "nothing"}, title="Mine")
    assert (found.entrypoint, found.command) == (("/bin/sh", "-c"), ("exit 3",))
    assert (found.user, found.network, found.writable) == ("1000", "internet", True)
    assert (found.title, found.reads_input, found.repeatable) == ("Mine", False, True)


def test_secrets_are_opened_here_and_are_in_no_environment(
    owner: Any, resolved: Callable[..., StepSpec]
) -> None:
    connection = add_connection(owner.workspace, "Mail", "hunter2")
    manifest = {"secrets": [{"name": "SMTP_PASSWORD", "title": "Password"}]}
    found = resolved(manifest, connections={"SMTP_PASSWORD": str(connection.id)})
    assert found.secrets == {"SMTP_PASSWORD": "hunter2"}
    assert "hunter2" not in repr(found)
    assert "hunter2" not in str(found.environment)


def test_a_secret_that_is_gone_is_told_by_name(owner: Any, resolved: Callable[..., StepSpec]) -> None:
    manifest = {"secrets": [{"name": "SMTP_PASSWORD", "title": "Password"}]}
    connection = add_connection(owner.workspace, "Mail", "hunter2")
    chosen = str(connection.id)
    connection.delete()
    with pytest.raises(Unresolvable, match="Password") as told:
        resolved(manifest, connections={"SMTP_PASSWORD": chosen})
    assert told.value.node == "n"


@pytest.mark.parametrize(
    ("image", "allowed", "may_pull"),
    [
        ("busybox:1", ["docker.io"], True),
        ("library/busybox", ["docker.io"], True),
        ("quay.io/a/b:1", ["docker.io"], False),
        ("quay.io/a/b:1", ["quay.io"], True),
    ],
)
def test_only_images_of_allowed_registries_are_fetched(
    resolved: Callable[..., StepSpec], settings: Any, image: str, allowed: list[str], may_pull: bool
) -> None:
    settings.COMPOSER_ALLOWED_REGISTRIES = allowed
    assert resolved({"image": image}).may_pull is may_pull


def test_a_pinned_image_is_used(new_run: Callable[..., Run], spool: Spool) -> None:
    run = new_run("a")
    version = run.steps.get().step_version
    version.image_digest = "busybox@sha256:" + "0" * 64
    version.save()
    assert resolve(run, spool).steps["a"].image == version.image_digest


def test_the_input_is_handed_on_if_there_is_one(new_run: Callable[..., Run], spool: Spool) -> None:
    run = new_run("a")
    assert resolve(run, spool).input is None
    spool.input(str(run.id)).parent.mkdir(parents=True)
    spool.input(str(run.id)).touch()
    assert resolve(run, spool).input == spool.input(str(run.id))


def test_records_say_where_each_node_stands(new_run: Callable[..., Run]) -> None:
    from composer.engine.events import GateClaimed

    run = new_run("a", "b")
    DatabaseJournal(run.id, leases.claim(run.id, "me") or 0).commit(GateClaimed("a", 1, 0))
    found = records(run)
    assert (found["a"].status, found["a"].claimed) == (Status.RUNNING, True)
    assert (found["b"].status, found["b"].claimed) == (Status.QUEUED, False)


def test_a_run_whose_input_is_gone_is_refused_and_never_runs_on_nothing(
    new_workflow: Callable[..., Any], spool: Spool
) -> None:
    run = services.create_run(new_workflow("a"), given=Given("text", "", [b"words"]))
    assert resolve(run, spool).input == spool.input(str(run.id))
    spool.input(str(run.id)).write_bytes(b"word")
    with pytest.raises(Unresolvable, match="no longer all there") as caught:
        resolve(run, spool)
    assert caught.value.failure.kind == "input"
    spool.input(str(run.id)).unlink()
    with pytest.raises(Unresolvable, match="no longer all there"):
        resolve(run, spool)
