"""Rules on edges: what is refused while reading, what holds, and what nobody can decide."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from composer.engine import rule_facts
from composer.engine.rules import (
    CannotDecide,
    Condition,
    Decision,
    Facts,
    Rule,
    RuleError,
    decide,
    in_words,
    read_rule,
    rule_json,
)

ORDERS = "order,city,price\n1,Berlin,12.50\n2,Lima,8.00\n"
ORDER = json.dumps(
    {
        "total": 1284,
        "paid": True,
        "note": None,
        "tags": ["new", 5, True],
        "none": [],
        "a.b": "dotted",
        "a": {"b": "nested", "c": 1},
        "items": [{"price": 3.5, "x.y": {"z": "deep"}}, {"price": "8"}],
        "text": "its own",
        "due": "2024-05-31",
        "huge": 1e3,
        "bad": "\ud800\u0000",
    }
)


class Folder:
    """Writes data to files and decides rules about it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def facts(self, data: str | bytes | None, gives: str = "any", exit_code: int | None = 0) -> Facts:
        if data is None:
            return Facts(None, gives, 0, exit_code)
        content = data.encode() if isinstance(data, str) else data
        file = self.path / "stdout"
        file.write_bytes(content)
        return Facts(file, gives, len(content), exit_code)

    def decide(self, data: str | bytes | None, gives: str, field: str, test: str, *value: Any) -> Decision:
        return decide(read_rule({"all": [cond(field, test, *value)]}), self.facts(data, gives))

    def holds(self, data: str | bytes | None, gives: str, field: str, test: str, *value: Any) -> bool:
        return self.decide(data, gives, field, test, *value).holds

    def cannot(self, data: str | bytes | None, gives: str, field: str, test: str, *value: Any) -> str:
        with pytest.raises(CannotDecide) as caught:
            self.decide(data, gives, field, test, *value)
        return str(caught.value)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def cond(field: str, test: str, *value: Any) -> dict[str, Any]:
    return {"field": field, "test": test, **({"value": value[0]} if value else {})}


def refused(raw: object) -> list[tuple[str, str]]:
    with pytest.raises(RuleError) as caught:
        read_rule(raw)
    assert str(caught.value)
    return caught.value.problems


# Reading


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
        (cond("total", "greater", "abc"), "all.0.value"),
        (cond("total", "greater", "1,000"), "all.0.value"),
        (cond("total", "less", True), "all.0.value"),
        (cond("total", "contains", ""), "all.0.value"),
        (cond("total", "matches", ""), "all.0.value"),
        (cond("total", "matches", 5), "all.0.value"),
        (cond("total", "matches", "("), "all.0.value"),
        (cond("total", "matches", "(?=ahead)"), "all.0.value"),
        (cond("total", "matches", r"(a)\1"), "all.0.value"),
        (cond("total", "matches", "((x{100}){100}){100}"), "all.0.value"),
        ({**cond("total", "is", 1), "unit": "EUR"}, "all.0.unit"),
    ],
)
def test_a_bad_condition_is_refused_by_field(condition: object, field: str) -> None:
    problems = refused({"all": [condition]})
    assert [where for where, _ in problems] == [field]
    assert problems[0][1].endswith((".", "?"))


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


JSON_DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["all", "any", "else", "field", "test", "value", "x"]), inner)
    ),
    max_leaves=20,
)


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


# Words


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


# Finding the value


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("total", 1284),
        ("a.b", "dotted"),
        ("a.c", 1),
        ("items.0.price", 3.5),
        ("items.1.price", 8),
        ("items.0.x.y.z", "deep"),
        ("$.text", "its own"),
        ("$.total", 1284),
        ("tags.1", 5),
    ],
)
def test_a_path_leads_into_json(folder: Folder, field: str, value: Any) -> None:
    for gives in ("json", "any", "text", "jsonl"):
        assert folder.holds(ORDER, gives, field, "is", value)


