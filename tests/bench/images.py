"""The image that the benchmark's steps run in: busybox, and a clock."""

import subprocess
import tempfile
from pathlib import Path

from tests.engine.images import build_with_file, have_busybox

IMAGE = "composer-test/bench:1"


def have_bench_image() -> str:
    """Made anew each time, which takes a moment; returns its name."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "clock"
        source = Path(__file__).with_name("clock.c")
        subprocess.run(
            ["cc", "-O2", "-static", "-Wall", "-Wextra", "-Werror", "-o", program, source], check=True
        )
        return build_with_file(IMAGE, f"FROM {have_busybox()}\nCOPY clock /bin/clock\n", program)
