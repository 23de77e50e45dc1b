"""Reads the keys of a manifest one by one and notes each problem with the field it is in."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

Problem = tuple[str, str]  # field, message

DEEPEST = 32
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
RESERVED = re.compile(r"PATH|HOME|LD_.*|DRAY_.*|COMPOSER_.*", re.DOTALL)


class Reader:
    """One mapping of the manifest, `place` being where it stands ("" for the top)."""

    def __init__(self, raw: Mapping[str, Any], place: str, found: list[Problem]) -> None:
        self.raw = raw
        self.place = place
        self.found = found

    def field(self, key: str) -> str:
        """The full name of a key: examples[0].params"""
        return f"{self.place}.{key}" if self.place else key

    def problem(self, key: str, message: str) -> None:
        self.found.append((self.field(key), message))

    def refuse_unknown(self, known: Sequence[str]) -> None:
        """Notes every key that is not known, with the one that was probably meant."""
        for key in self.raw:
            if key not in known:
                self.problem(shorten(key), f"There is no such key here. {hint(key, known)}")

    def text(self, key: str, default: str | None = None, *, most: int = 200, lines: bool = False) -> str:
        """A text; without a default it must be there and say something."""
        value = self.raw.get(key)
        if value is None and default is not None:
            return default
        if value is None or value == "":
            if default is None:
                self.problem(key, f"“{key}” is missing. Write a text here.")
            return ""
        if not isinstance(value, str):
            self.problem(key, "This must be a text. Put it in quotes.")
        elif len(value) > most:
            self.problem(key, f"This is {len(value):,} characters long; at most {most:,} fit.")
        elif not lines and not value.isprintable():
            self.problem(key, "This must be one line without control characters.")
        else:
            return value
        return ""

    def matching(self, key: str, shape: re.Pattern[str], cure: str, default: str | None = None) -> str:
        """A text of a certain shape."""
        value = self.text(key, default, most=255)
        if value and not shape.fullmatch(value):
            self.problem(key, f"“{shorten(value)}” does not fit. {cure}")
        return value

    def choice(self, key: str, choices: Sequence[str], default: str) -> str:
        value = self.raw.get(key)
        if value is None:
            return default
        if not isinstance(value, str) or value not in choices:
            self.problem(key, f"“{shorten(value)}” is not possible here. {hint(value, choices)}")
            return default
        return value

    def flag(self, key: str, default: bool) -> bool:
        value = self.raw.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.problem(key, "Write true or false.")
            return default
        return value

    def strings(self, key: str, *, most: int = 1000) -> tuple[str, ...] | None:
        """A list of texts, None where the key is absent."""
        value = self.raw.get(key)
        if value is None:
            return None
        if not isinstance(value, list):
            self.problem(key, "This must be a list, such as [one, two].")
            return None
        if len(value) > most:
            self.problem(key, f"This list has {len(value):,} entries; at most {most:,} fit.")
            return None
        for place, each in enumerate(value):
            if not isinstance(each, str):
                self.problem(f"{key}[{place}]", "Each entry must be a text. Put it in quotes.")
                return None
        return tuple(value)

    def mapping(self, key: str) -> Mapping[str, Any]:
        value = self.raw.get(key)
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.problem(key, "This must hold names with their values.")
            return {}
        return value

    def parts(self, key: str, *, most: int = 100) -> list["Reader"]:
        """A list of mappings, each with a reader of its own."""
        value = self.raw.get(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
            self.problem(key, "This must be a list whose entries hold names with their values.")
            return []
        if len(value) > most:
            self.problem(key, f"This list has {len(value):,} entries; at most {most:,} fit.")
            return []
        return [Reader(each, self.field(f"{key}[{place}]"), self.found) for place, each in enumerate(value)]


def shorten(value: object) -> str:
    """What was written, short enough to stand in a sentence."""
    shown = str(value)
    return shown if len(shown) <= 60 else shown[:59] + "…"


def hint(value: object, known: Sequence[str]) -> str:
    """Points to what was probably meant."""
    near = get_close_matches(shorten(value), known, 1)
    if not known:
        return "Remove it."
    return f"Did you mean “{near[0]}”?" if near else f"Known here: {', '.join(known)}."


def environment_name_problem(name: object, what: str) -> str | None:
    """Why a parameter, variable or secret of that name cannot reach a program, if so."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        return f"“{shorten(name)}” cannot name {what}. Use letters, digits and _, beginning with a letter."
    if RESERVED.fullmatch(name.upper()):
        return f"The name {name.upper()} is reserved. Choose another one."
    return None


def unclean(data: object) -> Iterable[Problem]:
    """Values that no file, database or program could hold: NUL, half characters, NaN, endless depth."""
    todo: list[tuple[str, object]] = [("", data)]
    for _ in range(DEEPEST):
        inner: list[tuple[str, object]] = []
        for place, value in todo:
            if isinstance(value, Mapping):
                if not all(map(_storable, value)):
                    yield place, "Every name must be a text. Put it in quotes."
                inner += [(f"{place}.{shorten(key)}".lstrip("."), each) for key, each in value.items()]
            elif isinstance(value, list):
                inner += [(f"{place}[{index}]", each) for index, each in enumerate(value)]
            else:
                yield from _unclean_value(place, value)
        todo = inner
    if todo:
        yield todo[0][0], f"This is nested more than {DEEPEST} levels deep. Make it simpler."


def _unclean_value(place: str, value: object) -> Iterable[Problem]:
    if isinstance(value, str) and not _storable(value):
        yield place, "This text holds a character that cannot be stored. Remove it."
    elif isinstance(value, float) and not math.isfinite(value):
        yield place, "This is not a number that can be stored. Write another one."
    elif value is not None and not isinstance(value, str | int | float):
        yield place, "This must be a text. Put it in quotes."  # YAML reads 2026-01-31 as a date


def _storable(value: object) -> bool:
    if not isinstance(value, str) or "\0" in value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
