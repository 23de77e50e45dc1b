"""CSV and JSON lines as a page of a table."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

BUDGET = 8 * 1024 * 1024  # bytes looked through for rows, at most
CELL_MOST = 2_000
COLUMNS_MOST = 300
_COLUMNS_READ = COLUMNS_MOST + 1  # so that it can be told when there are more
_DELIMITERS = ",;\t|"

# The module's own limit, 128 KB for a cell, is for the whole process; what is read is bounded already.
csv.field_size_limit(2 * BUDGET)


@dataclass(frozen=True, slots=True)
class Table:
    """A page of rows; `seen` rows were counted in all."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    seen: int
    shortened: bool  # cells or columns were cut


def csv_table(data: bytes, *, offset: int, limit: int, whole: bool) -> Table | None:
    """Rows `offset` to `offset + limit` under the header; None where it cannot be read as CSV.

    Where the data is not `whole`, its last row may be a part of one and is left out.
    """
    text = data.decode("utf-8-sig", "replace")
    header: list[str] | None = None
    page: list[list[str]] = []
    seen = 0
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)):
            if record and header is None:
                header = record[:_COLUMNS_READ]
            elif record:
                if offset <= seen < offset + limit:
                    page.append(record[:_COLUMNS_READ])
                seen += 1
    except csv.Error:
        return None
    if header is None:
        return None
    if seen and not whole and not data.endswith((b"\n", b"\r")):
        seen -= 1
        page = page[: max(0, seen - offset)]
    width = max(map(len, [header, *page]))
    columns = [*header, *(f"Column {place + 1}" for place in range(len(header), width))]
    return _page(columns, page, seen)


def _delimiter(text: str) -> str:
    """The separator that cuts the first line into most cells; a comma where it makes no difference."""
    first = text[: 64 * 1024].split("\n", 1)[0]
    widths = {mark: len(next(csv.reader([first], delimiter=mark), [])) for mark in _DELIMITERS}
    return max(_DELIMITERS, key=lambda mark: (widths[mark], mark == ","))


def jsonl_table(data: bytes, *, offset: int, limit: int, whole: bool) -> Table | None:
    """The same of JSON lines; None where a line of the page is no object."""
    lines = data.split(b"\n")
    if not whole and len(lines) > 1:
        lines.pop()
    lines = [line for line in lines if line.strip()]
    page = []
    for line in lines[offset : offset + limit]:
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            return None
        if not isinstance(row, dict):
            return None
        page.append(row)
    columns = list(islice(dict.fromkeys(key for row in page for key in row), _COLUMNS_READ))
    return _page(columns, [[_cell(row.get(key, "")) for key in columns] for row in page], len(lines))


def _cell(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _page(columns: list[str], page: list[list[str]], seen: int) -> Table:
    wide = len(columns) > COLUMNS_MOST
    columns = [_clean(name) for name in columns[:COLUMNS_MOST]]
    long = any(len(cell) > CELL_MOST for row in page for cell in row)
    rows = [[_clean(cell) for cell in row[: len(columns)]] + [""] * (len(columns) - len(row)) for row in page]
    return Table(columns, rows, seen, shortened=wide or long)


def _clean(cell: str) -> str:
    """A cell that fits a screen and can be sent: JSON's escapes may hold half a character."""
    return cell[:CELL_MOST].encode("utf-8", "replace").decode()
