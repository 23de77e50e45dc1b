"""`make image`: the images of docker-compose.yml, with what pip and npm fetch fetched outside of the build.

For machines where a build reaches Debian's packages at most. Where it reaches every registry,
`docker compose build` does the same by itself, with the same Dockerfile.
"""

import os
import platform
import shutil
import subprocess
from pathlib import Path

from composer.boot import build, debian, engine, machine, places, run, shell, stamps
from composer.boot.telling import Stage, Trouble, stage

FILES = ("LICENSE", "manage.py", "pyproject.toml", "requirements", "templates", "composer", "frontend")
LEFT_OUT = shutil.ignore_patterns("node_modules", "dist", "__pycache__", "*.pyc")
PYTHON = "3.11"  # Debian's own, in the image
PULL_SECONDS = 180


def make(_: list[str]) -> int:
    """Builds both images under the names that docker-compose.yml looks for."""
    machine.check_python()
    machine.check_room(machine.state_folder())
    with stage("Container engine") as told:
        own = engine.ensure(told)
    try:
        run.prepare()
        build_all(names())
    finally:
        if own:
            own.stop()
    return 0


def names() -> dict[str, str]:
    """The target in the Dockerfile, and what its image is called."""
    return {
        "composer": os.environ.get("COMPOSER_IMAGE") or f"composer/composer:{version()}",
        "steps": os.environ.get("COMPOSER_STEPS_IMAGE") or "composer/steps-basic:1",
    }


def build_all(wanted: dict[str, str]) -> None:
    """Builds these targets. The screens must have been built."""
    with stage("Debian") as told:
        below = base(told)
    with stage("Wheels") as told:
        folder = context(told)
    for target, name in wanted.items():
        with stage(f"Image {target}") as told:
            build_one(target, name, below, folder, told)


def build_one(target: str, name: str, below: str, folder: Path, told: Stage) -> None:
    """One target, with the builder that every engine has."""
    told.busy(f"building {name}")
    arguments = [f"DEBIAN={below}", f"NODE={below}", f"VERSION={version()}"]
    flags = [part for each in arguments for part in ("--build-arg", each)]
    # The machine's own network: apt may have a proxy that listens on this machine alone.
    ways = ["--network", "host", "--target", target, "--tag", name]
    shell.run(
        ["docker", "build", "--quiet", *ways, *flags, folder],
        trouble=f"The image {name} could not be built:",
        environment={"DOCKER_BUILDKIT": "0"},
    )
    said = shell.run(
        ["docker", "image", "inspect", "--format", "{{.Size}}", name], trouble="The engine is gone:"
    )
    told.say(f"{name}, {int(said) / 1e6:.0f} MB")


def version() -> str:
    """Composer's, as pyproject.toml has it."""
    for line in (places.ROOT / "pyproject.toml").read_text().splitlines():
        if line.startswith("version = "):
            return line.split('"')[1]
    raise Trouble("pyproject.toml names no version.")


def base(told: Stage) -> str:
    """DEBIAN, else the official image, else one that is made here of Debian's packages."""
    if given := os.environ.get("DEBIAN"):
        told.say(given)
        return given
    told.busy("getting it, or making it here")
    if _is_there(official := _official()):
        told.say(official.partition("@")[0])
        return official
    if not shell.have("mmdebstrap") and shell.have("apt-get"):
        debian.install(["mmdebstrap"], told, why="What makes Debian's image")
    said = shell.run(
        [places.python(), "-m", "composer.catalog.debian", "ca-certificates"],
        trouble="There is no image of Debian:",
    )
    told.say(said.strip())
    return said.strip()


def _official() -> str:
    """The image that the Dockerfile names, with its digest."""
    for line in (places.ROOT / "Dockerfile").read_text().splitlines():
        if line.startswith("ARG DEBIAN="):
            return line.partition("=")[2]
    raise Trouble("The Dockerfile names no Debian.")


def _is_there(name: str) -> bool:
    """Whether the engine has this image, or can get it."""
    for command in (["image", "inspect", name], ["pull", "--quiet", name]):
        try:
            done = subprocess.run(
                ["docker", *command], capture_output=True, check=False, timeout=PULL_SECONDS
            )
        except subprocess.TimeoutExpired:
            return False
        if done.returncode == 0:
            return True
    return False


def context(told: Stage) -> Path:
    """The folder that the image is built from, with the wheels and the screens in it."""
    folder = places.var() / "image"
    wheels(folder / "outside" / "wheels", told)
    for name in FILES:
        source, target = places.ROOT / name, folder / name
        shutil.rmtree(target, ignore_errors=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=LEFT_OUT, symlinks=True)
        else:
            shutil.copy(source, target)
    screens = folder / "outside" / "screens"
    shutil.rmtree(screens, ignore_errors=True)
    shutil.copytree(build.FRONTEND / "dist", screens)
    shutil.copy(places.ROOT / "Dockerfile", folder)
    return folder


def wheels(folder: Path, told: Stage) -> None:
    """Fetches the Python packages for the image, each by its hash."""
    listed = places.ROOT / "requirements" / "base.txt"
    wanted = stamps.digest([listed], platform.machine())
    if stamps.is_done("wheels", wanted) and folder.is_dir():
        told.say("nothing new")
        return
    told.busy("fetching Python packages for the image")
    shutil.rmtree(folder, ignore_errors=True)
    kinds = [f"--platform=manylinux{kind}_{platform.machine()}" for kind in ("_2_28", "_2_17", "2014")]
    flags = ["--quiet", "--disable-pip-version-check", "--require-hashes", "--only-binary=:all:"]
    shell.run(
        [
            places.python(),
            "-m",
            "pip",
            "download",
            *flags,
            *kinds,
            f"--python-version={PYTHON}",
            "--implementation=cp",
            f"--dest={folder}",
            f"--requirement={listed}",
        ],
        trouble="The Python packages could not be fetched. Is there a network?",
    )
    stamps.set_done("wheels", wanted)
    told.say("fetched")
