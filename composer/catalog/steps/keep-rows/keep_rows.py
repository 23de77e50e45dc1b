#!/usr/bin/python3 -I
"""Keeps the rows of a table where a column fits a condition; rows pass one by one."""

import re
from collections.abc import Callable
from decimal import Decimal

from stepkit import choice, fail, flag, setting, shorten
from stepkit.numbers import Numbers, parse
from stepkit.tables import Table, Writer

Test = Callable[[str], bool]
TEXT_TESTS = ("is", "contains", "starts", "matches", "empty")
ORDER_TESTS = ("greater", "less", "at-least", "at-most")
TESTS = ("is", "is-not", "contains", "not-contains", "starts", *ORDER_TESTS, "empty", "not-empty", "matches")


def text_test(kind: str, value: str, case: bool, comma: bool) -> Test:
    fold: Callable[[str], str] = str if case else str.casefold
    wanted = fold(value.strip())
    number = parse(value, comma=comma)

    def same(cell: str) -> bool:
        if fold(cell.strip()) == wanted:
            return True
        return number is not None and parse(cell, comma=comma) == number  # 12 is 12.0

    tests: dict[str, Test] = {
        "is": same,
        "contains": lambda cell: wanted in fold(cell),
        "starts": lambda cell: fold(cell.strip()).startswith(wanted),
        "empty": lambda cell: not cell.strip(),
    }
    return pattern(value, case) if kind == "matches" else tests[kind]


def pattern(value: str, case: bool) -> Test:
    try:
        compiled = re.compile(value, 0 if case else re.IGNORECASE)
    except re.error as error:
        fail(f"The pattern “{shorten(value)}” is not complete: {error.msg}.")
    return lambda cell: compiled.search(cell) is not None


def order_test(kind: str, value: str, table: Table, numbers: Numbers) -> Test:
    """By number where the value is one; else as texts, which is right for dates like 2026-03-12."""
    limit = parse(value, comma=numbers.comma)
    if not value.strip():
        fail("There is no value to compare with. Write one in the settings.")
    if limit is not None:
        bound = limit
        return lambda cell: bool(cell.strip()) and ordered(kind, numbers.read(cell, table.line), bound)
    text = value.strip()
    return lambda cell: bool(cell.strip()) and ordered(kind, cell.strip(), text)


def ordered(kind: str, left: str | Decimal, right: str | Decimal) -> bool:
    if kind == "greater":
        return left > right  # type: ignore[operator]
    if kind == "less":
        return left < right  # type: ignore[operator]
    return left >= right if kind == "at-least" else left <= right  # type: ignore[operator]


def chosen_test(table: Table, numbers: Numbers) -> Test:
    kind, value = choice("test", *TESTS), setting("value")
    if kind in ORDER_TESTS:
        return order_test(kind, value, table, numbers)
    plain = {"is-not": "is", "not-contains": "contains", "not-empty": "empty"}.get(kind, kind)
    test = text_test(plain, value, flag("case", False), numbers.comma)
    return test if plain == kind else lambda cell: not test(cell)


def main() -> None:
    table = Table()
    column = setting("column")
    place = table.find(column)
    fits = chosen_test(table, Numbers(column))
    out = Writer()
    out.row(table.columns)
    for row in table.rows():
        if fits(row[place]):
            out.row(row)
    out.close()


if __name__ == "__main__":
    main()
