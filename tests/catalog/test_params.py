"""Settings that do not fit, in words that name the field and the cure."""

from typing import Any

import pytest

from composer.catalog.manifest import builtin
from composer.catalog.params import MOST_PROBLEMS, MOST_TEXT, ParamProblem, param_problems

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["column", "test", "names"],
    "properties": {
        "column": {"type": "string", "title": "Column", "minLength": 1, "x-ask": "Choose a column"},
        "test": {"type": "string", "title": "Test", "default": "is", "enum": ["is", "empty", "between"]},
        "value": {"type": "string", "title": "Value", "pattern": "^[a-z]+$"},
        "most": {
            "type": "number",
            "title": "Upper limit",
            "x-ask": "Give the limit",
            "x-show": {"test": ["between"]},
        },
        "count": {"type": "integer", "title": "How many", "minimum": 1, "maximum": 9},
        "strict": {"type": "boolean", "title": "Strict"},
        "names": {"type": "array", "title": "Names", "minItems": 1, "items": {"type": "string"}},
        "how": {"title": "How", "oneOf": [{"const": "up", "title": "upwards"}, {"const": "down"}]},
    },
}
GOOD: dict[str, Any] = {"column": "city", "names": ["a"]}


def found(**values: Any) -> list[tuple[str, str]]:
    return [(each.field, each.message) for each in param_problems(SCHEMA, {**GOOD, **values})]


def test_no_setting_keeps_the_checklist_busy() -> None:
    schema = {"type": "object", "properties": {"n": {"type": "string", "pattern": "(a+)+$"}}}
    [problem] = param_problems(schema, {"n": "a" * 60 + "!"})
    assert problem.field == "n"
    assert param_problems(schema, {"n": "!" * 1_000 + "a"}) == []


def test_names_that_fit_a_pattern_are_checked_by_it() -> None:
    named = {
        "type": "object",
        "patternProperties": {"^x-": {"type": "integer"}},
        "additionalProperties": False,
    }
    schema = {"type": "object", "properties": {"n": named}}
    assert param_problems(schema, {"n": {"x-a": 1}}) == []
    assert [each.field for each in param_problems(schema, {"n": {"x-a": "1"}})] == ["n.x-a"]
    assert [each.field for each in param_problems(schema, {"n": {"y": 1}})] == ["n"]
    others = {"type": "object", "properties": {"n": {**named, "additionalProperties": {"type": "string"}}}}
    assert [each.field for each in param_problems(others, {"n": {"y": 1, "z": "1"}})] == ["n.y"]


def test_settings_that_fit_have_no_problem() -> None:
    assert found(test="is", value="abc", count=3, strict=True, how="up") == []


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"column": 5}, ("column", "“Column” must be a text.")),
        ({"count": "three"}, ("count", "“How many” must be a whole number.")),
        ({"count": 1.5}, ("count", "“How many” must be a whole number.")),
        ({"count": True}, ("count", "“How many” must be a whole number.")),
        ({"count": 0}, ("count", "“How many” must be at least 1.")),
        ({"count": 10}, ("count", "“How many” must be at most 9.")),
        ({"strict": "yes"}, ("strict", "“Strict” must be yes or no (true or false).")),
        ({"names": "a"}, ("names", "“Names” must be a list.")),
        ({"names": ["a", 5]}, ("names.1", "“Names” must be a text.")),
        ({"test": "maybe"}, ("test", "“Test” must be one of: is, empty, between.")),
        ({"how": "sideways"}, ("how", "“How” must be one of: up, down.")),
        ({"colum": "city"}, ("colum", "This step has no setting “colum”. Did you mean “column”?")),
    ],
)
def test_a_value_that_does_not_fit_is_told_in_words(values: Any, problem: tuple[str, str]) -> None:
    assert found(**values) == [problem]


@pytest.mark.parametrize("empty", [None, ""])
def test_what_is_not_filled_in_is_asked_for_and_only_unfinished(empty: Any) -> None:
    assert param_problems(SCHEMA, {**GOOD, "column": empty}) == [
        ParamProblem("column", "Choose a column.", unfinished=True)
    ]
    assert param_problems(SCHEMA, {"column": "city"}) == [
        ParamProblem("names", "Fill in “Names”.", unfinished=True)
    ]
    assert param_problems(SCHEMA, {**GOOD, "names": []})[0].unfinished


def test_a_default_fills_what_is_left_out() -> None:
    assert found(test=None) == []


def test_what_the_form_does_not_show_is_not_asked_for() -> None:
    assert found(test="is", most="much") == []
    assert found(test="between") == [("most", "Give the limit.")]
    assert found(test="between", most="much") == [("most", "“Upper limit” must be a number.")]


def test_an_empty_text_in_a_field_that_may_be_empty_is_no_problem() -> None:
    assert found(value="") == []
    assert found(value="A1")[0][0] == "value"


def test_a_value_that_no_program_could_be_given_is_refused() -> None:
    for value in ("ä" * (MOST_TEXT // 2 + 1), ["x" * MOST_TEXT]):
        field = "names" if isinstance(value, list) else "column"
        assert [each[0] for each in found(**{field: value})] == [field]


def test_a_thousand_problems_are_told_as_the_first_few() -> None:
    assert len(found(**{f"unknown{number}": 1 for number in range(1000)})) == MOST_PROBLEMS


@pytest.mark.parametrize("manifest", builtin(), ids=lambda manifest: manifest.slug)
def test_the_examples_of_the_built_in_steps_fit_their_forms(manifest: Any) -> None:
    for example in manifest.examples:
        if not example.error:
            assert param_problems(manifest.params, example.params) == [], example.title
