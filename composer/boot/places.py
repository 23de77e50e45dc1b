"""Where things are: the project, its state folder, and what stands in it."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def var() -> Path:
    """The state folder, made if it is missing."""
    folder = Path(os.environ.get("COMPOSER_VAR") or ROOT / "var").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def logs() -> Path:
    """Where the processes' output goes."""
    folder = var() / "logs"
    folder.mkdir(exist_ok=True)
    return folder


def python() -> Path:
    """The virtual environment's Python."""
    return var() / "venv" / "bin" / "python"


def gate() -> Path:
    """The compiled gate."""
    return var() / "gate" / "run"
