"""What a rule looks at: how a value is found in what arrived, and what is told where it is not."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from composer.engine import rule_facts
from composer.engine.rule_facts import Facts
from composer.engine.rule_reading import read_rule
from composer.engine.rules import CannotDecide, Condition, Rule, decide
from tests.engine.rule_folder import JSON_DATA, ORDER, ORDERS, Folder, cond


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


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
