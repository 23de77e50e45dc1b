"""Tables as they come in the wild: BOM, CRLF, semicolons, quotes; and out in one plain form.

What goes out is always UTF-8 with commas and \\n, so the next step has nothing to guess.
"""

import csv
import itertools
import sys
from collections.abc import Iterator
from io import TextIOWrapper
from typing import NoReturn, TextIO

from stepkit import choice, fail, shorten

_SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Table:
    """The table on standard input: its columns at once, its rows as they are asked for."""

    def __init__(self) -> None:
        self._source = _open_input()
        separator = choice("separator", "auto", *_SEPARATORS)
        first = self._line()
        if first.lower().startswith("sep=") and len(first.strip()) == 5:
            first, separator = self._line(), first[4]  # Excel's own way to say it
        else:
            separator = _SEPARATORS.get(separator) or _detect(first)
        csv.field_size_limit(sys.maxsize)
        lines = itertools.chain([first], self._source)
        self._reader = csv.reader(lines, delimiter=separator, strict=True)
        heading = next(self._raw_rows(), None)
        if heading is None:
            fail("Nothing arrived. A table with a line of headings is needed.")
        self.columns: list[str] = [name.strip() for name in heading]

    def rows(self) -> Iterator[list[str]]:
        """The rows, each as long as the heading; missing cells at the end are empty."""
        width = len(self.columns)
        for row in self._raw_rows():
            if len(row) < width:
                row.extend([""] * (width - len(row)))
            elif len(row) > width:
                if any(row[width:]):
                    fail(f"Line {self.line} of the table has {len(row)} cells, but the heading has {width}.")
                del row[width:]
            yield row

    @property
    def line(self) -> int:
        """The line of the file that was read last, for messages."""
        return self._reader.line_num

    def find(self, name: str) -> int:
        """The place of a column; ends the step in words where there is none, or two."""
        found = [place for place, each in enumerate(self.columns) if each == name.strip()]
        if not found:
            names = f"The columns that arrived are {shorten(', '.join(self.columns), 500)}."
            fail(f"The table has no column called “{shorten(name)}”. {names}{self._near(name)}")
        if len(found) > 1:
            fail(f"The table has {len(found)} columns called “{shorten(name)}”. Rename all but one.")
        return found[0]

    def _near(self, name: str) -> str:
        from difflib import get_close_matches  # noqa: PLC0415 - slow to import, and rarely needed

        lower = {each.lower(): each for each in self.columns}
        near = get_close_matches(name.lower(), list(lower), 1)
        return f" Did you mean “{lower[near[0]]}”?" if near else ""

    def _raw_rows(self) -> Iterator[list[str]]:
        try:
            for row in self._reader:
                if row:
                    yield row
        except csv.Error as error:
            fail(f"The table cannot be read near line {self.line}: {_words(error)}.")
        except UnicodeDecodeError:
            _not_utf8()

    def _line(self) -> str:
        try:
            return self._source.readline()
        except UnicodeDecodeError:
            _not_utf8()


class Writer:
    """Writes rows to standard output."""

    def __init__(self) -> None:
        self._out = text_output()
        self._writer = csv.writer(self._out, lineterminator="\n")
        self.row = self._writer.writerow

    def close(self) -> None:
        """To be called at the end; a full disk shows here at the latest."""
        self._out.flush()


def text_output() -> TextIO:
    """Standard output for UTF-8 text whose line ends are left alone."""
    return TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="surrogateescape", newline="")


def _open_input() -> TextIO:
    # Only peeked at: BufferedReader gives what is there without taking it.
    head = sys.stdin.buffer.peek(4)[:4] if hasattr(sys.stdin.buffer, "peek") else b""
    if head.startswith(_UTF16):
        _not_utf8()
    return TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", newline="")


def _not_utf8() -> NoReturn:
    fail("The table is not written in UTF-8. Save it as “CSV UTF-8” and try again.")


def _detect(line: str) -> str:
    """The separator that the heading uses most, outside quotes."""
    outside = "".join(line.split('"')[::2])
    return max(",;\t", key=outside.count)  # of equals, the first: the comma


def _words(error: csv.Error) -> str:
    said = str(error)
    if "end of data" in said:
        return "a quotation mark is opened and never closed"
    if "expected after" in said:
        return "a quotation mark stands in the middle of a cell"
    if "NUL" in said:
        return "it holds bytes that are no text"
    return said
