"""Reading rules: what is refused, where it stands and in which words."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.engine.rule_reading import RuleError, read_rule, rule_faults
from composer.engine.rules import Condition, Rule, in_words, rule_json
from tests.engine.rule_folder import JSON_DATA, cond


def refused(raw: object) -> list[tuple[str, str]]:
    with pytest.raises(RuleError) as caught:
        read_rule(raw)
    assert str(caught.value)
    return caught.value.problems


def test_a_rule_is_read_and_written_the_same() -> None:
    raw = {"any": [cond("total", "greater", 1000), cond("city", "is", "Berlin"), cond("note", "is empty")]}
    assert rule_json(read_rule(raw)) == raw
    assert rule_json(read_rule({"else": True})) == {"else": True}


@pytest.mark.parametrize("test", ["is_not", "is-not", " is not "])
def test_tests_of_two_words_are_read_however_they_are_joined(test: str) -> None:
    assert read_rule({"all": [cond("city", test, "Lima")]}).conditions[0].test == "is not"


def test_the_exit_code_has_two_spellings() -> None:
    read = read_rule({"all": [cond("exit_code", "is", 0)]})
    assert read.conditions == (Condition("exit code", "is", 0),)


def test_an_empty_test_may_come_with_a_value_of_null() -> None:
    raw = {"all": [{"field": "note", "test": "is empty", "value": None}]}
    assert read_rule(raw) == Rule("all", (Condition("note", "is empty"),))


@pytest.mark.parametrize(
    ("condition", "field"),
    [
        (5, "all.0"),
        (None, "all.0"),
        ({"test": "is", "value": 1}, "all.0.field"),
        (cond("", "is", 1), "all.0.field"),
        (cond(" ", "is", 1), "all.0.field"),
        (cond("$.", "is", 1), "all.0.field"),
        (cond("x" * 201, "is", 1), "all.0.field"),
        (cond("nul\0", "is", 1), "all.0.field"),
        (cond("\ud800", "is", 1), "all.0.field"),
        ({"field": 5, "test": "is", "value": 1}, "all.0.field"),
        ({"field": "total", "value": 1}, "all.0.test"),
        ({"field": "total", "test": ["is"], "value": 1}, "all.0.test"),
        (cond("total", "resembles", 1), "all.0.test"),
        (cond("total", "is" + " " * 1_000_000, 1), "all.0.test"),
        (cond("total", "is"), "all.0.value"),
        (cond("total", "is", None), "all.0.value"),
        (cond("total", "is", [1]), "all.0.value"),
        (cond("total", "is", {}), "all.0.value"),
        (cond("total", "is", float("nan")), "all.0.value"),
        (cond("total", "is", float("inf")), "all.0.value"),
        (cond("total", "is", 10**5_000), "all.0.value"),
        (cond("total", "is", "x" * 10_001), "all.0.value"),
        (cond("total", "is", "\ud800"), "all.0.value"),
        (cond("total", "is empty", ""), "all.0.value"),
        (cond("total", "is empty", False), "all.0.value"),
        (cond("total", "greater", ""), "all.0.value"),
        (cond("total", "less", True), "all.0.value"),
        (cond("total", "contains", ""), "all.0.value"),
        (cond("total", "matches", ""), "all.0.value"),
        (cond("total", "matches", 5), "all.0.value"),
        ({**cond("total", "is", 1), "unit": "EUR"}, "all.0.unit"),
    ],
)
def test_a_bad_condition_is_refused_by_field(condition: object, field: str) -> None:
    problems = refused({"all": [condition]})
    assert [where for where, _ in problems] == [field]
    assert problems[0][1].endswith((".", "?"))


@pytest.mark.parametrize(
    ("test", "value"),
    [
        ("greater", "abc"),
        ("less", "1,000"),
        ("greater", "2024-99-99"),
        ("matches", "("),
        ("matches", "(?=ahead)"),
        ("matches", r"(a)\1"),
        ("matches", "((x{100}){100}){100}"),
    ],
)
def test_a_value_that_does_not_fit_its_test_is_kept_and_named(test: str, value: str) -> None:
    raw = {"any": [cond("city", "is", "Lima"), cond("total", test, value)]}
    rule = read_rule(raw)
    assert rule_json(rule) == raw
    [(where, message)] = rule_faults(rule)
    assert where == "any.1.value"
    assert message.endswith(".")


def test_a_rule_whose_values_fit_has_no_fault() -> None:
    fitting = [
        cond("total", "greater", "1000"),
        cond("day", "less", "2024-05-31"),
        cond("x", "matches", "a+"),
    ]
    assert list(rule_faults(read_rule({"all": [*fitting, cond("city", "is", "(")]}))) == []


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        (None, ""),
        ([], ""),
        ("all", ""),
        ({}, ""),
        ({"all": []}, "all"),
        ({"any": []}, "any"),
        ({"all": {}}, "all"),
        ({"any": "x"}, "any"),
        ({"else": False}, "else"),
        ({"else": 1}, "else"),
        ({"all": [cond("a", "is", 1)], "any": [cond("a", "is", 1)]}, "any"),
        ({"all": [cond("a", "is", 1)], "else": True}, "else"),
        ({"all": [cond("a", "is", 1)] * 51}, "all"),
        ({"all": [cond("a", "is", 1)], "note": "x"}, "note"),
        ({"al": [cond("a", "is", 1)]}, "al"),
    ],
)
def test_what_is_no_rule_is_refused_in_words(raw: object, field: str) -> None:
    problems = refused(raw)
    assert [where for where, _ in problems] == [field]
    assert problems[0][1].endswith((".", "?"))


def test_every_problem_is_told_at_once() -> None:
    raw = {"any": [cond("", "is", 1), cond("a", "is", 1), {"feild": "a", "test": "equals"}], "x": 1}
    assert [where for where, _ in refused(raw)] == [
        "x",
        "any.0.field",
        "any.2.feild",
        "any.2.field",
        "any.2.test",
    ]


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ({"al": [cond("a", "is", 1)]}, "“all”"),
        ({"all": [{"feild": "a", "test": "is", "value": 1}]}, "“field”"),
        ({"all": [cond("a", "equals", 1)]}, "“is”"),
        ({"all": [cond("a", ">", 1)]}, "“greater”"),
        ({"all": [cond("a", "Is", 1)]}, "“is”"),
        ({"all": [cond("a", "contain", 1)]}, "“contains”"),
    ],
)
def test_a_wrong_word_is_answered_with_the_one_that_was_meant(raw: object, meant: str) -> None:
    assert meant in refused(raw)[0][1]


def test_a_million_unknown_keys_are_not_all_repeated() -> None:
    assert len(refused({str(key): key for key in range(1_000_000)})) == 20


CONDITIONS = st.one_of(
    st.builds(
        cond,
        st.sampled_from(
            ["total", "text", "bytes", "exit_code", "exit code", "$.text", "a.b", "ä ö", "items.0"]
        ),
        st.sampled_from(["is", "is not", "is_not"]),
        st.one_of(
            st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
            st.integers(-(2**1000), 2**1000),
            st.floats(allow_nan=False, allow_infinity=False),
            st.booleans(),
        ),
    ),
    st.builds(
        cond, st.just("total"), st.sampled_from(["greater", "less"]), st.integers() | st.dates().map(str)
    ),
    st.builds(
        cond, st.just("total"), st.sampled_from(["contains", "matches"]), st.sampled_from(["a", "[a-z]+$"])
    ),
    st.builds(cond, st.just("tags"), st.sampled_from(["is empty", "is-empty", "is_empty"])),
)
RULES = st.builds(
    lambda how, conditions: read_rule({how: conditions}),
    st.sampled_from(["all", "any"]),
    st.lists(CONDITIONS, min_size=1, max_size=5),
)


@given(RULES)
def test_any_rule_is_the_same_after_writing_and_reading(rule: Rule) -> None:
    assert read_rule(json.loads(json.dumps(rule_json(rule)))) == rule
    assert in_words(rule)


@given(JSON_DATA)
def test_reading_whatever_data_gives_a_rule_or_says_why_not(raw: object) -> None:
    try:
        rule = read_rule(raw)
    except RuleError as error:
        said = [message for _, message in error.problems]
    else:
        said = [in_words(rule)]
    assert said
    assert all(each and each.isprintable() for each in said)
