#!/usr/bin/python3 -I
"""Puts data into the {{gaps}} of a text: once, or for every row of a table. Nothing is ever executed."""

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from stepkit import choice, fail, setting, shorten
from stepkit.numbers import parse, show
from stepkit.tables import Table, text_output

_GAP = re.compile(r"\{\{([^{}]*)\}\}")
_TOTAL = re.compile(r"total\s+(.+)")
_SIZED = re.compile(r"(pad|left)\s+(\d{1,3})")
BAR = 30  # characters of the longest bar
Fields = Mapping[str, str]
Largest = Callable[[str], Decimal]


class Template:
    """A text with gaps, ready to be filled again and again."""

    def __init__(self, text: str) -> None:
        parts = _GAP.split(text)
        self.texts = parts[::2]
        self.gaps = [tuple(part.strip() for part in gap.split("|")) for gap in parts[1::2]]
        self.has_bars = any("bar" in gap[1:] for gap in self.gaps)
        self.totals = [found[1] for gap in self.gaps if (found := _TOTAL.fullmatch(gap[0]))]
        self.strict = choice("missing", "stop", "empty") == "stop"

    def fill(self, fields: Fields, largest: Largest) -> str:
        """The text with every gap filled."""
        filled = [self.texts[0]]
        for gap, text in zip(self.gaps, self.texts[1:], strict=True):
            filled += [self._value(gap, fields, largest), text]
        return "".join(filled)

    def _value(self, gap: tuple[str, ...], fields: Fields, largest: Largest) -> str:
        name, *changes = gap
        value = fields.get(name)
        if value is None:
            if self.strict:
                known = shorten(", ".join(list(fields)[:30]), 300) or "nothing"
                fail(
                    f"The template asks for “{shorten(name)}”, but the data has no such name. It has {known}."
                )
            value = ""
        for change in changes:
            value = changed(change, value, lambda: largest(name))
        return value


def changed(change: str, value: str, largest: Callable[[], Decimal]) -> str:
    """What stands behind a | in a gap."""
    plain: dict[str, Callable[[str], str]] = {
        "upper": str.upper,
        "lower": str.lower,
        "title": str.title,
        "trim": str.strip,
    }
    if change in plain:
        return plain[change](value)
    if change == "bar":
        number, most = parse(value, comma=False) or Decimal(0), largest()
        # What is more than nothing can be seen.
        return "█" * max(1, round(BAR * number / most)) if 0 < number <= most else ""
    sized = _SIZED.fullmatch(change)
    if sized is None:
        known = "upper, lower, title, trim, pad 20, left 10 and bar"
        fail(f"“|{shorten(change)}” is not known in a template. Known are {known}.")
    width = int(sized[2])
    return value.ljust(width) if sized[1] == "pad" else value.rjust(width)


def fill_rows(template: Template) -> None:
    """The template once for every row, between the text on top and the one at the end."""
    table = Table()
    before, after = Template(setting("before")), Template(setting("after"))
    rows: Iterator[list[str]] = table.rows()
    kept: list[list[str]] = []
    if setting("before") or template.has_bars or before.totals or after.totals:
        kept = list(rows)  # these look at all rows first; else they pass one by one
        rows = iter(kept)

    def largest(name: str) -> Decimal:
        place = table.find(name)
        if name not in bounds:
            bounds[name] = max(
                (parse(row[place], comma=False) or Decimal(0) for row in kept), default=Decimal(0)
            )
        return bounds[name]

    bounds: dict[str, Decimal] = {}
    totals = {f"total {name}": total(table, kept, name) for name in {*before.totals, *after.totals}}
    write_part(before, {"rows": str(len(kept)), **totals}, largest)
    number = 0
    for number, row in enumerate(rows, 1):
        fields = dict(zip(table.columns, row, strict=True))
        fields.setdefault("number", str(number))
        write_part(template, fields, largest)
    write_part(after, {"rows": str(number), **totals}, largest)


def total(table: Table, rows: list[list[str]], name: str) -> str:
    """The sum of a column; empty cells count as nothing."""
    place, found = table.find(name), Decimal(0)
    for row in rows:
        number = parse(row[place], comma=False) if row[place].strip() else Decimal(0)
        if number is None:
            fail(f"“{shorten(row[place])}” in the column “{name}” is not a number, so there is no total.")
        found += number
    return show(found)


def write_part(template: Template, fields: Fields, largest: Largest) -> None:
    text = template.fill(fields, largest)
    if text:
        OUT.write(text if text.endswith("\n") else text + "\n")


def first_row() -> Fields:
    table = Table()
    row = next(table.rows(), None)
    if row is None:
        fail("The table has no row below its heading, so there is nothing to fill in.")
    return dict(zip(table.columns, row, strict=True))


def from_json() -> Fields:
    """Names of the data, also deeper ones with points between: customer.name, items.0"""
    try:
        data = json.loads(sys.stdin.buffer.read().decode("utf-8-sig"), parse_float=str)
    except (ValueError, RecursionError) as error:
        fail(f"What arrived is not JSON: {error}.")
    fields: dict[str, str] = {}
    todo: list[tuple[str, object]] = [("", data)]
    while todo:
        name, value = todo.pop()
        if name:
            fields[name] = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        inner = (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        )
        todo += [(f"{name}.{key}" if name else str(key), each) for key, each in reversed(list(inner))]
    return fields


def whole_text() -> Fields:
    text = sys.stdin.buffer.read().decode("utf-8-sig", "surrogateescape")
    return {"text": text.removesuffix("\n"), "lines": str(len(text.splitlines()))}


def main() -> None:
    template = Template(setting("template"))
    data = choice("data", "rows", "row", "json", "text")
    if data == "rows":
        fill_rows(template)
    else:
        fields = {"row": first_row, "json": from_json, "text": whole_text}[data]()
        write_part(template, fields, lambda name: parse(fields.get(name, ""), comma=False) or Decimal(0))
    OUT.flush()


OUT = text_output()

if __name__ == "__main__":
    main()
