"""Business rules on edges: which of several ways the data goes on.

    {"all": [{"field": "total", "test": "greater", "value": 1000}]}    {"any": […]}    {"else": true}

A rule is read once (rule_reading.py), decided when the step before it has ended (`decide`), and can
say itself in words. Nothing in it is ever run as a program. rule_tests.py makes the tests,
rule_facts.py finds the values.
"""

from dataclasses import dataclass
from typing import Any, Literal

from composer.engine.rule_data import Absent, CannotDecide, brief
from composer.engine.rule_facts import Arrived, Facts
from composer.engine.rule_tests import passes, shown

__all__ = [
    "CannotDecide",
    "Condition",
    "Decision",
    "Facts",
    "Rule",
    "decide",
    "in_words",
    "rule_json",
]

TESTS = ("is", "is not", "contains", "greater", "less", "matches", "is empty")
#: The tests of numbers and dates, in words.
COMPARING = {"greater": "is greater than", "less": "is less than"}

_RESERVED = {"text": "the text", "bytes": "the number of bytes", "exit code": "the exit code"}


@dataclass(frozen=True, slots=True)
class Condition:
    """One test of one field."""

    field: str
    test: str
    value: str | int | float | bool | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """Conditions of which all must hold, or any; or what is done where no other rule holds."""

    how: Literal["all", "any", "else"]
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the rule holds, and the values that made it so."""

    holds: bool
    why: str


def rule_json(rule: Rule) -> dict[str, Any]:
    """The rule as JSON data."""
    return {"else": True} if rule.how == "else" else {rule.how: [_json(each) for each in rule.conditions]}


def in_words(rule: Rule) -> str:
    """The rule as a person would say it."""
    if rule.how == "else":
        return "otherwise"
    return (" and " if rule.how == "all" else " or ").join(_words(each) for each in rule.conditions)


def decide(rule: Rule, facts: Facts) -> Decision:
    """Whether the rule holds. Raises CannotDecide where nobody can say.

    A condition that cannot be decided does no harm where another one decides alone, whatever their order.
    """
    if rule.how == "else":
        return Decision(True, "otherwise")
    arrived = Arrived(facts)
    alone = rule.how == "any"  # what one condition must be to decide the rule alone
    said: dict[str, None] = {}
    unsure: CannotDecide | None = None
    for condition in rule.conditions:
        try:
            holds, why = _judge(condition, arrived)
        except CannotDecide as cannot:
            unsure = unsure or cannot
            continue
        if holds is alone:
            return Decision(alone, why)
        said[why] = None
    if unsure is not None:
        raise unsure
    return Decision(not alone, brief(" and ".join(said), 200))


def _judge(condition: Condition, arrived: Arrived) -> tuple[bool, str]:
    field, test = condition.field, condition.test
    if (field, test) == ("text", "is empty"):
        blank = arrived.is_blank()
        return blank, "the text is empty" if blank else "the text is not empty"
    value = arrived.value(field)
    if (field, test) == ("bytes", "is empty"):
        return value == "0", f"the number of bytes is {shown(value, as_number=True)}"
    holds = passes(test, _RESERVED.get(field, f"“{field}”"), value, condition.value)
    if test in ("contains", "matches"):
        return holds, brief(_words(condition, holds=holds), 200)
    as_number = field in _RESERVED or _is_numeric(condition)
    what = "empty" if isinstance(value, Absent) else shown(value, as_number=as_number)
    return holds, brief(f"{_name(field)} is {what}", 200)


def _is_numeric(condition: Condition) -> bool:
    """Numbers are shown as numbers where they are compared as such; a postal code is not."""
    value = condition.value
    return condition.test in COMPARING or (isinstance(value, int | float) and not isinstance(value, bool))


def _name(field: str) -> str:
    return _RESERVED.get(field) or brief(field, 100)


def _words(condition: Condition, *, holds: bool = True) -> str:
    test, value = condition.test, condition.value
    if test == "is empty":
        return f"{_name(condition.field)} is empty"
    verb = COMPARING.get(test, test) if holds else f"does not {test.removesuffix('es').removesuffix('s')}"
    what = "“”" if value is None or value == "" else shown(value, as_number=_is_numeric(condition))
    return f"{_name(condition.field)} {verb} {what}"


def _json(condition: Condition) -> dict[str, Any]:
    data: dict[str, Any] = {"field": condition.field, "test": condition.test}
    return data if condition.test == "is empty" else {**data, "value": condition.value}
