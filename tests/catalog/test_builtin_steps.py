"""The steps that come with Composer: every example in the real container, and data as it comes."""

import csv
import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from composer.catalog.check import Came, Checker, png_size
from composer.catalog.images import build_all
from composer.catalog.manifest import Manifest, builtin
from composer.catalog.manifest_examples import Example

pytestmark = pytest.mark.containers

STEPS = {manifest.slug: manifest for manifest in builtin()}
EXAMPLES = [(manifest, example) for manifest in STEPS.values() for example in manifest.examples]
TWELVE = {
    *(
        "make-words",
        "change-case",
        "reverse-lines",
        "keep-lines",
        "sort-lines",
        "keep-rows",
        "choose-columns",
    ),
    *("group-total", "csv-to-json", "draw-chart", "fetch-page", "fill-template"),
}
Run = Callable[..., Came]  # slug, params, bytes


@pytest.fixture(scope="module")
def checker() -> Checker:
    (image,) = build_all(progress=lambda words: None)
    return Checker("test-builtin-steps", image)


@pytest.fixture(scope="module")
def run(checker: Checker) -> Run:
    """Runs a step with these settings over these bytes."""

    def run_step(slug: str, params: Mapping[str, Any], data: bytes = b"") -> Came:
        step = STEPS[slug]
        return checker.run(step, step.image or "", params, data)

    return run_step


def said(came: Came) -> str:
    """What the step said to the person when it failed."""
    assert came.code == 1, came
    (line,) = [line for line in came.log.splitlines() if line.startswith("composer:error ")]
    return line.removeprefix("composer:error ")


def test_all_twelve_are_there_and_each_shows_two_examples() -> None:
    assert STEPS.keys() >= TWELVE
    assert all(len(step.examples) >= 2 for step in STEPS.values())


def test_titles_say_what_happens_and_lines_say_with_what() -> None:
    for step in STEPS.values():
        assert step.summary.endswith("."), step.slug
        assert step.says or not step.params["properties"], step.slug
        assert len(step.tags) >= 3, step.slug


TABLES = [(s, e) for s, e in EXAMPLES if s.gives == "csv" and isinstance(e.output, str)]


@pytest.mark.parametrize(("step", "example"), TABLES, ids=[f"{s.slug}: {e.title}" for s, e in TABLES])
def test_the_columns_of_an_example_are_those_that_the_manifest_says(step: Manifest, example: Example) -> None:
    settings = {name: each.get("default", "") for name, each in step.params["properties"].items()}
    settings |= example.params
    arrived = heading(example.input) if step.takes == "csv" else []
    fits = (all(settings[name] in values for name, values in each.when.items()) for each in step.columns)
    if said := next(itertools.compress(step.columns, fits), None):
        names = (
            said.names
            if said.names is not None
            else [x for x in arrived if x not in filled(said.all_but, settings)]
        )
        assert filled(names, settings) == heading(example.output)
    else:
        assert settings["rename"]  # the only thing that nobody can foretell


def heading(table: object) -> list[str]:
    return next(csv.reader(str(table).removeprefix("\ufeff").replace(";", ",").splitlines()))


