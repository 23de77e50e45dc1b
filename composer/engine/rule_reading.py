"""Reading the JSON of a rule, with every problem said where it stands. rules.py says what a rule is."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from itertools import islice
from typing import Any, Literal

from composer.engine.patterns import pattern_fault
from composer.engine.rule_data import brief
from composer.engine.rule_tests import date, number
from composer.engine.rules import COMPARING, TESTS, Condition, Rule
from composer.engine.values import bad_text, bad_text_within

MAX_CONDITIONS = 50
MAX_FIELD = 200
MAX_VALUE = 10_000

_MAX_PROBLEMS = 20  # of unknown keys in one place
_WAYS = ("all", "any", "else")
_KEYS = ("field", "test", "value")
_MEANT = {
    "equals": "is",
    "equal": "is",
    "=": "is",
    "==": "is",
    "!=": "is not",
    "not": "is not",
    "not equals": "is not",
    ">": "greater",
    "more": "greater",
    "greater than": "greater",
    "<": "less",
    "less than": "less",
    "includes": "contains",
    "regex": "matches",
    "empty": "is empty",
}


class RuleError(Exception):
    """The data is no rule; `problems` says where in it (such as `all.0.value`), and why."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__(problems[0][1] if problems else "This is no rule.")
        self.problems = problems


def read_rule(raw: object) -> Rule:
    """Reads the JSON of a rule. Raises RuleError with every problem found; `rule_faults` knows the others."""
    found: list[tuple[str, str]] = []
    rule = _rule(raw, found)
    if rule is None or found:
        raise RuleError(found)
    return rule


def rule_faults(rule: Rule) -> Iterable[tuple[str, str]]:
    """Where values do not fit their tests: what somebody may have typed half, and no run can decide by."""
    for place, condition in enumerate(rule.conditions):
        if isinstance(condition.value, str) and (fault := _misfit(condition.test, condition.value)):
            yield f"{rule.how}.{place}.value", f"“{brief(condition.value, 40)}” {fault}"


def _rule(raw: object, found: list[tuple[str, str]]) -> Rule | None:
    if not isinstance(raw, Mapping):
        found.append(("", "A rule is an object with “all”, “any” or “else”."))
        return None
    found.extend(_unknown_keys(raw, _WAYS, "rule", ""))
    ways = [way for way in _WAYS if way in raw]
    if len(ways) != 1:
        count = "only one of them" if ways else "one of them"
        if ways or not found:
            found.append((ways[1] if ways else "", f"A rule has “all”, “any” or “else”: {count}."))
        return None
    if "else" in raw:
        if raw["else"] is not True:
            found.append(("else", "“else” can only be true."))
        return Rule("else")
    how: Literal["all", "any"] = "all" if "all" in raw else "any"
    listed = raw[how]
    if not isinstance(listed, list):
        found.append((how, f"“{how}” must be a list of conditions."))
    elif not listed:
        found.append((how, f"“{how}” is empty. Add a condition, or remove the rule."))
    elif len(listed) > MAX_CONDITIONS:
        message = f"A rule holds at most {MAX_CONDITIONS} conditions; this one has {len(listed):,}."
        found.append((how, message))
    else:
        read = [_condition(each, f"{how}.{place}", found) for place, each in enumerate(listed)]
        return Rule(how, tuple(each for each in read if each))
    return None


def _unknown_keys(
    raw: Mapping[Any, Any], known: tuple[str, ...], what: str, path: str
) -> Iterable[tuple[str, str]]:
    for key in islice((key for key in raw if key not in known), _MAX_PROBLEMS):
        name = brief(str(key), 60)
        near = get_close_matches(name, known, 1)
        hint = f" Did you mean “{near[0]}”?" if near else f" Known here: {', '.join(known)}."
        yield f"{path}.{name}" if path else name, f"The {what} has an unknown key “{name}”.{hint}"


def _condition(raw: object, path: str, found: list[tuple[str, str]]) -> Condition | None:
    if not isinstance(raw, Mapping):
        found.append((path, "A condition is an object with “field”, “test” and “value”."))
        return None
    before = len(found)
    found.extend(_unknown_keys(raw, _KEYS, "condition", path))
    field = _field(raw.get("field"))
    test = _test(raw.get("test"))
    for key, read in (("field", field), ("test", test)):
        if read[1]:
            found.append((f"{path}.{key}", f"“{key}” {read[1]}"))
    if test[0] and (fault := _value_fault(test[0], raw.get("value"))):
        found.append((f"{path}.value", f"“value” {fault}"))
    return Condition(field[0], test[0], raw.get("value")) if len(found) == before else None


def _field(raw: object) -> tuple[str, str]:
    """The field as it is kept, or what is wrong with it."""
    if not isinstance(raw, str):
        return "", "is missing." if raw is None else "must be a text."
    if len(raw) > MAX_FIELD:
        return "", f"is too long: {len(raw):,} characters, and at most {MAX_FIELD} fit."
    if bad := bad_text(raw):
        return "", f"{bad}."
    field = raw.strip()
    if field in ("", "$."):
        return "", "is empty. Name what the rule looks at, such as total, text or bytes."
    return ("exit code" if field == "exit_code" else field), ""


def _test(raw: object) -> tuple[str, str]:
    """The test as it is kept, or what is wrong with it."""
    if not isinstance(raw, str):
        return "", "is missing." if raw is None else "must be a text."
    test = raw[:60].strip().replace("_", " ").replace("-", " ")
    if len(raw) <= 60 and test in TESTS:
        return test, ""
    near = _MEANT.get(test.lower()) or next(iter(get_close_matches(test.lower(), TESTS, 1)), None)
    hint = f"Did you mean “{near}”?" if near else f"Known are: {', '.join(TESTS)}."
    return "", f"cannot be “{brief(raw, 60)}”. {hint}"


def _value_fault(test: str, value: object) -> str | None:
    """What is wrong with the value of a condition, if anything."""
    if test == "is empty":
        return None if value is None else "has no meaning with “is empty”. Leave it out."
    if value is None:
        return "is missing."
    if not isinstance(value, str | int | float):
        return "must be a text, a number, true or false."
    return _unwritable(value) or _unfit(test, value)


def _unwritable(value: str | float) -> str | None:
    if isinstance(value, int) and value.bit_length() > 1_024:
        return "is too large a number."
    if isinstance(value, str) and len(value) > MAX_VALUE:
        return f"is too long: {len(value):,} characters, and at most {MAX_VALUE:,} fit."
    bad = bad_text_within(value)
    return f"{bad[1]}." if bad else None


def _unfit(test: str, value: str | float) -> str | None:
    if test == "matches":
        if not isinstance(value, str):
            return "must be a text: a regular expression."
        return None if value else "is empty, and everything matches that."
    if test == "contains" and value == "":
        return "is empty, and everything contains that."
    if test in COMPARING and (isinstance(value, bool) or value == ""):
        return _not_comparable(test)
    return None


def _misfit(test: str, value: str) -> str | None:
    if test == "matches":
        return pattern_fault(value)
    if test in COMPARING and number(value) is None and date(value) is None:
        return _not_comparable(test)
    return None


def _not_comparable(test: str) -> str:
    return f"must be a number such as 1284.50, or a date such as 2024-05-31, to be {test} than it."
