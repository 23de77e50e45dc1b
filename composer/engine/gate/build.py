"""Compiles the gate: `python -m composer.engine.gate.build TARGET`.

With the machine's C compiler, or where there is none in a `docker build` stage.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).with_name("gate.c")
FLAGS = ("-std=gnu11", "-O2", "-static", "-Wall", "-Wextra", "-Werror")
_STAGE = """\
FROM debian:bookworm-slim AS compiler
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev
COPY gate.c /
RUN gcc {flags} -o /run-gate /gate.c
FROM scratch
COPY --from=compiler /run-gate /run
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
            _build_in_docker(Path(folder))
        made.chmod(0o755)
        os.replace(made, target)  # running gates keep the old file


def _build_in_docker(folder: Path) -> None:
    (folder / "Dockerfile").write_text(_STAGE.format(flags=" ".join(FLAGS)))
    shutil.copy(SOURCE, folder / "gate.c")
    command = ["docker", "build", "-q", "--output", str(folder), str(folder)]
    subprocess.run(command, check=True, env={**os.environ, "DOCKER_BUILDKIT": "1"})


if __name__ == "__main__":
    build(Path(sys.argv[1]))
