"""People's regular expressions: RE2's, which take time that grows with the text alone."""

from typing import Any

import re2

from composer.engine.rule_data import brief

_MEMORY = 1024 * 1024
_WORK = 2_000_000_000  # instructions of a pattern times bytes of a text: seconds at the worst


class TooMuchWork(Exception):
    """The pattern is too complicated for so long a text."""


def pattern_fault(pattern: str) -> str | None:
    """What is wrong with a regular expression, if anything."""
    try:
        _compiled(pattern)
    except re2.error as error:
        said = error.args[0] if error.args else b""
        words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        hint = " Looking ahead or behind and back-references are not possible."
        return f"cannot be read as a regular expression: {brief(words, 100)}." + (
            hint if "perl operator" in words or "escape" in words else ""
        )
    return None


def fits(pattern: str, content: bytes) -> bool:
    """Whether the pattern is anywhere in the text. Raises TooMuchWork; the pattern has no fault.

    It is given as bytes, so that texts with bytes that are no UTF-8 can be searched too.
    """
    compiled = _compiled(pattern)
    if compiled.programsize * len(content) > _WORK:
        raise TooMuchWork
    return compiled.search(content) is not None


def _compiled(pattern: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    return re2.compile(pattern, options)
