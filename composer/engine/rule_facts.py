"""What a rule looks at: how the step ended, how much it gave, or a value in the data it gave.

Data is read as the step says it gives it, and otherwise as what it turns out to be. Never more than
a bounded part is read, and nothing that a step wrote is trusted: it may be broken, huge or hostile.
"""

import codecs
import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from composer.engine.files import open_read
from composer.engine.rule_data import (
    UTF16,
    Absent,
    CannotDecide,
    NotJson,
    Number,
    Table,
    Tree,
    decoded,
    in_table,
    in_tree,
    not_utf8,
    parsed,
    read_table,
)

MAX_READ = 16 * 1024 * 1024
MAX_HEAD = 1024 * 1024  # a table's heading and first row stand in it


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a step that ended. `data` is the file it wrote, None where there is none."""

    data: Path | None
    gives: str
    size: int
    exit_code: int | None


class Arrived:
    """The facts, with the data read when it is asked for, and then once."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def value(self, field: str) -> object:
        """Of a field: a text, a Number, a boolean, None, a list, an object, or Absent."""
        if field == "bytes":
            return Number(self._facts.size)
        if field == "exit code":
            code = self._facts.exit_code
            return Absent("The step before has no exit code.") if code is None else Number(code)
        if field == "text":
            return self.text
        path = field.removeprefix("$.")
        data = self._data
        if isinstance(data, CannotDecide):
            raise data
        if data is None:
            return Absent(f"Nothing arrived, so there is no “{path}”.")
        return in_tree(data.data, path) if isinstance(data, Tree) else in_table(data, path)

    @cached_property
    def text(self) -> str:
        """Everything that arrived. Bytes that are no UTF-8 stay what they are, as surrogates."""
        content, whole = self._read(MAX_READ)
        if not whole:
            raise _too_much()
        if content.startswith(UTF16):
            raise not_utf8()
        return content.decode("utf-8-sig", "surrogateescape")

    def is_blank(self) -> bool:
        """True where nothing but white space arrived."""
        content, whole = self._read(MAX_READ)
        blank = not content.removeprefix(codecs.BOM_UTF8).strip()
        if blank and not whole:
            raise _too_much()
        return blank

    @cached_property
    def _data(self) -> Tree | Table | CannotDecide | None:
        try:
            match self._facts.gives:
                case "csv":
                    return self._table()
                case "json":
                    return self._json()
                case "jsonl":
                    return self._first_line()
                case _:
                    return self._guess()
        except CannotDecide as why:
            return why

    def _json(self) -> Tree | None:
        content, whole = self._read(MAX_READ)
        if not whole:
            raise _too_much()
        text = decoded(content)
        return Tree(parsed(text)) if text.strip() else None

    def _first_line(self) -> Tree | None:
        for most in (MAX_HEAD, MAX_READ):
            content, whole = self._read(most)
            line, end, _ = content.removeprefix(codecs.BOM_UTF8).lstrip().partition(b"\n")
            if end or whole:
                return Tree(parsed(decoded(line))) if line else None
        raise _too_much()

    def _table(self) -> Table | None:
        content, whole = self._read(MAX_HEAD)
        text = decoded(content, whole=whole)
        return read_table(text, whole=whole) if text.strip() else None

    def _guess(self) -> Tree | Table | None:
        content, whole = self._read(MAX_HEAD)
        text = decoded(content, whole=whole)
        if not text.strip():
            return None
        if text.lstrip()[0] in "{[":
            with suppress(NotJson):
                return self._json()
        try:
            table = read_table(text, whole=whole)
        except CannotDecide:
            return Table(guessed=True)
        return Table(table.columns, table.row, guessed=True)

    def _read(self, most: int) -> tuple[bytes, bool]:
        """The first bytes that arrived, and whether these are all."""
        if self._facts.data is None:
            return b"", True
        try:
            fd = open_read(self._facts.data)
            try:
                if not stat.S_ISREG(os.fstat(fd).st_mode):
                    raise CannotDecide(
                        "What flows through this pipe is not kept, so a rule cannot look into it. "
                        "Keep it, or let the rule look at “bytes” or “exit code”."
                    )
                with open(fd, "rb", closefd=False) as file:
                    content = file.read(most + 1)
            finally:
                os.close(fd)
        except OSError:
            raise CannotDecide(
                "What arrived cannot be read any more. Run the step before once again."
            ) from None
        return content[:most], len(content) <= most


def _too_much() -> CannotDecide:
    return CannotDecide(
        "More than 16 MiB arrived, and a rule reads no more than that. Let it look at “bytes”, "
        "or put a step before it that makes the data smaller."
    )
