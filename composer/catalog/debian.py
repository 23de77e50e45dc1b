"""Debian with a few packages, as an image: from the registry where it can be had, else made here.

A machine may reach Debian's packages and not the registry (or the other way round), or have a
proxy that is set for apt and not inside containers. So there are two ways, and the second needs
no network in any container.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence

from composer.catalog.docker_cli import DockerFailed, docker, image_id, last_line

SUITE = "bookworm"
OFFICIAL = f"debian:{SUITE}-slim"
PULL_SECONDS = 180
# What nobody reads in a container. Licences stay.
_EXCLUDED = ("/usr/share/man/*", "/usr/share/info/*", "/usr/share/locale/*", "/usr/share/doc/*")
_INCLUDED = ("/usr/share/doc/*/copyright",)
_DOCKERFILE = b"""\
ARG BASE
FROM ${BASE}
ARG PACKAGES
RUN apt-get update \\
 && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends ${PACKAGES} \\
 && rm -rf /var/lib/apt/lists/*
"""

Progress = Callable[[str], None]


def debian_with(packages: Sequence[str], progress: Progress) -> str:
    """The reference of a Debian image that has these packages. Raises DockerFailed."""
    wanted = sorted(packages)
    digest = hashlib.sha256("\n".join([SUITE, *wanted]).encode()).hexdigest()[:12]
    reference = f"composer/debian:{SUITE}-{digest}"
    if image_id(reference) is not None:
        return reference
    try:
        return _from_registry(reference, wanted, progress)
    except DockerFailed as failure:
        return _made_here(reference, wanted, progress, failure)


def _from_registry(reference: str, packages: list[str], progress: Progress) -> str:
    if image_id(OFFICIAL) is None:
        progress(f"Getting {OFFICIAL}")
        docker("pull", "--quiet", OFFICIAL, seconds=PULL_SECONDS)
    progress(f"Installing {', '.join(packages)}")
    install(OFFICIAL, reference, packages)
    return reference


def install(base: str, reference: str, packages: Sequence[str]) -> None:
    """Installs packages over an image with apt, inside a build. Raises DockerFailed."""
    arguments = ["--build-arg", f"BASE={base}", "--build-arg", f"PACKAGES={' '.join(packages)}"]
    with tempfile.TemporaryFile() as dockerfile:
        dockerfile.write(_DOCKERFILE)
        dockerfile.seek(0)
        docker("build", "--quiet", "--tag", reference, *arguments, "-", stdin=dockerfile)


def _made_here(reference: str, packages: list[str], progress: Progress, failure: DockerFailed) -> str:
    if shutil.which("mmdebstrap") is None:
        cure = f"{OFFICIAL} could not be fetched and mmdebstrap is missing. Go online, or install mmdebstrap."
        raise DockerFailed(cure, failure.said) from failure
    progress(f"Making Debian with {', '.join(packages)}; this takes half a minute")
    bootstrap(reference, packages)
    return reference


def bootstrap(reference: str, packages: Sequence[str]) -> None:
    """Makes an image of the packages themselves, with the machine's own way to them. Raises DockerFailed."""
    excluded = [f"--dpkgopt=path-exclude={each}" for each in _EXCLUDED]
    included = [f"--dpkgopt=path-include={each}" for each in _INCLUDED]
    include = f"--include={','.join(packages)}"
    making = ["mmdebstrap", "--quiet", "--variant=minbase", *excluded, *included, include, SUITE, "-"]
    with tempfile.TemporaryFile() as log:
        with subprocess.Popen(making, stdout=subprocess.PIPE, stderr=log) as maker:
            made = docker("import", "--change", 'CMD ["bash"]', "-", stdin=maker.stdout)
        log.seek(0)
        said = log.read().decode(errors="replace")
    if maker.returncode != 0:
        docker("rmi", made)  # what came through before the trouble
        raise DockerFailed(f"Debian could not be made here: {last_line(said)}", said)
    docker("tag", made, reference)


if __name__ == "__main__":  # `python -m composer.catalog.debian PACKAGE…` prints the reference
    print(debian_with(sys.argv[1:], lambda words: print(words, file=sys.stderr)))
