"""What the built-in steps share: settings, words for the person, tables, numbers."""

import os
import signal
import sys
from typing import NoReturn

# A reader that has enough ends this program quietly, as it would any Unix filter.
signal.signal(signal.SIGPIPE, signal.SIG_DFL)


def fail(message: str) -> NoReturn:
    """Ends the step with a sentence for the person."""
    sys.stdout.flush()
    print("composer:error", " ".join(message.split()), file=sys.stderr)
    sys.exit(1)


def setting(name: str, default: str = "") -> str:
    """A setting of the step, by the name it has in step.yaml."""
    return os.environ.get(name.upper(), default)


def choice(name: str, default: str, *others: str) -> str:
    """A setting that is one of several words."""
    value = setting(name, default)
    if value not in (default, *others):
        fail(f"“{value}” is not possible for “{name}”. Choose one of {', '.join((default, *others))}.")
    return value


def flag(name: str, default: bool) -> bool:
    """A setting that is on or off."""
    return choice(name, *(("true", "false") if default else ("false", "true"))) == "true"


def whole_number(name: str, default: int, least: int, most: int) -> int:
    """A setting that is a whole number."""
    value = setting(name, str(default))
    try:
        number = int(value)
    except ValueError:
        fail(f"“{value}” is not a whole number, but “{name}” needs one.")
    if not least <= number <= most:
        fail(f"“{name}” is {number:,}, but must be from {least:,} to {most:,}.")
    return number


def shorten(text: str, most: int = 60) -> str:
    """Short enough to stand in a sentence."""
    return text if len(text) <= most else text[: most - 1] + "…"