def test_of_json_lines_the_first_counts(folder: Folder) -> None:
    lines = '\ufeff\n{"total": 5}\n{"total": 6}\nthis is no JSON'
    assert folder.holds(lines, "jsonl", "total", "is", 5)


@pytest.mark.parametrize(
    "table",
    [
        ORDERS,
        "\ufeff" + ORDERS.replace("\n", "\r\n"),
        ORDERS.replace(",", ";"),
        ORDERS.replace(",", "\t"),
        "sep=;\r\n" + ORDERS.replace(",", ";"),
        '"order","city","price"\n1,"Berlin","12.50"\n',
        "\n\norder, city ,price\n\n1,Berlin,12.50",
    ],
)
def test_a_column_of_the_first_row_is_found(folder: Folder, table: str) -> None:
    for gives in ("csv", "any", "lines"):
        assert folder.holds(table, gives, "city", "is", "Berlin")
        assert folder.holds(table, gives, "price", "is", 12.5)


def test_a_column_is_found_without_regard_to_capitals_unless_both_are_there(folder: Folder) -> None:
    assert folder.holds("City\nLima", "csv", "city", "is", "Lima")
    assert folder.holds("CITY,city\nLima,Oslo", "csv", "city", "is", "Oslo")
    assert "2 columns" in folder.cannot("CITY,City\nLima,Oslo", "csv", "city", "is", "Oslo")


def test_a_short_row_ends_in_empty_cells(folder: Folder) -> None:
    assert folder.holds("a,b\n1", "csv", "b", "is empty")


def test_the_reserved_words_look_at_the_whole(folder: Folder) -> None:
    assert folder.holds("  800\n", "text", "text", "is", 800)
    assert folder.holds("800\n", "text", "bytes", "is", 4)
    assert folder.holds(None, "nothing", "exit code", "is", 0)


def test_size_and_exit_code_need_no_data(tmp_path: Path) -> None:
    facts = Facts(tmp_path / "was never written", "csv", 2**40, 3)
    assert decide(read_rule({"all": [cond("bytes", "greater", 2**39)]}), facts).holds
    assert decide(read_rule({"all": [cond("exit code", "is", 3)]}), facts).holds


# Tests


@pytest.mark.parametrize(
    ("field", "test", "value", "holds"),
    [
        ("total", "is", 1284, True),
        ("total", "is", "1284", True),
        ("total", "is", "1284.00", True),
        ("total", "is", "1,284", False),
        ("total", "is not", 1284, False),
        ("huge", "is", 1000, True),
        ("paid", "is", True, True),
        ("paid", "is", "true", True),
        ("paid", "is", " true ", True),
        ("paid", "is", 1, False),
        ("paid", "is", "True", False),
        ("note", "is", "", True),
        ("note", "is not", "x", True),
        ("text", "is not", "x", True),
        ("total", "greater", 1283.99, True),
        ("total", "greater", 1284, False),
        ("total", "less", "1284.01", True),
        ("items.1.price", "greater", 7, True),
        ("due", "greater", "2024-05-30", True),
        ("due", "less", "2024-05-31T00:00:01", True),
        ("due", "less", "2024-05-31T01:00:00+02:00", False),
        ("due", "greater", "2024-05-31T01:00:00+02:00", True),
        ("$.text", "contains", "own", True),
        ("$.text", "contains", "OWN", False),
        ("total", "contains", 28, True),
        ("tags", "contains", "new", True),
        ("tags", "contains", "ne", False),
        ("tags", "contains", "5", True),
        ("tags", "contains", True, True),
        ("$.text", "matches", "^its\\b", True),
        ("$.text", "matches", "^own", False),
        ("total", "matches", "^[0-9]{4}$", True),
    ],
)
def test_a_test_holds_or_not(folder: Folder, field: str, test: str, value: Any, holds: bool) -> None:
    assert folder.holds(ORDER, "json", field, test, value) is holds


