"""Data that steps wrote, as a rule looks into it: JSON by path, tables by column.

Nothing here trusts what it reads: it may be broken, cut off, nested without end.
"""

import codecs
import csv
import io
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UNWRITABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_PLACE = re.compile(r"[0-9]{1,9}")
_NOTHING = object()
_MAX_VALUES = 2_000_000  # in memory each takes many times its room in the file


class CannotDecide(Exception):
    """The rule neither holds nor fails; the message says why, and what would help."""


class NotJson(CannotDecide):
    """What should be JSON is not."""


@dataclass(frozen=True, slots=True)
class Absent:
    """No value at all: empty, for who asks that, and otherwise a reason not to decide."""

    why: str


class Number(str):
    """A number as it is written in JSON data, so that it stays exact."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Tree:
    """Data of JSON."""

    data: object


@dataclass(frozen=True, slots=True)
class Table:
    """The head of a table."""

    columns: tuple[str, ...] = ()
    row: tuple[str, ...] | None = None  # None: no rows
    guessed: bool = False  # nobody said that it is a table


def brief(text: str, most: int) -> str:
    """The text in one line, short, without characters that a screen or a database cannot take."""
    line = " ".join(_UNWRITABLE.sub(_replaced, text[: 4 * most]).split())
    return line if len(line) <= most and len(text) <= 4 * most else f"{line[: most - 1].rstrip()}…"


def _replaced(match: re.Match[str]) -> str:
    return " " if match[0] in "\t\n\r" else "�"


def not_utf8() -> CannotDecide:
    """The reason not to decide where bytes are no text."""
    return CannotDecide(
        "What arrived is no text in UTF-8, so a rule cannot look into it. Save it as UTF-8, "
        "or let the rule look at “bytes” or “exit code”."
    )


def decoded(content: bytes, *, whole: bool = True) -> str:
    """The text of the bytes; not `whole` where they may end in the middle of a character."""
    if content.startswith(UTF16):
        raise not_utf8()
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(content, final=whole)
    except UnicodeDecodeError:
        raise not_utf8() from None


def parsed(text: str) -> object:
    """The data of a JSON text, its numbers as they are written."""
    if sum(map(text.count, ",[{")) > _MAX_VALUES:
        raise CannotDecide(
            f"More than {_MAX_VALUES:,} values arrived, and a rule looks through no more than that. "
            "Put a step before it that makes the data smaller, or let it look at “text”."
        )
    try:
        data: object = json.loads(text, parse_int=Number, parse_float=Number, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno:,}, character {error.colno:,}"
        raise NotJson(
            f"What arrived should be JSON and is not: it goes wrong in {where}. "
            "Mend the step before, or let the rule look at “text”."
        ) from None
    except RecursionError:
        raise CannotDecide(
            "The JSON that arrived is nested too deeply. Let the rule look at “text”."
        ) from None
    return data


def _no_number(name: str) -> object:
    raise CannotDecide(f"What arrived should be JSON, but holds {name}, which JSON does not know.")


def read_table(text: str, *, whole: bool) -> Table:
    """Heading and first row; comma, semicolon and tab are told apart by the heading."""
    source = io.StringIO(text.lstrip("\r\n"), newline="")
    start = source.readline().rstrip("\r\n")
    if start.lower().startswith("sep=") and len(start) == 5:
        separator = start[4]  # how spreadsheets say it
    else:
        outside_quotes = "".join(start.split('"')[::2])
        separator = max(",;\t", key=outside_quotes.count)
        source.seek(0)
    try:
        rows = (row for row in csv.reader(source, delimiter=separator, strict=True) if row)
        columns, row = next(rows, []), next(rows, None)
    except (csv.Error, TypeError, ValueError) as error:
        if whole or source.read(1):
            raise CannotDecide(
                f"The table that arrived cannot be read: {_fault(error)}. Mend the step before, "
                "or let the rule look at “text”."
            ) from None
    if not whole and not source.read(1):
        raise CannotDecide("The table’s first row is longer than 1 MiB. Let the rule look at “text”.")
    return Table(tuple(name.strip() for name in columns), None if row is None else tuple(row))


def _fault(error: Exception) -> str:
    said = str(error)
    if "end of data" in said:
        return "a quotation mark is opened and never closed"
    if "expected after" in said:
        return "a quotation mark stands in the middle of a cell"
    if "field limit" in said:
        return f"a cell is longer than {csv.field_size_limit():,} characters"
    return "its rows and cells cannot be told apart"


def in_table(table: Table, name: str) -> object:
    """The cell of the first row in the column of that name."""
    name = name.strip()
    places = [place for place, each in enumerate(table.columns) if each == name] or [
        place for place, each in enumerate(table.columns) if each.casefold() == name.casefold()
    ]
    if len(places) > 1:
        raise CannotDecide(
            f"The table that arrived has {len(places)} columns called “{name}”. Rename all but one."
        )
    if not places and table.guessed:
        raise CannotDecide(
            f"What arrived is neither JSON nor a table with a column “{name}”. Let the rule look at “text”, "
            "or put a step before it that makes data."
        )
    if not places:
        return Absent(f"There is no “{name}” in what arrived; {_names(name, table.columns)}")
    if table.row is None:
        return Absent(f"The table that arrived has no rows, so there is no “{name}”.")
    return table.row[places[0]] if places[0] < len(table.row) else ""


def in_tree(data: object, path: str) -> object:
    """What stands at a path such as `items.0.price`."""
    if not isinstance(data, dict | list):
        raise CannotDecide(
            f"What arrived is one value, so there is no “{path}” in it. Let the rule look at “text”."
        )
    found = _follow(data, path)
    return _nowhere(data, path) if found is _NOTHING else found


def _follow(data: object, path: str) -> object:
    """What the path leads to. A key may hold dots itself, so the longest is tried first."""
    ends = [len(path), *(end for end in range(len(path) - 1, -1, -1) if path[end] == ".")]
    for end in ends:
        inner = _part(data, path[:end])
        if inner is not _NOTHING and end < len(path):
            inner = _follow(inner, path[end + 1 :])
        if inner is not _NOTHING:
            return inner
    return _NOTHING


def _part(data: object, key: str) -> object:
    if isinstance(data, dict):
        return data.get(key, _NOTHING)
    if isinstance(data, list) and _PLACE.fullmatch(key) and int(key) < len(data):
        return data[int(key)]
    return _NOTHING


def _nowhere(data: Any, path: str) -> Absent:
    """Says where the path ends, and what there is instead."""
    where, name = "what arrived", path
    while True:
        key, dot, rest = name.partition(".")
        inner = _part(data, key)
        if not dot or inner is _NOTHING:
            break
        where = f"“{path[: len(path) - len(rest) - 1]}”"
        data, name = inner, rest
    if isinstance(data, dict):
        return Absent(f"There is no “{name}” in {where}; {_names(name, data)}")
    if isinstance(data, list):
        say = f"say which one, such as “0.{name}”" if not _PLACE.fullmatch(key) else "they count from 0"
        what = "What arrived" if where == "what arrived" else where
        return Absent(f"{what} is a list of {len(data):,}, so there is no “{name}” in it; {say}.")
    return Absent(f"{where} is a single value, so there is no “{name}” in it.")


def _names(wanted: str, known: Iterable[str]) -> str:
    names = [brief(each, 40) for each, _ in zip(known, range(200), strict=False)]
    if not names:
        return "it is empty."
    near = get_close_matches(wanted, names, 1)
    hint = f" Did you mean “{near[0]}”?" if near else ""
    return f"there are: {brief(', '.join(names), 300)}.{hint}"
