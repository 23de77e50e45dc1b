"""Compiles the gate: `python -m composer.engine.gate.build TARGET`.

With the machine's C compiler, or where there is none with one that is installed in an image.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).with_name("gate.c")
FLAGS = ("-std=gnu11", "-O2", "-static", "-Wall", "-Wextra", "-Werror")
DEBIAN = "debian:bookworm-slim"
MADE_HERE = "composer/debian"  # Debian as Composer makes it where no registry can be reached
_DOCKERFILE = """\
ARG BASE
FROM ${{BASE}}
RUN command -v gcc || {{ apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev; }}
COPY gate.c /
RUN gcc {flags} -o /run-gate /gate.c
"""


def build(target: Path) -> None:
    """Makes the static program at `target`. Raises CalledProcessError with the compiler's words."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        made = Path(folder) / "run"
        compiler = shutil.which("cc") or shutil.which("gcc")
        if compiler:
            subprocess.run([compiler, *FLAGS, "-o", made, SOURCE], check=True)
        else:
            _build_in_docker(made)
        made.chmod(0o755)
        os.replace(made, target)  # running gates keep the old file


def _build_in_docker(made: Path) -> None:
    """Only with commands that every version of docker has: no BuildKit."""
    context = made.with_name("context")
    context.mkdir()
    (context / "Dockerfile").write_text(_DOCKERFILE.format(flags=" ".join(FLAGS)))
    shutil.copy(SOURCE, context)
    image = _docker("build", "--quiet", "--build-arg", f"BASE={_debian()}", str(context))
    try:
        container = _docker("create", image, "/run-gate")
        try:
            _docker("cp", f"{container}:/run-gate", str(made))
        finally:
            _docker("rm", container)
    finally:
        _docker("rmi", image)


def _debian() -> str:
    """An image to install a compiler over, one that is on the engine if there is any."""
    images = _docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}").splitlines()
    made_here = [image for image in images if image.startswith(f"{MADE_HERE}:")]
    return DEBIAN if DEBIAN in images or not made_here else made_here[0]


def _docker(*arguments: str) -> str:
    done = subprocess.run(["docker", *arguments], stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip()


if __name__ == "__main__":
    build(Path(sys.argv[1]))
