"""What is made once and kept: the virtual environment, the gate, the front end, the database, the images."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from composer.boot import debian, machine, places, shell, stamps
from composer.boot.telling import Stage, Trouble

FRONTEND = places.ROOT / "frontend"


def virtual_environment(told: Stage, requirements: str = "base") -> None:
    """Installs the Python packages, by the hashes in requirements/."""
    listed = places.ROOT / "requirements" / f"{requirements}.txt"
    wanted = stamps.digest([listed], sys.version)
    # What tests need includes what running needs.
    enough = {wanted, stamps.digest([listed.with_name("dev.txt")], sys.version)}
    if places.python().exists() and any(stamps.is_done("venv", each) for each in enough):
        told.say("nothing new")
        return
    if not places.python().exists():
        _make_venv(places.var() / "venv", told)
    told.busy("installing Python packages")
    shell.run(
        [
            places.python(),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "-r",
            listed,
        ],
        trouble="The Python packages could not be installed. Is there a network?",
    )
    stamps.set_done("venv", wanted)
    told.say("installed")


def _make_venv(folder: Path, told: Stage) -> None:
    command = [sys.executable, "-m", "venv", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        debian.install(["python3-venv"], told, why="Python's venv module")
        shell.run([*command, "--clear"], trouble="The virtual environment could not be made:")


def gate(told: Stage) -> None:
    """Compiles the program that stands in every container."""
    source = places.ROOT / "composer" / "engine" / "gate"
    wanted = stamps.digest([source / "gate.c", source / "build.py"])
    if stamps.is_done("gate", wanted) and places.gate().exists():
        told.say("nothing new")
        return
    if not (shell.have("cc") or shell.have("gcc")):
        debian.install(["gcc", "libc6-dev"], told, why="A C compiler")
    shell.run(
        [places.python(), "-m", "composer.engine.gate.build", places.gate()],
        trouble="The gate could not be compiled:",
    )
    stamps.set_done("gate", wanted)
    told.say("compiled")


def front_end_packages(told: Stage) -> None:
    """Installs the front end's packages, as its lock file names them."""
    wanted = stamps.digest([FRONTEND / "package-lock.json"], machine.check_node())
    if stamps.is_done("npm", wanted) and (FRONTEND / "node_modules").is_dir():
        told.say("nothing new")
        return
    told.busy("installing packages")
    shell.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"],
        folder=FRONTEND,
        trouble="The front end's packages could not be installed. Is there a network?",
    )
    stamps.set_done("npm", wanted)
    told.say("installed")


def front_end(told: Stage) -> None:
    """Builds the screens."""
    sources = [
        FRONTEND / name
        for name in ("src", "public", "index.html", "package.json", "vite.config.ts", "tsconfig.json")
    ]
    wanted = stamps.digest([path for path in sources if path.exists()])
    if stamps.is_done("frontend", wanted) and (FRONTEND / "dist" / ".vite" / "manifest.json").exists():
        told.say("nothing new")
        return
    told.busy("building the screens")
    shell.run(["npm", "run", "build"], folder=FRONTEND, trouble="The front end could not be built:")
    stamps.set_done("frontend", wanted)
    told.say("built")


def manage(*arguments: str, trouble: str, environment: dict[str, str], secret: bool = False) -> str:
    """Runs a management command; returns what it printed, and keeps it in no log where that is `secret`."""
    command: list[str | Path] = [places.python(), "manage.py", *arguments]
    return shell.run(command, trouble=trouble, environment=environment, secret=secret)


def database(told: Stage, environment: dict[str, str]) -> None:
    """Brings the database up to date: tables, owner, steps, samples."""
    composer = places.ROOT / "composer"
    sources = [
        *composer.glob("*/migrations"),
        composer / "catalog" / "steps",
        composer / "catalog" / "samples",
    ]
    url = environment.get("DATABASE_URL", "")
    existed = (places.var() / "composer.sqlite3").exists()
    if not url:
        _close_database()
    wanted = stamps.digest(sources, url)
    if not url and stamps.is_done("database", wanted) and existed:
        told.say("nothing new")
        return
    manage(
        "migrate", "--verbosity", "0", trouble="The database could not be prepared:", environment=environment
    )
    said = manage("bootstrap", trouble="The database could not be filled:", environment=environment)
    stamps.set_done("database", wanted)
    told.say(said.strip())


def _close_database() -> None:
    """It holds sessions. What SQLite puts beside the file has the mode of the file."""
    file = places.var() / "composer.sqlite3"
    file.touch(mode=0o600)
    for each in places.var().glob(f"{file.name}*"):
        with suppress(FileNotFoundError):  # some come and go
            places.close(each)


def images(told: Stage, environment: dict[str, str], *, only: list[str] | None = None) -> None:
    """Builds the images that the built-in steps run in, or `only` those of some steps."""
    if not shell.have("mmdebstrap") and shell.have("apt-get"):
        debian.install(["mmdebstrap"], told, why="What makes step images")
    told.busy("making the images of the steps that are missing")
    chosen = ["--only", *only] if only else []
    trouble = "The images of the steps could not be made:"
    told.say(" ".join(manage("step", "build", *chosen, trouble=trouble, environment=environment).split()))


def install_for_tests(told: Stage) -> None:
    """Installs what the tests use beyond what running uses."""
    needed = {"busybox-static": "busybox", "chromium": "chromium", "mmdebstrap": "mmdebstrap"}
    missing = [package for package, program in needed.items() if not shell.have(program)]
    if not Path("/usr/share/doc/libc6-dev").exists():
        missing += ["libc6-dev"]
    if missing:
        debian.install(missing, told, why="What the tests need")
    told.say("installed" if missing else "nothing new")
    if not shell.have("chromium"):
        raise Trouble("There is no Chromium for the browser tests. Install Debian's package chromium.")
