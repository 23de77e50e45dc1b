"""Where things are: the project, its state folder, and what stands in it."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def var() -> Path:
    """The state folder, made if it is missing. It holds keys and sessions, so others cannot look into it.

    A folder that somebody chose and made keeps the mode that they gave it.
    """
    chosen = os.environ.get("COMPOSER_VAR")
    folder = Path(chosen or ROOT / "var").absolute()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not chosen:
        close(folder)
    return folder


def logs() -> Path:
    """Where the processes' output goes."""
    folder = var() / "logs"
    folder.mkdir(mode=0o700, exist_ok=True)
    close(folder)
    return folder


def close(path: Path) -> None:
    """Nobody but us reads it from now on; says nothing where it is another's."""
    about = path.stat()
    if about.st_mode & 0o077 and about.st_uid == os.geteuid():
        path.chmod(about.st_mode & 0o700)


def python() -> Path:
    """The virtual environment's Python."""
    return var() / "venv" / "bin" / "python"


def gate() -> Path:
    """The compiled gate."""
    return var() / "gate" / "run"