def test_numbers_stay_exact_whatever_their_length(folder: Folder) -> None:
    data = '{"x": 12345678901234567890.1}'
    assert folder.holds(data, "json", "x", "is", "12345678901234567890.10")
    assert not folder.holds(data, "json", "x", "is", "12345678901234567890.2")


@pytest.mark.parametrize(
    ("data", "field", "empty"),
    [
        ('{"x": null}', "x", True),
        ('{"x": ""}', "x", True),
        ('{"x": " \\n"}', "x", True),
        ('{"x": []}', "x", True),
        ('{"x": {}}', "x", True),
        ('{"x": 0}', "x", False),
        ('{"x": false}', "x", False),
        ('{"x": [null]}', "x", False),
        ('{"y": 1}', "x", True),
        ('{"y": 1}', "y.x", True),
        ('[{"y": 1}]', "3.x", True),
        ("", "x", True),
        (" \n", "text", True),
        ("\ufeff", "text", True),
        ("x", "text", False),
        ("", "bytes", True),
        (" ", "bytes", False),
    ],
)
def test_what_is_empty(folder: Folder, data: str, field: str, empty: bool) -> None:
    assert folder.holds(data, "json", field, "is empty") is empty


def test_a_table_without_the_column_or_without_rows_is_empty_there(folder: Folder) -> None:
    assert folder.holds(ORDERS, "csv", "town", "is empty")
    assert folder.holds("order,city\n", "csv", "city", "is empty")
    assert folder.holds("", "csv", "city", "is empty")
    assert folder.holds(None, "any", "text", "is empty")


def test_a_postal_code_in_a_table_is_shown_as_it_stands(folder: Folder) -> None:
    assert folder.decide("code\n10115", "csv", "code", "is", "10115").why == "code is 10115"


def test_the_end_of_a_text_is_before_its_last_line_break(folder: Folder) -> None:
    assert folder.holds("all is well\r\n", "text", "text", "matches", "well$")


def test_bytes_that_are_no_text_can_be_searched(folder: Folder) -> None:
    data = b"\xff\x00\xfe status: ok \x80"
    assert folder.holds(data, "any", "text", "contains", "status: ok")
    assert folder.holds(data, "any", "text", "matches", "status: [a-z]+")
    assert not folder.holds(data, "any", "text", "contains", "�")


def test_a_pattern_that_would_take_others_forever_is_answered(folder: Folder) -> None:
    assert not folder.holds("a" * 1_000_000, "text", "text", "matches", r"^(a+)+$b|(a|aa)+\Bz")


def test_a_pattern_too_complicated_for_a_long_text_is_not_begun(folder: Folder) -> None:
    assert "too complicated" in folder.cannot("a" * 4_000_000, "text", "text", "matches", "a[ab]{900}c")


# All, any, else


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


# What nobody can decide


