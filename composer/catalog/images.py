"""Builds the images of the built-in steps, and those of authors' own steps.

Two layers: Debian with a few packages, which takes half a minute and hardly ever changes, and
the programs above it, which take a second. The tag holds a hash of all that goes in, so what
is built already is not built again. docs/decisions/0003-step-images.md says why it is done so.
"""

import hashlib
import io
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from composer.catalog.debian import OFFICIAL, debian_with
from composer.catalog.docker_cli import docker, image_id
from composer.catalog.manifest import STEPS, Manifest, builtin

RECIPES = STEPS / "_images"
STABLE = "1"  # the tag that manifests name: composer/steps-basic:1

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Recipe:
    """One shared image: its packages, and the files that go over them."""

    name: str
    packages: tuple[str, ...]
    files: tuple[tuple[str, Path], ...]  # name in the build, source

    @property
    def reference(self) -> str:
        """What manifests call it."""
        return f"composer/steps-{self.name}:{STABLE}"

    @property
    def built(self) -> str:
        """The exact image: another tag for any other content."""
        return f"composer/steps-{self.name}:{_digest([*self.packages, *_contents(self.files)])}"


def recipes() -> list[Recipe]:
    """The shared images, from the folders in steps/_images."""
    return [_recipe(folder) for folder in sorted(RECIPES.iterdir()) if (folder / "Dockerfile").is_file()]


def build_all(
    first: Sequence[str] = (), *, only: Sequence[str] | None = None, progress: Progress = print
) -> list[str]:
    """Sees to it that the images of the built-in steps are there; returns their references.

    The images of the steps in `first` come first; with `only`, no others are built.
    Raises DockerFailed with a sentence for the person.
    """
    manifests = {manifest.slug: manifest for manifest in builtin()}
    slugs = [*first, *(only if only is not None else manifests)]
    unknown = [slug for slug in slugs if slug not in manifests]
    if unknown:
        raise ValueError(f"There is no built-in step “{unknown[0]}”.")
    by_reference = {recipe.reference: recipe for recipe in recipes()}
    wanted = dict.fromkeys(manifests[slug].image or "" for slug in slugs)
    for reference in wanted:
        ensure(by_reference[reference], progress)
    return list(wanted)


def ensure(recipe: Recipe, progress: Progress) -> None:
    """Builds the image unless it is there, and lets the stable tag point to it."""
    built = image_id(recipe.built)
    if built is None:
        base = debian_with(recipe.packages, progress)
        progress(f"Building {recipe.reference}")
        _build(recipe, base)
    elif built == image_id(recipe.reference):
        return
    docker("tag", recipe.built, recipe.reference)


def build_step(folder: Path, manifest: Manifest, progress: Progress) -> str:
    """Builds the image of an author's step from the Dockerfile its manifest names."""
    source = folder / (manifest.build or ".")
    dockerfile = source / "Dockerfile"
    if not dockerfile.is_file():
        raise FileNotFoundError(f"There is no Dockerfile in {source}. Write one, or name an image.")
    files = sorted((str(path.relative_to(source)), path) for path in source.rglob("*") if path.is_file())
    tag = f"composer/step-{manifest.slug}:{_tag(manifest.version)}-{_digest(_contents(files))}"
    if image_id(tag) is None:
        arguments = []
        if "ARG BASE" in dockerfile.read_text():
            arguments = ["--build-arg", f"BASE={_any_debian(progress)}"]
        progress(f"Building {tag}")
        docker("build", "--quiet", "--tag", tag, *arguments, str(source))
    return tag


def _any_debian(progress: Progress) -> str:
    """Debian for an author's step: the official one, else the one of the built-in steps."""
    return OFFICIAL if image_id(OFFICIAL) else debian_with(recipes()[0].packages, progress)


def _recipe(folder: Path) -> Recipe:
    packages = tuple((folder / "packages").read_text().split())
    shared = [
        (str(path.relative_to(folder)), path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".pyc" and path.name != "packages"
    ]
    reference = f"composer/steps-{folder.name}:{STABLE}"
    slugs = [manifest.slug for manifest in builtin() if manifest.image == reference]
    programs = [(f"bin/{slug}", STEPS / slug / f"{slug.replace('-', '_')}.py") for slug in slugs]
    return Recipe(folder.name, packages, (*shared, *programs))


def _build(recipe: Recipe, base: str) -> None:
    with tempfile.TemporaryFile() as context:
        with tarfile.open(fileobj=context, mode="w") as archive:
            for name, source in recipe.files:
                content = source.read_bytes()
                entry = tarfile.TarInfo(name)
                entry.size, entry.mode = len(content), 0o755 if name.startswith("bin/") else 0o644
                archive.addfile(entry, io.BytesIO(content))
        context.seek(0)
        docker("build", "--quiet", "--tag", recipe.built, "--build-arg", f"BASE={base}", "-", stdin=context)


def _contents(files: Iterable[tuple[str, Path]]) -> Iterable[bytes | str]:
    for name, source in files:
        yield name
        yield source.read_bytes()


def _digest(parts: Iterable[bytes | str]) -> str:
    total = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        total.update(len(raw).to_bytes(8) + raw)
    return total.hexdigest()[:12]


def _tag(version: str) -> str:
    return version.replace("+", "_")  # a tag has no plus
