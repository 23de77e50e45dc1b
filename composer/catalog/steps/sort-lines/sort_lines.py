#!/usr/bin/python3 -I
"""Sorts lines and removes duplicates, in two ways: as words, or by the number in each line."""

import re
import sys
import unicodedata
from decimal import Decimal

from stepkit import choice, flag
from stepkit.lines import BOM, decode, out, split

_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_DIGITS = re.compile(r"\d+")


def word_key(text: str, case: bool) -> bytes:
    """é beside e, 9 before 10; what is alike then stands in the order of its characters."""
    base = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    padded = _DIGITS.sub(lambda digits: digits[0].zfill(20), base)
    return f"{padded}\0{text if case else text.casefold()}".encode("utf-8", "surrogateescape")


def number_key(text: str) -> Decimal:
    """The first number in the line."""
    found = _NUMBER.search(text)
    return Decimal(found[0]) if found else Decimal(0)


def without_doubles(texts: list[str], case: bool) -> list[str]:
    """The first of each; capitals differ or not."""
    seen: dict[str, str] = {}
    for text in texts:
        seen.setdefault(text if case else text.casefold(), text)
    return list(seen.values())


def arranged(texts: list[str], order: str, case: bool) -> list[str]:
    if order in ("az", "za"):
        return sorted(texts, key=lambda text: word_key(text, case), reverse=order == "za")
    numbered = [text for text in texts if _NUMBER.search(text)]
    others = [text for text in texts if not _NUMBER.search(text)]
    return sorted(numbered, key=number_key, reverse=order == "down") + others


def main() -> None:
    order = choice("order", "az", "za", "up", "down")
    unique, case, heading = flag("unique", True), flag("case", False), flag("first", False)
    text = sys.stdin.buffer.read()
    if not text:
        return
    if text.startswith(BOM):
        out.write(BOM)
        text = text[len(BOM) :]
    ends_open = not text.endswith(b"\n")
    parts = [split(line + b"\n") for line in text.removesuffix(b"\n").split(b"\n")]
    end = parts[0][1]  # one way to end a line for all
    texts = [decode(said) for said, _ in parts]
    top, texts = (texts[:1], texts[1:]) if heading else ([], texts)
    if unique:
        texts = without_doubles(texts, case)
    result = end.join(each.encode("utf-8", "surrogateescape") for each in top + arranged(texts, order, case))
    out.write(result if ends_open else result + end)
    out.flush()


if __name__ == "__main__":
    main()