@pytest.mark.parametrize(
    ("data", "gives", "field", "says"),
    [
        (ORDERS, "csv", "total", "There is no “total” in what arrived; there are: order, city, price."),
        (ORDERS, "csv", "citty", "Did you mean “city”?"),
        (ORDERS, "any", "total", "neither JSON nor a table with a column “total”"),
        ("Hello, world", "text", "total", "“text”"),
        ("order,city\n", "csv", "city", "no rows"),
        ('a\n"x', "csv", "a", "never closed"),
        ('a\n"x"y', "csv", "a", "middle of a cell"),
        ('{"totl": 1}', "json", "total", "Did you mean “totl”?"),
        ('{"a": {"x": 1}}', "json", "a.b", "There is no “b” in “a”; there are: x."),
        ('{"a": 1}', "json", "a.b", "“a” is a single value"),
        ('[{"total": 1}]', "json", "total", "such as “0.total”"),
        ("[1, 2]", "json", "2", "count from 0"),
        ("{}", "json", "total", "it is empty"),
        ("5", "json", "total", "“text”"),
        ("{", "json", "total", "line 1, character 2"),
        ('{"total": NaN}', "json", "total", "NaN"),
        ("[" * 100_000, "json", "total", "nested too deeply"),
        ("total", "jsonl", "total", "JSON"),
        (b"\xff\xfet\0", "csv", "t", "UTF-8"),
        (b"caf\xe9\nx", "csv", "caf", "UTF-8"),
        (b"\x89PNG\r\n", "image", "total", "UTF-8"),
        (b"\xff\xfet\0", "text", "text", "UTF-8"),
        ("", "json", "total", "Nothing arrived"),
        (None, "nothing", "total", "Nothing arrived"),
        (ORDER, "json", "tags", "“tags.0”"),
        (ORDER, "json", "a", "“a.b”"),
        (ORDER, "json", "none", "a list of 0"),
    ],
)
def test_what_cannot_be_found_is_told_with_a_cure(
    folder: Folder, data: str | bytes | None, gives: str, field: str, says: str
) -> None:
    assert says in folder.cannot(data, gives, field, "is", "x")


@pytest.mark.parametrize(
    ("value", "wanted", "says"),
    [
        ("abc", 1000, "“total” is “abc”, which is no number, so it cannot be greater than 1,000."),
        ("1,284", 1000, "Numbers are written like 1284.50."),
        (True, 1000, "“true”, which is no number"),
        (None, 1000, "“total” is empty"),
        ("31.5.2024", "2024-05-31", "Dates are written like 2024-05-31."),
        ("2024-02-31", "2024-05-31", "no date"),
        (5, "2024-05-31", "no date"),
        ("2024-05-31", 5, "no number"),
        ([5], 5, "a list of 1 and no single value"),
    ],
)
def test_what_cannot_be_compared_is_told_with_a_cure(
    folder: Folder, value: Any, wanted: Any, says: str
) -> None:
    assert says in folder.cannot(json.dumps({"total": value}), "json", "total", "greater", wanted)


def test_a_step_without_exit_code_has_an_empty_one(folder: Folder) -> None:
    facts = folder.facts("", exit_code=None)
    assert decide(read_rule({"all": [cond("exit code", "is empty")]}), facts).holds
    with pytest.raises(CannotDecide, match="no exit code"):
        decide(read_rule({"all": [cond("exit code", "is", 0)]}), facts)


@pytest.mark.parametrize("gives", ["text", "json", "any", "jsonl"])
def test_more_than_sixteen_mebibytes_are_not_read(folder: Folder, gives: str) -> None:
    field = "text" if gives == "text" else "total"
    data = b'{"total": 5, "rest": "' + b"x" * rule_facts.MAX_READ + b'"}'
    assert "16 MiB" in folder.cannot(data, gives, field, "is", 5)
    assert folder.holds(data, gives, "bytes", "greater", 16 * 1024 * 1024)
    assert not folder.holds(data, gives, "text", "is empty")


def test_data_that_would_fill_the_memory_is_not_read(folder: Folder) -> None:
    for gives in ("json", "any"):
        assert "2,000,000 values" in folder.cannot("[" + "[]," * 2_000_000 + "5]", gives, "0.x", "is", 5)


def test_a_list_too_long_to_look_through_is_told(folder: Folder) -> None:
    data = '{"tags": [' + "6," * 200_000 + "5]}"
    assert "a list of 200,001" in folder.cannot(data, "json", "tags", "contains", 5)
    assert folder.holds(data, "json", "tags.200000", "is", 5)


def test_of_long_data_the_head_is_enough_for_tables_and_lines(folder: Folder) -> None:
    assert folder.holds(ORDERS.encode() + b"3,L\xc3\xa4,1\n" * 2_000_000, "csv", "city", "is", "Berlin")
    assert folder.holds(b'{"total": 5}\n' * 2_000_000, "jsonl", "total", "is", 5)


