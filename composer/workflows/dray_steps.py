"""Brings the steps of a translated job into a workspace's library, each thing once.

The same job again adds nothing: what is there with the same content is used. What has changed
becomes the next version of its step, so workflows that were imported before keep what they mean.
"""

from dataclasses import replace
from itertools import count

from django.conf import settings

from composer.accounts.models import Workspace
from composer.catalog.manifest import Manifest, ManifestError, version_key
from composer.catalog.models import Step
from composer.catalog.selectors import find_step, manifest_of
from composer.catalog.services import VersionTaken, add_step
from composer.engine.graph import Problem
from composer.web.problems import Conflict, Refused
from composer.workflows.dray import Job


class MayNotAddSteps(Exception):
    """The library has not all the steps of the job, and whoever imports it may not add any."""


def add_steps(workspace: Workspace, job: Job, *, may_add: bool) -> list[tuple[str, str]]:
    """Name and version of each step, in order. Raises Refused, Conflict, MayNotAddSteps."""
    chosen: dict[str, Manifest] = {}  # by name: what it means in this job
    placed: list[tuple[str, str]] = []
    found: list[Problem] = []
    for place, manifest in enumerate(job.manifests):
        wanted, is_new = _settle(workspace, manifest, chosen)
        chosen[wanted.slug] = wanted
        placed.append((wanted.slug, wanted.version))
        if is_new and not may_add:
            raise MayNotAddSteps
        if is_new:
            found += _add(workspace, wanted, f"steps.{place}.source")
    if found:
        raise Refused(found)
    return placed


def _add(workspace: Workspace, manifest: Manifest, field: str) -> list[Problem]:
    try:
        add_step(workspace, manifest.to_json(), registries=settings.COMPOSER_ALLOWED_REGISTRIES)
    except ManifestError as error:
        return [Problem(words, field=field) for _, words in error.problems]
    except VersionTaken as error:
        raise Conflict("Somebody else is importing this job at this moment. Try again.") from error
    return []


def _settle(workspace: Workspace, manifest: Manifest, chosen: dict[str, Manifest]) -> tuple[Manifest, bool]:
    """The manifest under the name and version that it has in the library, or will have; whether it is new."""
    for number in count(1):
        slug = manifest.slug if number == 1 else f"{manifest.slug}-{number}"
        wanted = replace(manifest, slug=slug)
        if (before := chosen.get(slug)) is not None:
            if _is_same(before, wanted):
                return before, False
            continue  # another step of this job has that name
        step = find_step(workspace, slug)
        if step is None:
            return wanted, True
        known = [] if step.is_built_in else [manifest_of(version) for version in step.versions.all()]
        if not any(each.dray for each in known):
            continue  # somebody made it for something else
        same = next((each for each in known if _is_same(each, wanted)), None)
        return (same, False) if same else (replace(wanted, version=_next_version(step)), True)
    raise AssertionError("unreachable")


def _is_same(one: Manifest, other: Manifest) -> bool:
    return replace(one, version="") == replace(other, version="")


def _next_version(step: Step) -> str:
    newest = max(version_key(version.version) for version in step.versions.all())
    return f"{newest[0]}.{newest[1] + 1}.0"
