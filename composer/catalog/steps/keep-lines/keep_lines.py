#!/usr/bin/python3 -I
"""Keeps the lines that contain a text or fit a pattern; kept lines come out byte for byte."""

import re
from collections.abc import Callable

from stepkit import choice, fail, flag, setting, shorten
from stepkit.lines import BOM, decode, lines, out, split

Test = Callable[[str], bool]


def pattern(find: str, case: bool) -> Test:
    try:
        compiled = re.compile(find, 0 if case else re.IGNORECASE)
    except re.error as error:
        fail(f"The pattern “{shorten(find)}” is not complete: {error.msg}.")
    return lambda text: compiled.search(text) is not None


def plain(how: str, find: str, case: bool) -> Test:
    fold: Callable[[str], str] = str if case else str.casefold
    wanted = fold(find)
    tests: dict[str, Test] = {
        "contains": lambda text: wanted in fold(text),
        "starts": lambda text: fold(text).startswith(wanted),
        "ends": lambda text: fold(text).endswith(wanted),
        "is": lambda text: fold(text) == wanted,
    }
    return tests[how]


def chosen_test() -> Test:
    how = choice("test", "contains", "not-contains", "starts", "ends", "is", "matches", "not-matches")
    find, case = setting("find"), flag("case", False)
    if not find:
        fail("There is no text to look for. Write one in the settings.")
    kept = how.removeprefix("not-")
    test = pattern(find, case) if kept == "matches" else plain(kept, find, case)
    return test if kept == how else lambda text: not test(text)


def main() -> None:
    fits = chosen_test()
    for number, line in enumerate(lines()):
        said = split(line)[0]
        if number == 0:
            said = said.removeprefix(BOM)
        if fits(decode(said)):
            out.write(line)
    out.flush()


if __name__ == "__main__":
    main()
