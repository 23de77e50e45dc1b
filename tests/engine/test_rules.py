"""Rules on edges: what several conditions come to together, and how a rule and a decision say themselves."""

from pathlib import Path
from typing import Any

import pytest

from composer.engine.rule_reading import read_rule
from composer.engine.rules import CannotDecide, Rule, decide, in_words
from tests.engine.rule_folder import ORDER, Folder, cond


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def rule_of(how: str, *values: int | None) -> Rule:
    """Conditions on a total of 5 that hold (5), do not hold (6), or cannot be decided (None)."""
    return read_rule(
        {how: [cond("total", "is", value) if value else cond("missing", "is", 1) for value in values]}
    )


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        (rule_of("all", 5, 5), True),
        (rule_of("all", 5, 6), False),
        (rule_of("all", None, 6), False),
        (rule_of("all", 6, None), False),
        (rule_of("any", 6, 5), True),
        (rule_of("any", 6, 6), False),
        (rule_of("any", None, 5), True),
        (rule_of("any", 5, None), True),
        (Rule("else"), True),
    ],
)
def test_conditions_are_taken_together_in_any_order(folder: Folder, rule: Rule, holds: bool) -> None:
    assert decide(rule, folder.facts('{"total": 5}', "json")).holds is holds


@pytest.mark.parametrize("rule", [rule_of("all", 5, None), rule_of("any", None, 6), rule_of("any", None)])
def test_what_hangs_on_an_unknown_value_cannot_be_decided(folder: Folder, rule: Rule) -> None:
    with pytest.raises(CannotDecide, match="missing"):
        decide(rule, folder.facts('{"total": 5}', "json"))


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        (cond("total", "greater", 1000), "total is 1,284"),
        (cond("total", "less", 1000), "total is 1,284"),
        (cond("note", "is", "x"), "note is empty"),
        (cond("paid", "is", False), "paid is true"),
        (cond("tags", "is empty"), "tags is a list of 3"),
        (cond("a", "is empty"), "a is data with 2 parts"),
        (cond("missing", "is empty"), "missing is empty"),
        (cond("due", "greater", "2024-01-01"), "due is 2024-05-31"),
        (cond("tags", "contains", "old"), "tags does not contain old"),
        (cond("$.text", "matches", "own$"), "$.text matches own$"),
        (cond("exit code", "is", 0), "the exit code is 0"),
        (cond("bytes", "greater", 1), f"the number of bytes is {len(ORDER)}"),
        (cond("text", "is empty"), "the text is not empty"),
        (cond("bad", "is", "x"), "bad is ��"),
    ],
)
def test_a_decision_names_the_value_that_made_it(folder: Folder, condition: Any, why: str) -> None:
    assert decide(read_rule({"all": [condition]}), folder.facts(ORDER, "json")).why == why


def test_several_values_are_named_where_all_were_needed_and_kept_short(folder: Folder) -> None:
    facts = folder.facts('{"total": 5, "city": "Lima"}', "json")
    both = read_rule({"all": [cond("total", "is", 5), cond("city", "is", "Lima")]})
    assert decide(both, facts).why == "total is 5 and city is Lima"
    many = read_rule({"all": [cond("city", "matches", f"^Lima|{'x' * place}") for place in range(1, 51)]})
    assert len(decide(many, facts).why) <= 200


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ({"else": True}, "otherwise"),
        (
            {"all": [cond("total", "greater", 1000), cond("city", "is", "Berlin")]},
            "total is greater than 1,000 and city is Berlin",
        ),
        (
            {"any": [cond("note", "is empty"), cond("total", "less", "1284.50")]},
            "note is empty or total is less than 1,284.50",
        ),
        ({"all": [cond("code", "is", "10115")]}, "code is 10115"),
        ({"all": [cond("paid", "is not", True)]}, "paid is not true"),
        ({"all": [cond("text", "contains", "a\nb")]}, "the text contains a b"),
        ({"all": [cond("bytes", "greater", 5000)]}, "the number of bytes is greater than 5,000"),
        ({"all": [cond("exit_code", "is", 0)]}, "the exit code is 0"),
        ({"all": [cond("city", "is", "")]}, "city is “”"),
        ({"all": [cond("city", "matches", "^B")]}, "city matches ^B"),
    ],
)
def test_a_rule_says_itself_in_words(raw: object, words: str) -> None:
    assert in_words(read_rule(raw)) == words


def test_long_values_are_short_in_words() -> None:
    assert len(in_words(read_rule({"all": [cond("city", "is", "x" * 10_000)]}))) < 100