def filled(entries: Iterable[str] | None, settings: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    for entry in entries or ():
        value = settings[entry[1:-1]] if entry.startswith("{") else entry
        found += value if isinstance(value, list) else [value] if value else []
    return found


@pytest.mark.parametrize(("step", "example"), EXAMPLES, ids=[f"{s.slug}: {e.title}" for s, e in EXAMPLES])
def test_the_example_comes_out_as_shown(checker: Checker, step: Manifest, example: Example) -> None:
    (checked,) = checker.check(replace(step, examples=(example,)), step.image or "")
    assert checked.problem == ""


LINE_STEPS: list[tuple[str, dict[str, Any]]] = [
    ("keep-lines", {"test": "contains", "find": "a", "case": True}),
    ("change-case", {"to": "lower"}),
    ("sort-lines", {"order": "az", "unique": False}),
    ("reverse-lines", {"what": "lines"}),
]


@pytest.mark.parametrize(("slug", "params"), LINE_STEPS, ids=[slug for slug, _ in LINE_STEPS])
@pytest.mark.parametrize(
    "data", [b"", b"a", b"a\n", b"a\r\nab\r\n", b"a\0\xff\n", b"\xef\xbb\xbfa\n"], ids=repr
)
def test_lines_that_need_no_change_keep_every_byte(
    run: Run, slug: str, params: dict[str, Any], data: bytes
) -> None:
    came = run(slug, params, data)
    expected = b"ab\r\na\r\n" if slug == "reverse-lines" and b"ab" in data else data
    assert (came.code, came.output) == (0, expected)


def test_letters_turn_round_with_their_accents_and_line_ends_stay(run: Run) -> None:
    came = run("reverse-lines", {"what": "letters"}, "\ufeffCafe\u0301 né\r\n👩‍👩‍👧x\nlast".encode())
    assert came.output.decode() == "\ufeffén e\u0301faC\r\nx👩‍👩‍👧\ntsal"


def test_a_first_line_without_end_is_not_glued_to_its_neighbour(run: Run) -> None:
    assert run("reverse-lines", {"what": "lines"}, b"one\ntwo").output == b"two\none"


def test_numbers_within_words_are_sorted_as_numbers(run: Run) -> None:
    came = run("sort-lines", {"order": "az"}, b"file 10\nfile 9\nFile 9\n")
    assert came.output == b"file 9\nfile 10\n"


def test_lines_without_a_number_come_last_both_ways(run: Run) -> None:
    for order, expected in (("up", b"1\n20\nx\n"), ("down", b"20\n1\nx\n")):
        assert run("sort-lines", {"order": order}, b"x\n20\n1\n").output == expected


def test_words_differ_without_a_seed_and_agree_with_one(run: Run) -> None:
    free = {run("make-words", {"count": 50, "list": "animals"}).output for _ in range(2)}
    fixed = {run("make-words", {"count": 50, "list": "animals", "seed": 5}).output for _ in range(2)}
    assert (len(free), len(fixed)) == (2, 1)


TABLE_STEPS: list[tuple[str, dict[str, Any]]] = [
    ("keep-rows", {"column": "city", "test": "not-empty"}),
    ("choose-columns", {"columns": ["city", "price"]}),
    ("group-total", {"by": "city", "calculate": "sum", "column": "price"}),
    ("csv-to-json", {"shape": "lines"}),
    ("draw-chart", {"kind": "bars", "labels": "city", "values": "price"}),
    ("fill-template", {"data": "rows", "template": "{{city}} {{price}}"}),
]
SAME_TABLE = {
    "commas": b"city,price\nLima,3\n",
    "semicolons, BOM and CRLF": b"\xef\xbb\xbfcity;price\r\nLima;3\r\n",
    "tabs and no final line end": b"city\tprice\nLima\t3",
    "quotes and an empty line": b'"city","price"\n\n"Lima","3"\n',
    "Excel's own heading": b"sep=;\ncity;price\nLima;3\n",
}


@pytest.mark.parametrize(("slug", "params"), TABLE_STEPS, ids=[slug for slug, _ in TABLE_STEPS])
def test_a_table_is_the_same_however_it_is_written(run: Run, slug: str, params: dict[str, Any]) -> None:
    results = {way: run(slug, params, data) for way, data in SAME_TABLE.items()}
    expected = results["commas"]
    assert expected.code == 0, expected
    assert expected.output
    assert results == dict.fromkeys(SAME_TABLE, expected)


@pytest.mark.parametrize(("slug", "params"), TABLE_STEPS, ids=[slug for slug, _ in TABLE_STEPS])
def test_what_is_no_table_is_told_in_words(run: Run, slug: str, params: dict[str, Any]) -> None:
    assert "Nothing arrived" in said(run(slug, params, b""))
    assert "UTF-8" in said(run(slug, params, "city,price\nMünchen,3\n".encode("latin-1")))
    assert "UTF-8" in said(run(slug, params, "city,price\n".encode("utf-16")))
    assert "never closed" in said(run(slug, params, b'city,price\n"Lima,3\n'))
    assert "has 3 cells, but the heading has 2" in said(run(slug, params, b"city,price\nLima,3,4\n"))


def test_a_heading_alone_is_a_table_without_rows(run: Run) -> None:
    heading = b"city,price\n"
    assert run("keep-rows", {"column": "city", "test": "is", "value": "x"}, heading).output == heading
    assert run("group-total", TABLE_STEPS[2][1], heading).output == b"city,total\n"
    assert run("csv-to-json", {"shape": "list"}, heading).output == b"[\n]\n"
    assert "no numbers" in said(run("draw-chart", TABLE_STEPS[4][1], heading))


def test_a_decimal_comma_is_told_with_the_setting_that_cures_it(run: Run) -> None:
    table, params = b"city;price\nLima;12,50\nLima;1.000,25\n", TABLE_STEPS[2][1]
    assert "1.234,50" in said(run("group-total", params, table))
    assert run("group-total", {**params, "decimal": "comma"}, table).output == b"city,total\nLima,1012.75\n"


def test_sums_are_exact_over_many_rows(run: Run) -> None:
    table = b"city,price\n" + b"Lima,0.1\n" * 100_000
    assert run("group-total", TABLE_STEPS[2][1], table).output == b"city,total\nLima,10000.0\n"


@pytest.mark.parametrize(
    ("test", "value", "kept"),
    [
        ("is", "12", "12.0 12"),
        ("is-not", "12", "7 x"),
        ("greater", "7", "12.0 12"),
        ("at-most", "7", "7"),
        ("contains", "2", "12.0 12"),
        ("starts", "X", "x"),
        ("empty", "", ""),
        ("matches", r"^\d+$", "7 12"),
    ],
)
def test_conditions_on_rows(run: Run, test: str, value: str, kept: str) -> None:
    rows = ["7", "12.0", "12"] if test in ("greater", "at-most") else ["7", "12.0", "12", "x"]
    table = "\n".join(["n", *rows, ""]).encode()
    came = run("keep-rows", {"column": "n", "test": test, "value": value}, table)
    assert (came.code, came.output.decode().split()) == (0, ["n", *kept.split()])


def test_dates_are_compared_as_dates_when_the_year_comes_first(run: Run) -> None:
    table = b"day\n2026-02-28\n2026-03-01\n"
    came = run("keep-rows", {"column": "day", "test": "at-least", "value": "2026-03-01"}, table)
    assert came.output == b"day\n2026-03-01\n"


@pytest.mark.parametrize("kind", ["bars", "line", "pie"])
def test_the_same_table_draws_the_same_bytes(run: Run, kind: str) -> None:
    params = {
        "kind": kind,
        "labels": "city",
        "values": "price",
        "title": "Größe ☺",
        "width": 640,
        "height": 480,
    }
    table = (
        "city,price\nLima,3\nA name that is much too long to stand anywhere in a small picture,-0\nOslo,1e3\n"
    )
    first, second = (run("draw-chart", params, table.encode()) for _ in range(2))
    assert png_size(first.output) == (640, 480)
    assert first == second


def test_a_chart_that_cannot_be_drawn_says_why(run: Run) -> None:
    params = {"kind": "pie", "labels": "city", "values": "price"}
    assert "below zero" in said(run("draw-chart", params, b"city,price\nLima,-3\n"))
    many = b"city,price\n" + b"Lima,3\n" * 61
    assert "Group them first" in said(run("draw-chart", {**params, "kind": "bars"}, many))


@pytest.mark.parametrize(
    ("template", "words"),
    [("{{city|shout}}", "“|shout” is not known"), ("{{city.__class__}}", "asks for “city.__class__”")],
)
def test_a_template_knows_only_names_and_a_few_changes(run: Run, template: str, words: str) -> None:
    came = run("fill-template", {"data": "json", "template": template}, b'{"city": "Lima"}')
    assert words in said(came)


def test_what_looks_like_a_gap_in_the_data_stays_as_it_is(run: Run) -> None:
    came = run("fill-template", {"data": "text", "template": "[{{text}}]"}, b"{{text}} $(id)")
    assert came.output == b"[{{text}} $(id)]\n"


def test_hours_without_a_line_are_listed_unless_they_are_not_wanted(run: Run) -> None:
    log = b"2026-03-01 08:10 a\n2026-03-01T10:00 b\n\n"
    every = run("count-lines", {"by": "hour"}, log)
    assert every.output == b"hour,count\n2026-03-01 08:00,1\n2026-03-01 09:00,0\n2026-03-01 10:00,1\n"
    assert b"09:00" not in run("count-lines", {"by": "hour", "gaps": False}, log).output
    assert "No line has a time" in said(run("count-lines", {"by": "hour"}, b"no time here\n"))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://localhost:8001/", "cannot be reached"),
        ("http://127.0.0.1:8001/", "refused the connection"),
        ("http://no-such-host.invalid/", "There is no website called “no-such-host.invalid”"),
        ("ftp://localhost/x", "is not a web address"),
        ("https://", "names no website"),
        ("http://localhost:99999/", "names no website"),
    ],
)
def test_a_page_that_cannot_be_fetched_is_told_in_words(run: Run, address: str, words: str) -> None:
    assert words in said(run("fetch-page", {"address": address, "wait": 20}, b""))
