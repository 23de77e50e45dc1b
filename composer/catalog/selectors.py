"""Reading the library: one step, the newest version of each, and the search."""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from django.db.models import Prefetch, Q, QuerySet

from composer.accounts.models import Workspace
from composer.catalog.manifest import Manifest, parse_manifest, version_key
from composer.catalog.models import Step, StepVersion


def steps_of(workspace: Workspace) -> QuerySet[Step]:
    """What this workspace sees: the built-in steps and its own."""
    numbers = StepVersion.objects.only("step", "version", "created_at")  # manifests are large
    seen = _visible(workspace).exclude(newest=None).select_related("newest")
    return seen.prefetch_related(Prefetch("versions", numbers))


def _visible(workspace: Workspace) -> QuerySet[Step]:
    """A step of the workspace's own hides one that was built in later under its name."""
    own = Step.objects.filter(workspace=workspace)
    return Step.objects.filter(Q(workspace=workspace) | Q(workspace=None) & ~Q(slug__in=own.values("slug")))


def find_step(workspace: Workspace, slug: str) -> Step | None:
    """The step of that name."""
    return steps_of(workspace).filter(slug=slug).first()


def find_version(workspace: Workspace, slug: str, version: str | None) -> StepVersion | None:
    """That version of a step, or the newest where None is asked for."""
    return find_versions(workspace, [(slug, version)]).get((slug, version))


def find_versions(
    workspace: Workspace, wanted: Sequence[tuple[str, str | None]]
) -> dict[tuple[str, str | None], StepVersion]:
    """Many at once, in one query; what does not exist is missing in the answer."""
    steps = _visible(workspace).filter(slug__in={slug for slug, _ in wanted})
    named = Q(step__in=steps, version__in={version for _, version in wanted if version})
    rows = StepVersion.objects.filter(named | Q(id__in=steps.values("newest"))).select_related("step")
    found: dict[tuple[str, str | None], StepVersion] = {}
    for version in rows:
        found[version.step.slug, version.version] = version
        if version.step.newest_id == version.id:
            found[version.step.slug, None] = version
    return {key: found[key] for key in wanted if key in found}


@lru_cache(maxsize=1_000)
def _parsed(version_id: int, written_at: datetime) -> Manifest:
    return parse_manifest(StepVersion.objects.values_list("manifest", flat=True).get(id=version_id))


def manifest_of(version: StepVersion) -> Manifest:
    """A version's manifest, read once in each process for as long as it stands as it was written."""
    return _parsed(version.pk, version.created_at)


def versions_of(step: Step) -> list[str]:
    """All versions of a step, the newest first."""
    return sorted((version.version for version in step.versions.all()), key=version_key, reverse=True)


def search(steps: Sequence[Step], text: str) -> list[Step]:
    """The steps that hold every word, best first: the title counts most, then tags, then the rest."""
    words = [word for word in text.casefold().split() if word]
    if not words:
        return list(steps)
    ranked = [(score, step) for step in steps if (score := _score(step, words))]
    ranked.sort(key=lambda pair: (-pair[0], pair[1].slug))
    return [step for _, step in ranked]


#: Words that people write around what they mean.
_FILLER = re.compile(r"an?|and|as|at|by|do|for|from|how|i|in|into|is|it|me|my|of|on|or|that|the|to|want|with")


def _score(step: Step, words: list[str]) -> int:
    assert step.newest is not None
    title = str(step.newest.manifest.get("title", "")).casefold()
    tags = " ".join(step.newest.manifest.get("tags") or ()).casefold()
    total, meant = 0, [word for word in words if not _FILLER.fullmatch(word)] or words
    for word in meant:
        stem = word[:-1] if word.endswith("s") and len(word) > 3 else word
        if stem in title:
            total += 5
        elif stem in tags:
            total += 3
        elif stem in step.words:
            total += 1
        elif len(meant) == 1:
            return 0
    found = sum(1 for word in meant if word.rstrip("s") in step.words)
    return total if found * 3 >= len(meant) else 0
