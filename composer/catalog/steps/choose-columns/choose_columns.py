#!/usr/bin/python3 -I
"""Keeps or leaves out columns of a table, and renames them."""

import json

from stepkit import choice, fail, setting, shorten
from stepkit.tables import Table, Writer


def chosen(table: Table) -> list[int]:
    """The places of the columns to write, in their order."""
    names = json.loads(setting("columns", "[]"))
    if not names:
        fail("No column is chosen. Choose at least one.")
    places = [table.find(name) for name in names]
    if choice("mode", "keep", "drop") == "keep":
        return places
    left = [place for place in range(len(table.columns)) if place not in places]
    if not left:
        fail("Every column is left out, so nothing would be left. Keep at least one.")
    return left


def renamed(table: Table) -> list[str]:
    """The columns with their new names: one “old = new” on each line."""
    names = list(table.columns)
    for line in setting("rename").splitlines():
        if not line.strip():
            continue
        old, equals, new = line.partition("=")
        if not equals or not new.strip():
            fail(f"“{shorten(line.strip())}” gives no new name. Write it like: price = cost")
        names[table.find(old)] = new.strip()
    return names


def main() -> None:
    table = Table()
    places, names = chosen(table), renamed(table)
    out = Writer()
    out.row([names[place] for place in places])
    for row in table.rows():
        out.row([row[place] for place in places])
    out.close()


if __name__ == "__main__":
    main()
