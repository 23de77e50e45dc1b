"""`make test`, `make check` and what else developers call."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from composer.boot import build, engine, machine, places, run, shell
from composer.boot.telling import heading, stage

# Much of what is tested is waiting. What shares a Composer stays together, see tests/conftest.py.
AT_ONCE = ("-n", "auto", "--maxprocesses", "2", "--dist", "loadgroup", "--no-loadscope-reorder")
SAMPLES = ("word-job", "sales-report", "log-digest")


@contextmanager
def everything(requirements: str = "dev") -> Iterator[None]:
    """All that tests, benchmarks and demos stand on; an engine started here is stopped at the end."""
    machine.check_python()
    machine.check_room(machine.state_folder())
    with stage("Container engine") as told:
        own = engine.ensure(told)
    try:
        with stage("Programs for tests") as told:
            build.install_for_tests(told)
        run.prepare(requirements)
        with stage("Images of the steps") as told:
            build.images(told, environment())
        yield
    finally:
        if own:
            own.stop()


def test(arguments: list[str]) -> int:
    """Everything that must hold; the last lines are those of pytest."""
    with everything():
        failed = _check()
        heading("Tests of the screens' logic")
        failed += bool(shell.show(["npm", "test", "--silent"], folder=build.FRONTEND))
        heading("Tests")
        command: list[str | Path] = [places.python(), "-m", "pytest", *AT_ONCE, *arguments]
        failed += bool(shell.show(command, environment=environment()))
    return 1 if failed else 0


def check(_: list[str]) -> int:
    """Style, types and the walls between the rooms; runs no test."""
    machine.check_python()
    machine.state_folder()
    with stage("Python packages") as told:
        build.virtual_environment(told, "dev")
    with stage("Front end's packages") as told:
        build.front_end_packages(told)
    return 1 if _check() else 0


def _check() -> int:
    python = places.python()
    tools: dict[str, list[str | Path]] = {
        "Style (ruff)": [python, "-m", "ruff", "check", "."],
        "Layout (ruff)": [python, "-m", "ruff", "format", "--check", "--quiet", "."],
        "Types (mypy)": [python, "-m", "mypy", "composer", "tests"],
        "Imports (import-linter)": [python.with_name("lint-imports"), "--no-cache"],
    }
    failed = 0
    for title, command in tools.items():
        heading(title)
        failed += bool(shell.show(command, environment=environment()))
    heading("Screens (Biome, TypeScript)")
    failed += bool(shell.show(["npm", "run", "check", "--silent"], folder=build.FRONTEND))
    return failed


def bench(arguments: list[str]) -> int:
    """Measures, each beside plain docker."""
    with everything():
        return shell.show([places.python(), "-m", "tests.bench", *arguments], environment=environment())


def faults(arguments: list[str]) -> int:
    """Makes every fault as often as tests/faults/counts.py says; a table of the figures comes last."""
    command: list[str | Path] = [places.python(), "-m", "pytest", "-q", "-s", "tests/faults", *arguments]
    with everything():
        return shell.show(command, environment={**environment(), "COMPOSER_FAULTS": "full"})


def demo(_: list[str]) -> int:
    """Runs the three sample workflows in the terminal."""
    with everything("base"):
        with stage("Database") as told:
            build.database(told, {**os.environ, **environment()})
        failed = 0
        for name in SAMPLES:
            heading(name)
            file = places.ROOT / "composer" / "catalog" / "samples" / name / "workflow.yaml"
            result = places.var() / f"{name}.out"
            with result.open("wb") as output:
                failed += bool(_run_sample(str(file), output.fileno()))
            print(_shown(result))
    return 1 if failed else 0


def _run_sample(file: str, output: int) -> int:
    command = [str(places.python()), "manage.py", "run", file]
    done = subprocess.run(
        command,
        cwd=places.ROOT,
        env={**os.environ, **environment()},
        stdout=output,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return done.returncode


def _shown(result: Path) -> str:
    data = result.read_bytes()
    if data.startswith(b"\x89PNG"):
        return f"A picture of {len(data):,} bytes: {result}"
    return data.decode(errors="replace")


def environment() -> dict[str, str]:
    return {
        "COMPOSER_VAR": str(places.var()),
        "DJANGO_SETTINGS_MODULE": "composer.settings",
        "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1",
        "PYTHONUNBUFFERED": "1",
    }
