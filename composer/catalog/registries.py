"""Which registry an image comes from, as Docker reads its name, and whether that is allowed."""

import re
from collections.abc import Iterable

DEFAULT_REGISTRY = "docker.io"
_REFERENCE = re.compile(
    r"(?:[a-z0-9.-]+(?::\d+)?/)?[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*"
    r"(?:/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*(?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?"
    r"|sha256:[0-9a-f]{64}"
)


def registry_of(image: str) -> str:
    """The registry in an image's name."""
    first, slash, _ = image.partition("/")
    named = slash and ("." in first or ":" in first or first == "localhost")
    return first if named else DEFAULT_REGISTRY


def registry_problem(image: str, allowed: Iterable[str]) -> str | None:
    """What is wrong with an image's name; None where nothing is."""
    if not _REFERENCE.fullmatch(image):
        return f"“{image[:80]}” is no name of an image. Write it as docker pull would take it."
    registry, names = registry_of(image), list(allowed)
    if registry not in names:
        return f"Images from {registry} are not allowed here. Allowed: {', '.join(names) or 'none'}."
    return None
