"""Steps come into the library: built in, and added by a workspace."""

import dataclasses
import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from composer.catalog import services
from composer.catalog.manifest import builtin
from composer.catalog.models import Step, StepVersion
from composer.catalog.selectors import (
    find_step,
    find_version,
    find_versions,
    manifest_of,
    steps_of,
    versions_of,
)
from composer.engine.graph_parse import MAX_VERSION, parse
from composer.workflows import services as workflows

pytestmark = pytest.mark.django_db

MANIFEST: dict[str, Any] = {
    "slug": "count-words",
    "version": "1.0.0",
    "title": "Count words",
    "image": "debian:bookworm-slim",
    "command": ["wc", "-w"],
    "takes": "text",
    "gives": "text",
}


def add(owner: Any, **changes: Any) -> StepVersion:
    return services.add_step(owner.workspace, {**MANIFEST, **changes}, registries=["docker.io"])


def test_the_built_in_steps_are_there_for_everybody(library: None, owner: Any, stranger: Any) -> None:
    for workspace in (owner.workspace, stranger.workspace):
        for manifest in builtin():
            found = find_version(workspace, manifest.slug, manifest.version)
            assert found is not None
            assert found.manifest == manifest.to_json()


def test_installing_again_changes_nothing(library: None) -> None:
    before = list(StepVersion.objects.order_by("id").values())
    assert services.install_builtin_steps() == 0
    assert list(StepVersion.objects.order_by("id").values()) == before


def test_a_manifest_of_ours_that_was_mended_is_read_anew(
    library: None, owner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = builtin()[0]

    def title() -> str:
        found = find_version(owner.workspace, first.slug, None)
        assert found is not None
        return manifest_of(found).title

    assert title() == first.title
    monkeypatch.setattr(services, "builtin", lambda: [dataclasses.replace(first, title="Mended")])
    assert services.install_builtin_steps() == 0
    assert title() == "Mended"


def test_a_newer_release_adds_its_versions_and_keeps_the_old(
    library: None, owner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = builtin()[0]
    newer = dataclasses.replace(first, version="1.10.0", title="Better")
    monkeypatch.setattr(services, "builtin", lambda: [newer])
    assert services.install_builtin_steps() == 1
    newest = find_version(owner.workspace, first.slug, None)
    assert newest is not None
    assert newest.manifest["title"] == "Better"
    assert find_version(owner.workspace, first.slug, first.version) is not None


def test_the_newest_version_is_the_highest_and_not_the_last_added(owner: Any) -> None:
    for version in ("1.9.0", "1.10.0", "1.2.0"):
        add(owner, version=version, title=f"Version {version}")
    step = Step.objects.get(slug="count-words")
    assert step.newest is not None
    assert step.newest.version == "1.10.0"
    assert versions_of(step) == ["1.10.0", "1.9.0", "1.2.0"]


def test_a_step_of_the_workspace_hides_one_that_is_built_in_later_under_its_name(
    owner: Any, stranger: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(owner, title="Ours")
    shipped = dataclasses.replace(builtin()[0], slug="count-words", version="2.0.0", title="Shipped")
    monkeypatch.setattr(services, "builtin", lambda: [shipped])
    services.install_builtin_steps()
    for workspace, title in ((owner.workspace, "Ours"), (stranger.workspace, "Shipped")):
        version, step = find_version(workspace, "count-words", None), find_step(workspace, "count-words")
        assert version is not None
        assert step is not None
        assert step.newest is not None
        assert (version.manifest["title"], step.newest.manifest["title"]) == (title, title)
        assert [each.slug for each in steps_of(workspace)] == ["count-words"]


def test_only_the_manifests_that_are_asked_for_are_read(owner: Any) -> None:
    for number in range(5):
        add(owner, version=f"1.{number}.0", summary=f"The one of number {number}")
    with CaptureQueriesContext(connection) as asked:
        assert find_versions(owner.workspace, [("count-words", "1.1.0"), ("count-words", None)]).keys() == {
            ("count-words", "1.1.0"),
            ("count-words", None),
        }
    assert len(asked) == 1
    with connection.cursor() as cursor:
        cursor.execute(asked[0]["sql"])
        assert len(cursor.fetchall()) == 2
    with CaptureQueriesContext(connection) as asked:
        assert [len(versions_of(step)) for step in steps_of(owner.workspace)] == [5]
    assert ["manifest" in each["sql"] for each in asked] == [True, False]  # the newest, not all


@pytest.mark.django_db(transaction=True)
def test_of_two_that_come_at_once_the_higher_is_the_newest(owner: Any) -> None:
    add(owner)

    def lower() -> None:
        add(owner, version="1.1.0")
        connection.close()

    other = threading.Thread(target=lower)
    with transaction.atomic():
        add(owner, version="1.2.0")
        other.start()
        other.join(1)  # it can do no more than wait
    other.join()
    step = Step.objects.select_related("newest").get(slug="count-words")
    assert step.newest is not None
    assert (step.newest.version, versions_of(step)) == ("1.2.0", ["1.2.0", "1.1.0", "1.0.0"])


def test_the_same_again_is_no_change(owner: Any) -> None:
    assert add(owner).id == add(owner).id


def test_a_version_never_changes(owner: Any) -> None:
    add(owner)
    with pytest.raises(services.VersionTaken, match="raise the number"):
        add(owner, title="Another")
    assert StepVersion.objects.get().manifest["title"] == "Count words"


def test_the_longest_version_of_a_step_is_one_that_a_workflow_can_name(owner: Any) -> None:
    version = f"1.0.0-{'x' * 30}+{'y' * (MAX_VERSION - 37)}"
    assert len(add(owner, version=version).version) == MAX_VERSION
    made = workflows.create(owner.workspace, {"graph": {"nodes": [{"id": "a", "step": "count-words"}]}})
    assert parse(made.graph).node("a").version == version


def test_a_step_of_one_workspace_is_not_in_another(owner: Any, stranger: Any) -> None:
    add(owner)
    assert find_version(stranger.workspace, "count-words", None) is None
    services.add_step(stranger.workspace, {**MANIFEST, "title": "Theirs"}, registries=["docker.io"])
    mine = find_version(owner.workspace, "count-words", None)
    assert mine is not None
    assert mine.manifest["title"] == "Count words"