def test_sixteen_mebibytes_exactly_are_read(folder: Folder) -> None:
    assert folder.holds(b"x" * rule_facts.MAX_READ, "text", "text", "matches", "x$")


def test_a_first_row_longer_than_the_head_is_told(folder: Folder) -> None:
    row = ",".join(["x" * 1_000] * 2_000)
    assert "1 MiB" in folder.cannot(f"a,b\n{row}\n", "csv", "a", "is", "x")
    assert "longer than" in folder.cannot('a,b\n"' + "x\n" * 600_000, "csv", "a", "is", "x")


@pytest.mark.parametrize("what", ["link", "fifo", "folder", "missing"])
def test_only_a_file_is_read(tmp_path: Path, what: str) -> None:
    data = tmp_path / "stdout"
    if what == "link":
        (tmp_path / "secret").write_text('{"total": 5}')
        data.symlink_to(tmp_path / "secret")
    elif what == "fifo":
        os.mkfifo(data)
    elif what == "folder":
        data.mkdir()
    with pytest.raises(CannotDecide):
        decide(read_rule({"all": [cond("total", "is", 5)]}), Facts(data, "json", 12, 0))


def test_the_data_is_read_once_for_many_conditions(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Path] = []

    def open_read(path: Path) -> int:
        opened.append(path)
        return os.open(path, os.O_RDONLY)

    monkeypatch.setattr(rule_facts, "open_read", open_read)
    facts = folder.facts('{"broken": ', "json")
    with pytest.raises(CannotDecide):
        decide(read_rule({"any": [cond("total", "is", place) for place in range(50)]}), facts)
    assert len(opened) == 1


GIVES = st.sampled_from(["csv", "json", "jsonl", "text", "lines", "html", "any", "image", "nothing"])
BYTES = st.one_of(
    st.binary(max_size=200),
    st.text(st.sampled_from("ab,;\t\"'\r\n 1.=sepé{}[]:"), max_size=60).map(str.encode),
    st.builds(json.dumps, JSON_DATA).map(str.encode),
    st.builds(
        lambda cell: f"total;a\n{cell};1".encode(),
        st.sampled_from(["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "1e5", "-.5", "٣", "1_0"]),
    ),
)
FUZZ_FIELDS = st.sampled_from(
    ["total", "x", "a.0", "0.x.1", "$.text", "text", "bytes", "exit code", "b", "=s"]
)
FUZZ = st.one_of(
    st.builds(
        Condition, FUZZ_FIELDS, st.sampled_from(["is", "is not", "contains"]), st.text() | st.integers()
    ),
    st.builds(
        Condition, FUZZ_FIELDS, st.sampled_from(["greater", "less"]), st.sampled_from([5, "0001-01-01"])
    ),
    st.builds(Condition, FUZZ_FIELDS, st.just("matches"), st.sampled_from(["^a", "[^x]+$", "é", "("])),
    st.builds(Condition, FUZZ_FIELDS, st.just("is empty")),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=500)
@given(BYTES, GIVES, FUZZ)
@example(b'{"x": 1e999999999999999999999}', "json", Condition("x", "greater", 5))
@example(b'{"x": ' + b"9" * 100_000 + b"}", "json", Condition("x", "greater", 5))
@example(b'sep="\nb"c\n1"2', "csv", Condition("b", "is", "1"))
@example(b"total;a\n9999-12-31T23:59:59-23:59;1", "csv", Condition("total", "less", "0001-01-01"))
def test_whatever_arrives_is_decided_or_told_in_words(
    folder: Folder, data: bytes, gives: str, condition: Condition
) -> None:
    try:
        decision = decide(Rule("all", (condition,)), folder.facts(data, gives))
    except CannotDecide as cannot:
        said = str(cannot)
    else:
        said = decision.why
        assert len(said) <= 200
    assert said
    said.encode()  # no half characters
    assert "\0" not in said
