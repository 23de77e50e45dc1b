"""Images of steps: built once, again only when something in them changed, with or without a registry."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from composer.catalog import debian
from composer.catalog.check import Checker
from composer.catalog.docker_cli import DockerFailed, attempt, docker, image_id
from composer.catalog.images import Recipe, build_all, build_step, ensure, recipes
from composer.catalog.manifest import builtin, load
from tests.engine.images import have_bare, have_busybox

GUIDE = Path(__file__).parents[2] / "docs/step-authors.md"


def silent(words: str) -> None:
    """Progress that nobody looks at."""


def test_every_builtin_step_runs_an_image_that_we_build() -> None:
    references = {recipe.reference for recipe in recipes()}
    assert {manifest.image for manifest in builtin()} <= references


def test_every_builtin_step_finds_its_program_in_its_image() -> None:
    programs = {name for recipe in recipes() for name, _ in recipe.files if name.startswith("bin/")}
    assert programs == {f"bin/{manifest.slug}" for manifest in builtin()}
    assert all(manifest.command == (manifest.slug,) for manifest in builtin())


def test_the_exact_tag_changes_with_whatever_goes_in(tmp_path: Path) -> None:
    program = tmp_path / "shout"
    program.write_text("one")
    recipe = Recipe("basic", ("python3",), (("bin/shout", program),))
    tags = {recipe.built, replace(recipe, packages=("python3", "jq")).built}
    tags.add(replace(recipe, files=(("bin/cry", program),)).built)
    program.write_text("two")
    tags.add(recipe.built)
    assert len(tags) == 4
    assert recipe.reference == "composer/steps-basic:1"


def test_a_step_that_is_not_builtin_cannot_be_built_by_its_slug() -> None:
    with pytest.raises(ValueError, match="no built-in step “shout”"):
        build_all(only=["shout"])


@pytest.mark.containers
def test_what_is_built_is_not_built_again() -> None:
    build_all(progress=silent)
    words: list[str] = []
    assert build_all(first=["make-words"], progress=words.append) == [each.reference for each in recipes()]
    assert words == []
    for recipe in recipes():
        assert image_id(recipe.reference) == image_id(recipe.built)


@pytest.fixture
def recipe() -> Iterator[Recipe]:
    """One of the tests' own, of which nothing is there: others use the tags of those that we have."""
    made = Recipe("of-a-test", (), ())
    attempt("rmi", made.reference, made.built)
    yield made
    attempt("rmi", made.reference, made.built)


@pytest.mark.containers
@pytest.mark.parametrize("instead", ["nothing", "another image"])
def test_a_stable_tag_that_was_lost_comes_back_without_a_build(recipe: Recipe, instead: str) -> None:
    docker("tag", have_busybox(), recipe.built)
    if instead == "another image":
        docker("tag", have_bare(), recipe.reference)
    assert image_id(recipe.reference) != image_id(recipe.built)
    words: list[str] = []
    ensure(recipe, words.append)
    assert words == []
    assert image_id(recipe.reference) == image_id(recipe.built) == image_id(have_busybox())


def fake(folder: Path, name: str, script: str) -> None:
    """A program of that name on PATH that writes down how it was called."""
    program = folder / name
    program.write_text(f'#!/bin/sh\necho "{name} $*" >> {folder}/calls\n{script}\n')
    program.chmod(0o755)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Only these programs are there, and the engine has no image."""
    fake(
        tmp_path,
        "docker",
        'case "$1" in image) echo "No such image" >&2; exit 1;; import) echo sha256:1;; esac',
    )
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


def calls(folder: Path) -> list[str]:
    return (folder / "calls").read_text().splitlines()


def test_debian_comes_from_the_registry_where_it_can_be_had(programs: Path) -> None:
    words: list[str] = []
    reference = debian.debian_with(["python3"], words.append)
    assert reference.startswith("composer/debian:bookworm-")
    assert "docker pull --quiet debian:bookworm-slim" in calls(programs)
    assert any(call.startswith("docker build") and "PACKAGES=python3" in call for call in calls(programs))
    assert words == ["Getting debian:bookworm-slim", "Installing python3"]


def test_debian_is_made_here_where_the_registry_cannot_be_reached(programs: Path) -> None:
    fake(
        programs,
        "docker",
        'case "$1" in image) echo "No such image" >&2; exit 1;; pull) exit 1;; import) cat;; esac',
    )
    fake(programs, "mmdebstrap", "echo sha256:2")
    debian.debian_with(["python3", "jq"], silent)
    (made,) = [call for call in calls(programs) if call.startswith("mmdebstrap")]
    assert "--include=jq,python3" in made
    assert any(call.startswith("docker tag sha256:2 composer/debian:bookworm-") for call in calls(programs))


def test_half_a_debian_is_thrown_away(programs: Path) -> None:
    fake(programs, "mmdebstrap", "echo half; echo 'E: no route to the archive' >&2; exit 1")
    with pytest.raises(DockerFailed, match="no route to the archive"):
        debian.bootstrap("composer/debian:x", ["python3"])
    assert "docker rmi sha256:1" in calls(programs)
    assert not any(call.startswith("docker tag") for call in calls(programs))


def test_neither_way_open_is_told_with_the_cure(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(programs, "docker", 'case "$1" in image) echo "No such image" >&2;; esac; exit 1')
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(DockerFailed, match="install mmdebstrap"):
        debian.debian_with(["python3"], silent)


def test_an_engine_that_is_away_is_told_as_such(programs: Path) -> None:
    fake(programs, "docker", "echo 'Cannot connect to the Docker daemon' >&2; exit 1")
    with pytest.raises(DockerFailed, match="does not answer: Cannot connect"):
        debian.debian_with(["python3"], silent)


@pytest.mark.containers
def test_the_step_of_the_guide_can_be_built_and_its_example_comes_out(tmp_path: Path) -> None:
    blocks = dict(
        re.findall(r"`(step\.yaml|shout|Dockerfile)`:\n\n```\w+\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    )
    for name, text in blocks.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "shout").chmod(0o755)
    build_all(progress=silent)
    manifest = load(tmp_path)
    image = build_step(tmp_path, manifest, silent)
    assert build_step(tmp_path, manifest, pytest.fail) == image
    (checked,) = Checker("test-images", "composer/steps-basic:1").check(manifest, image)
    attempt("rmi", image)
    assert checked.problem == ""


def test_a_step_without_its_dockerfile_is_told_so(tmp_path: Path) -> None:
    text = "slug: shout\nversion: 1.0.0\ntitle: Shout\nbuild: .\n"
    (tmp_path / "step.yaml").write_text(text)
    with pytest.raises(FileNotFoundError, match="There is no Dockerfile"):
        build_step(tmp_path, load(tmp_path), silent)
