#!/usr/bin/python3 -I
"""Writes the rows of a table as JSON objects, one by one."""

import json
import re
from collections import Counter

from stepkit import choice, fail, flag, shorten
from stepkit.tables import Table, text_output

# Only what JSON itself calls a number, and short enough to survive in every program.
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?")


def value(cell: str, numbers: bool) -> str:
    """A cell as JSON; 30.50 stays 30.50, 007 stays a text."""
    if numbers and _NUMBER.fullmatch(cell):
        return cell
    return json.dumps(cell, ensure_ascii=False)


def main() -> None:
    table = Table()
    as_list = choice("shape", "list", "lines") == "list"
    numbers = flag("numbers", True)
    double = [name for name, times in Counter(table.columns).items() if times > 1]
    if double:
        fail(f"The table has two columns called “{shorten(double[0])}”, and one would get lost. Rename one.")
    names = [json.dumps(name, ensure_ascii=False) for name in table.columns]
    out = text_output()
    between = ""
    if as_list:
        out.write("[\n")
    for row in table.rows():
        fields = (f"{name}: {value(cell, numbers)}" for name, cell in zip(names, row, strict=True))
        out.write(f"{between}{{{', '.join(fields)}}}")
        between = ",\n" if as_list else "\n"
    if between:
        out.write("\n")
    if as_list:
        out.write("]\n")
    out.flush()


if __name__ == "__main__":
    main()
