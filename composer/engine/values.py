"""Values as people and programs write them: sizes, and texts that a program can be given."""

import math
import re
from collections.abc import Mapping

# What one container can be given.
LEAST_MEMORY = 8 * 1024 * 1024  # bytes: Docker refuses less than 6 MB; the gate needs some of it
LEAST_CPUS, MOST_CPUS = 0.01, 1024  # Docker takes less for no limit
LEAST_SECONDS, MOST_SECONDS = 0.001, 24 * 86_400  # the gate counts milliseconds in 31 bits

_SIZE = re.compile(r"(\d{1,15})\s*([kmgt]?)i?b?", re.IGNORECASE)
_FACTOR = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4}


def parse_size(value: object) -> int | None:
    """Bytes of "256m", "1g", 4096; None where it is no size above 0."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value if 0 < value < 2**62 else None
    if isinstance(value, str) and (match := _SIZE.fullmatch(value.strip())):
        size = int(match[1]) * _FACTOR[match[2].lower()]
        return size if 0 < size < 2**62 else None
    return None


def bad_text(value: str) -> str | None:
    """What is wrong with the characters of a text, if anything."""
    if "\0" in value:
        return "holds a NUL character, which no program can be given"
    if any("\ud800" <= character <= "\udfff" for character in value):
        return "holds half a character (a lone surrogate); paste the text again"
    return None


def bad_text_within(value: object) -> tuple[str, str] | None:
    """The path and fault of the first bad text or number inside JSON data; None if all is well."""
    todo: list[tuple[str, object]] = [("", value)]
    while todo:
        path, item = todo.pop()
        if isinstance(item, str):
            if bad := bad_text(item):
                return path, bad
        elif isinstance(item, float) and not math.isfinite(item):
            return path, "is not a number that can be written down"
        elif isinstance(item, Mapping):
            for key, inner in item.items():
                if bad := bad_text(str(key)):
                    return path, f"has a name that {bad}"
                todo.append((f"{path}.{key}" if path else str(key), inner))
        elif isinstance(item, list):
            todo.extend(
                (f"{path}.{place}" if path else str(place), inner) for place, inner in enumerate(item)
            )
    return None
