"""A first look at the data of a port, as a table, text, JSON or a picture. Pure functions.

However large the data is, only a bounded part of it is read.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from composer.runs.media import HEAD, is_json, is_text, media_type, picture_type, whole_characters
from composer.runs.tables import BUDGET, Table, csv_table, jsonl_table

TEXT_MOST = 256 * 1024
JSON_MOST = 1024 * 1024
INDENTED_MOST = 8 * JSON_MOST
LIMIT_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Preview:
    """`offset` counts rows in a table and bytes in a text; `next_offset` is where the next page begins."""

    kind: str  # table | json | text | picture | html | binary | empty
    bytes: int
    complete: bool  # the step is over: this is all there will be
    media_type: str
    columns: Sequence[str] | None = None
    rows: Sequence[Sequence[str]] | None = None
    total_rows: int | None = None
    text: str | None = None
    truncated: bool = False
    next_offset: int | None = None


def preview(
    file: BinaryIO, size: int, gives: str, *, offset: int = 0, limit: int = 200, complete: bool = True
) -> Preview:
    """A look at `size` bytes of data that should be what `gives` says."""
    head = file.read(min(HEAD, size))
    media = media_type(gives, head)
    if size == 0:
        return Preview("empty", 0, complete, media)
    kind = _kind(gives, head, size, file)
    if kind in ("picture", "binary"):
        media = picture_type(head) or ("application/pdf" if head.startswith(b"%PDF-") else media)
        return Preview(kind, size, complete, media)
    if kind in ("csv", "jsonl"):
        table = _table(file, size, kind, offset, limit, complete)
        if table is not None:
            return _as_table(table, size, complete, media, offset)
        kind = "text"
    if kind == "json" and complete and offset == 0 and size <= JSON_MOST:
        return _as_json(file, size, media)
    return _as_text(file, size, kind, media, offset=offset, limit=limit, complete=complete)


def _kind(gives: str, head: bytes, size: int, file: BinaryIO) -> str:
    if picture_type(head) and gives in ("image", "any", "nothing"):
        return "picture"
    if gives == "pdf" or head.startswith(b"%PDF-") or not is_text(head):
        return "binary"
    if gives in ("csv", "jsonl", "json", "html"):
        return gives
    if gives == "any" and size <= JSON_MOST and head.lstrip()[:1] in (b"{", b"["):
        file.seek(0)
        return "json" if is_json(file.read(size)) else "text"
    return "text"


def _table(file: BinaryIO, size: int, kind: str, offset: int, limit: int, complete: bool) -> Table | None:
    file.seek(0)
    data = file.read(min(size, BUDGET))
    whole = complete and size <= BUDGET
    read = csv_table if kind == "csv" else jsonl_table
    return read(data, offset=offset, limit=limit, whole=whole)


def _as_table(table: Table, size: int, complete: bool, media: str, offset: int) -> Preview:
    total = table.seen if size <= BUDGET else None
    end = offset + len(table.rows)
    return Preview(
        "table",
        size,
        complete,
        media,
        columns=table.columns,
        rows=table.rows,
        total_rows=total,
        truncated=table.shortened or size > BUDGET,
        next_offset=end if table.rows and end < table.seen else None,
    )


def _as_json(file: BinaryIO, size: int, media: str) -> Preview:
    file.seek(0)
    data = file.read(size)
    try:
        text = _over_several_lines(json.loads(data))
        text.encode()
    except (ValueError, RecursionError):
        text = data.decode("utf-8", "replace")  # it says JSON and is none: shown as it is
    return Preview("json", size, True, media, text=text)


def _over_several_lines(value: object) -> str:
    """The same with line ends and indentation. Raises ValueError where that becomes too much.

    Each of a million values could stand behind a thousand blanks.
    """
    pieces, length = [], 0
    for piece in json.JSONEncoder(ensure_ascii=False, indent=2).iterencode(value):
        length += len(piece)
        if length > INDENTED_MOST:
            raise ValueError("too deep to be indented")
        pieces.append(piece)
    return "".join(pieces)


def _as_text(
    file: BinaryIO, size: int, kind: str, media: str, *, offset: int, limit: int, complete: bool
) -> Preview:
    file.seek(min(offset, size))
    data = file.read(max(0, min(TEXT_MOST, size - offset)))
    lines = data.splitlines(keepends=True)
    shown = data if kind in ("html", "json") else b"".join(lines[:limit])
    end = offset + len(shown)
    if end < size:
        shown = whole_characters(shown) or shown
        end = offset + len(shown)
    more = end < size
    text = shown.decode("utf-8", "replace")
    return Preview(
        kind,
        size,
        complete,
        media,
        text=text,
        truncated=more or offset > 0,
        next_offset=end if more and shown else None,
    )
