"""The tests of a condition: which values pass, and which cannot be compared."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.engine.rule_folder import ORDER, ORDERS, Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


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
