"""Changing the library: the built-in steps, and those that a workspace adds."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from composer.accounts.models import Workspace
from composer.catalog.manifest import Manifest, ManifestError, builtin, parse_manifest, version_key
from composer.catalog.models import Step, StepVersion
from composer.catalog.registries import registry_problem


class VersionTaken(Exception):
    """This version exists and says something else."""


@transaction.atomic
def install_builtin_steps() -> int:
    """Brings the built-in steps into the library; returns how many versions were new."""
    rows = Step.objects.filter(workspace=None).select_related("newest").prefetch_related("versions")
    known = {step.slug: step for step in rows}
    return sum(
        _install(None, manifest, replace=True)
        for manifest in builtin()
        if not _is_installed(known.get(manifest.slug), manifest)
    )


def _is_installed(step: Step | None, manifest: Manifest) -> bool:
    if step is None or step.newest is None or step.words != _words(step.newest.manifest):
        return False
    data = manifest.to_json()
    return any(each.version == manifest.version and each.manifest == data for each in step.versions.all())


@transaction.atomic
def add_step(workspace: Workspace, data: object, *, registries: Iterable[str]) -> StepVersion:
    """Adds a manifest to a workspace's library. Raises ManifestError, VersionTaken."""
    manifest = parse_manifest(data)
    if manifest.image is None:
        raise ManifestError(
            [("image", "Name the image that the step runs; only a step folder can be built.")]
        )
    if problem := registry_problem(manifest.image, registries):
        raise ManifestError([("image", problem)])
    if Step.objects.filter(workspace=None, slug=manifest.slug).exists():
        raise ManifestError([("slug", f"“{manifest.slug}” is a built-in step. Choose another name.")])
    _install(workspace, manifest, replace=False)
    return StepVersion.objects.select_related("step").get(
        step__workspace=workspace, step__slug=manifest.slug, version=manifest.version
    )


def _install(workspace: Workspace | None, manifest: Manifest, *, replace: bool) -> bool:
    """Adds one version; True where it is new. `replace`: our own manifests may be mended in place."""
    step, _ = Step.objects.get_or_create(workspace=workspace, slug=manifest.slug)
    # Held until the transaction ends: of two versions that come at once, the later sees the other one.
    Step.objects.filter(id=step.id).update(words=F("words"))
    data = manifest.to_json()
    version, new = StepVersion.objects.get_or_create(
        step=step, version=manifest.version, defaults={"manifest": data}
    )
    if not new and version.manifest != data:
        if not replace:
            raise VersionTaken(
                f"Version {manifest.version} of “{manifest.slug}” exists and says something else. "
                "A version never changes: raise the number."
            )
        version.manifest, version.created_at = data, timezone.now()
        version.save(update_fields=["manifest", "created_at"])
    _choose_newest(step)
    return new


def _choose_newest(step: Step) -> None:
    newest = max(step.versions.all(), key=lambda version: version_key(version.version))
    words = _words(newest.manifest)
    if step.newest_id != newest.id or step.words != words:
        step.newest, step.words = newest, words
        step.save(update_fields=["newest", "words"])


def _words(manifest: dict[str, object]) -> str:
    """All that a search may find a step by."""
    tags = manifest.get("tags")
    parts = [manifest.get("slug"), manifest.get("title"), manifest.get("summary"), manifest.get("category")]
    parts += tags if isinstance(tags, list) else []
    return " ".join(str(part) for part in parts if part).casefold()
