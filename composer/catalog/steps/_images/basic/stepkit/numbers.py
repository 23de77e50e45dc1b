"""Numbers as people write them, kept exact: sums of money come out to the cent."""

import re
from decimal import Decimal, getcontext

from stepkit import choice, fail, shorten

getcontext().prec = 50

_POINT = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,40})?(?:\.\d{0,40})?(?:[eE][+-]?\d{1,3})?")
_SPACES = str.maketrans({"\u00a0": None, "\u202f": None, " ": None, "'": None, "\u2212": "-"})
_SWAP = str.maketrans(",.", ".,")


class Numbers:
    """Reads the numbers of a column, written as the setting `decimal` says."""

    def __init__(self, column: str) -> None:
        self.column = column
        self.comma = choice("decimal", "point", "comma") == "comma"

    def read(self, text: str, line: int) -> Decimal:
        """The number; ends the step in words where there is none."""
        number = parse(text, comma=self.comma)
        if number is None:
            message = (
                f"“{shorten(text)}” in the column “{self.column}” is not a number (line {line} of the table)."
            )
            fail(message + self._cure(text))
        return number

    def _cure(self, text: str) -> str:
        if parse(text, comma=not self.comma) is None:
            return ""
        other = "1,234.50" if self.comma else "1.234,50"
        return f" If numbers are written like {other}, say so under More options."


def parse(text: str, *, comma: bool) -> Decimal | None:
    """1234.5, 1,234.50 or -3e4; with `comma` 1.234,50. None where it is no number."""
    plain = text.translate(_SPACES)
    if comma:
        plain = plain.translate(_SWAP)
    if not _POINT.fullmatch(plain) or not any(map(str.isdigit, plain)):
        return None
    try:
        return Decimal(plain.replace(",", ""))
    except ArithmeticError:
        return None


def show(number: Decimal) -> str:
    """Plainly, with a point and without an exponent: 0.30 stays 0.30."""
    return f"{number:f}"


def rounded(number: Decimal, digits: int = 6) -> Decimal:
    """At most so many digits after the point, and no idle zeros."""
    cut = round(number, digits).normalize()
    return cut.quantize(Decimal(1)) if cut == cut.to_integral_value() else cut
