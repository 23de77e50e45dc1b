"""Sizes as people write them in a manifest: 256m, 1g, 1.5 GB, or plain bytes."""

import re

_UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4}
_SIZE = re.compile(r"(\d{1,15}(?:\.\d{1,6})?)\s*([kmgt]?)(?:i?b)?", re.IGNORECASE)


def parse_size(value: object) -> int:
    """Bytes. Raises ValueError in words for a person."""
    if isinstance(value, int) and not isinstance(value, bool):
        size = value
    else:
        match = _SIZE.fullmatch(value.strip()) if isinstance(value, str) else None
        if match is None:
            raise ValueError("Write a size such as 256m or 1g.")
        size = int(float(match[1]) * _UNITS[match[2].lower()])
    if size < 1:
        raise ValueError("The size must be more than nothing. Write a size such as 256m or 1g.")
    if size > 2**60:
        raise ValueError("That is more than any machine has. Write a size such as 256m or 1g.")
    return size


def format_size(size: int) -> str:
    """The shortest exact spelling: 268435456 -> 256m."""
    for unit in ("t", "g", "m", "k"):
        if size % _UNITS[unit] == 0:
            return f"{size // _UNITS[unit]}{unit}"
    return str(size)
