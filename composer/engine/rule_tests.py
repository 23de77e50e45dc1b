"""The tests that a rule can make of a value: is, contains, greater, matches, is empty and so on.

Texts that are numbers count as numbers, because a table holds nothing but texts.
"""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from composer.engine.patterns import TooMuchWork, fits, pattern_fault
from composer.engine.rule_data import Absent, CannotDecide, brief

_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.]+(?:Z|[+-][0-9:]+)?)?")
_LONGEST_NUMBER = 400
_LONGEST_LIST = 100_000


def number(value: object) -> Decimal | None:
    """The number that a value is, exactly; None where it is none. Only plain notation counts: 1284.50."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = value.strip() if isinstance(value, str) else repr(value)
    if len(text) > _LONGEST_NUMBER:
        return None
    if not _PLAIN.fullmatch(text) and type(value) is str:  # a Number may have an exponent
        return None
    try:
        found = Decimal(text)
    except ArithmeticError:
        return None
    return found if found.is_finite() else None


def date(value: object) -> datetime | None:
    """The date or time of an ISO text; UTC where it names no zone, midnight where it names no time."""
    if not isinstance(value, str) or not _DATE.fullmatch(text := value.strip()):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def shown(value: object, *, as_number: bool = False) -> str:
    """A value in a few words, for a sentence."""
    if isinstance(value, list):
        return f"a list of {len(value):,}"
    if isinstance(value, dict):
        return f"data with {len(value):,} {'part' if len(value) == 1 else 'parts'}"
    text = _text(value)
    if not text.strip():
        return "empty"
    plain = text.strip()
    if as_number and len(plain) < 40 and _PLAIN.fullmatch(plain):
        return f"{Decimal(plain):,f}"
    return brief(text, 60)


def passes(test: str, name: str, found: object, wanted: object) -> bool:
    """Whether a value passes a test. `name` is what the field is called in a message."""
    if test == "is empty":
        return is_empty(found)
    if isinstance(found, Absent):
        raise CannotDecide(found.why)
    if test == "contains" and isinstance(found, list):
        return _list_holds(name, found, wanted)
    if isinstance(found, list | dict):
        raise CannotDecide(_many(name, found))
    match test:
        case "is" | "is not":
            return _same(found, wanted) is (test == "is")
        case "contains":
            return _text(wanted) in _text(found)
        case "matches":
            return _matches(name, _text(found), _text(wanted))
        case "greater" | "less":
            one, other = _comparable(name, found, wanted, test)
            return bool(one > other if test == "greater" else one < other)
    raise CannotDecide(f"A rule cannot test whether something “{brief(test, 60)}”.")


def is_empty(found: object) -> bool:
    """True of nothing at all, null, white space, [] and {}."""
    if isinstance(found, str):
        return not found.strip()
    return found is None or isinstance(found, Absent) or (isinstance(found, list | dict) and not found)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _same(found: object, wanted: object) -> bool:
    one, other = number(found), number(wanted)
    if one is not None and other is not None:
        return one == other
    return _text(found).strip() == _text(wanted).strip()


def _list_holds(name: str, found: list[object], wanted: object) -> bool:
    if len(found) > _LONGEST_LIST:
        raise CannotDecide(
            f"{_capital(name)} is a list of {len(found):,}, and a rule looks through at most "
            f"{_LONGEST_LIST:,}. Put a step before it that makes the list shorter."
        )
    return any(not isinstance(each, list | dict) and _same(each, wanted) for each in found)


def _comparable(name: str, found: object, wanted: object, test: str) -> tuple[Any, Any]:
    """Both as numbers, or both as dates."""
    for kind in (number, date):
        one, other = kind(found), kind(wanted)
        if one is not None and other is not None:
            return one, other
    limit = shown(wanted, as_number=True)
    if number(wanted) is None and date(wanted) is None:
        raise CannotDecide(f"“{limit}” is no number and no date, so nothing can be {test} than it.")
    if is_empty(found):
        raise CannotDecide(f"{_capital(name)} is empty, so it cannot be {test} than {limit}.")
    what, like = ("date", "2024-05-31") if number(wanted) is None else ("number", "1284.50")
    raise CannotDecide(
        f"{_capital(name)} is “{shown(found)}”, which is no {what}, so it cannot be {test} than {limit}. "
        f"{what.capitalize()}s are written like {like}."
    )


def _matches(name: str, text: str, pattern: str) -> bool:
    if fault := pattern_fault(pattern):
        raise CannotDecide(f"The pattern for {name} {fault}")
    try:
        return fits(pattern, text.rstrip("\r\n").encode("utf-8", "surrogatepass"))
    except TooMuchWork as error:
        raise CannotDecide(
            f"The pattern for {name} is too complicated for so long a text. Make one of them shorter."
        ) from error


def _many(name: str, found: Any) -> str:
    parts = (
        [str(place) for place in range(min(len(found), 1))] if isinstance(found, list) else list(found)[:1]
    )
    path = name.strip("“”")
    cure = f" Name one of them, such as “{brief(f'{path}.{parts[0]}', 120)}”." if parts else ""
    return f"{_capital(name)} is {shown(found)} and no single value.{cure}"


def _capital(name: str) -> str:
    return name if name.startswith("“") else name[:1].upper() + name[1:]
