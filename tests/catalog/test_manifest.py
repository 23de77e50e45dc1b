"""What a manifest may say, and how one that is wrong is told so."""

from pathlib import Path
from typing import Any

import pytest

from composer.catalog.environment import environment
from composer.catalog.manifest import (
    ManifestError,
    builtin,
    load,
    parse_manifest,
    version_key,
)
from composer.catalog.manifest_parts import StepLimits
from composer.catalog.sizes import format_size, parse_size

SMALLEST = {"slug": "shout", "version": "1.0.0", "title": "Shout it out", "image": "busybox:latest"}
CITY = {"type": "object", "properties": {"city": {"type": "string", "title": "City"}}}


def problems(**changes: Any) -> dict[str, str]:
    """The problems of the smallest manifest with these changes, by field; None takes a key out."""
    data = {key: value for key, value in {**SMALLEST, **changes}.items() if value is not None}
    with pytest.raises(ManifestError) as caught:
        parse_manifest(data)
    return dict(caught.value.problems)


def test_the_smallest_manifest_gets_all_defaults() -> None:
    manifest = parse_manifest(SMALLEST)
    assert (manifest.kind, manifest.takes, manifest.gives, manifest.network) == (
        "filter",
        "any",
        "any",
        "none",
    )
    assert manifest.limits == StepLimits(256 * 1024**2, 1.0, 300.0, 1024**3)
    assert manifest.params == {"type": "object", "properties": {}, "additionalProperties": False}
    assert (manifest.repeatable, manifest.pure, manifest.writable) == (True, False, False)
    assert (manifest.icon, manifest.category, manifest.command) == ("box", "text", None)


def test_a_sensor_takes_nothing_and_an_actuator_gives_nothing_and_is_not_repeated() -> None:
    assert parse_manifest({**SMALLEST, "kind": "sensor"}).takes == "nothing"
    sender = parse_manifest({**SMALLEST, "kind": "actuator"})
    assert (sender.gives, sender.repeatable, sender.category) == ("nothing", False, "send")


def test_every_builtin_manifest_survives_the_way_to_json_and_back() -> None:
    manifests = builtin()
    assert len(manifests) >= 12
    for manifest in manifests:
        assert parse_manifest(manifest.to_json()) == manifest


@pytest.mark.parametrize("output", ["stdout", "stderr", "/result.csv", "/device/a", "/tmp/übrig.txt"])
def test_what_counts_as_data_and_its_delimiters_survive_the_way_to_json_and_back(output: str) -> None:
    longest = "x" * 4_095
    manifest = parse_manifest(
        {**SMALLEST, "output": output, "begin": "--- data", "end": longest, "dray": True}
    )
    assert (manifest.output, manifest.begin, manifest.end, manifest.dray) == (
        output,
        "--- data",
        longest,
        True,
    )
    assert parse_manifest(manifest.to_json()) == manifest


def test_a_manifest_without_them_is_stored_as_it_always_was() -> None:
    manifest = parse_manifest({**SMALLEST, "output": "stdout", "dray": False})
    assert (manifest.output, manifest.begin, manifest.end, manifest.dray) == ("stdout", None, None, False)
    assert not {"output", "begin", "end", "dray", "columns"} & manifest.to_json().keys()


@pytest.mark.parametrize(
    ("columns", "stored"),
    [
        ("same", [{"when": {}, "all_but": []}]),
        (["{city}", "total"], [{"when": {}, "names": ["{city}", "total"]}]),
        (
            [{"when": {"city": [""]}, "names": ["total"]}, {"all_but": ["{city}"]}],
            [{"when": {"city": [""]}, "names": ["total"]}, {"when": {}, "all_but": ["{city}"]}],
        ),
    ],
)
def test_the_columns_that_a_step_gives_survive_the_way_to_json_and_back(columns: Any, stored: Any) -> None:
    manifest = parse_manifest({**SMALLEST, "gives": "csv", "params": CITY, "columns": columns})
    assert manifest.to_json()["columns"] == stored
    assert parse_manifest(manifest.to_json()) == manifest


@pytest.mark.parametrize(
    ("columns", "field", "words"),
    [
        ("some", "columns", "Write same, or a list"),
        (["{town}"], "columns[0]", "no parameter “town”. Known here: city"),
        (["{}"], "columns[0]", "no parameter"),
        (["city", " "], "columns[1]", "has a name"),
        (["city", {"names": ["a"]}], "columns[1]", "must be a text"),
        ([{"names": ["a"], "all_but": []}], "columns[0].names", "either “names” or “all_but”"),
        ([{"when": {"city": ["Lima"]}}], "columns[0].names", "either “names” or “all_but”"),
        ([{"when": {"town": ["Lima"]}, "names": ["a"]}], "columns[0].when", "no parameter “town”"),
        ([{"when": {"city": "Lima"}, "names": ["a"]}], "columns[0].when", "as a list"),
        ([{"all_but": ["{town}"]}], "columns[0].all_but[0]", "no parameter “town”"),
        ([{"name": ["a"], "names": ["a"]}], "columns[0].name", "Did you mean “names”?"),
    ],
)
def test_columns_that_cannot_be_are_named_with_their_cure(columns: Any, field: str, words: str) -> None:
    assert words in problems(gives="csv", params=CITY, columns=columns)[field]


def test_only_a_step_that_gives_a_table_has_columns() -> None:
    assert "gives: csv" in problems(gives="text", columns="same")["columns"]


def test_every_problem_is_told_at_once() -> None:
    found = problems(slug="Shout!", version="1", title="", limits={"memory": "lots"}, colour="red")
    assert set(found) == {"slug", "version", "title", "limits.memory", "colour"}


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"imag": "x"}, "imag", "Did you mean “image”?"),
        ({"limits": {"memry": "1g"}}, "limits.memry", "Did you mean “memory”?"),
        ({"kind": "filtr"}, "kind", "Did you mean “filter”?"),
        ({"takes": "spreadsheet"}, "takes", "Known here: nothing, text"),
        ({"slug": "keep rows"}, "slug", "such as keep-rows"),
        ({"version": 1.0}, "version", "three numbers"),
        ({"version": "01.0.0"}, "version", "three numbers"),
        ({"version": f"1.0.0-{'x' * 40}+{'x' * 40}"}, "version", "at most 64"),
        ({"image": None}, "image", "build: ."),
        ({"image": 5}, "image", "quotes"),
        ({"command": "cat"}, "command", "list"),
        ({"command": ["sleep", 5]}, "command[1]", "quotes"),
        ({"writable": "yes"}, "writable", "true or false"),
        ({"user": "no body"}, "user", "1000"),
        ({"build": "../other"}, "build", "beside the manifest"),
        ({"limits": {"memory": "1m"}}, "limits.memory", "at least 8m"),
        ({"limits": {"seconds": 0}}, "limits.seconds", "above 0"),
        ({"limits": {"cpus": True}}, "limits.cpus", "above 0"),
        ({"limits": {"cpus": 1e-10}}, "limits.cpus", "at least 0.01"),
        ({"limits": {"seconds": 30 * 86_400}}, "limits.seconds", "at most 2,073,600"),
        ({"says": "of {city}"}, "says", "no parameter “city”"),
        ({"title": "two\nlines"}, "title", "one line"),
        ({"title": "x" * 1_000_000}, "title", "at most 80"),
        ({"tags": "csv"}, "tags", "list"),
        ({"title": "half \ud800"}, "title", "cannot be stored"),
        ({"summary": "nul\0"}, "summary", "cannot be stored"),
        ({"limits": {"cpus": float("nan")}}, "limits.cpus", "not a number"),
        ({"inputs": [{"title": "No name"}]}, "inputs[0].name", "missing"),
        ({"secrets": ["TOKEN"]}, "secrets", "names with their values"),
        ({"output": "out"}, "output", "stdout, stderr or a path"),
        ({"output": 1}, "output", "stdout, stderr or a path"),
        ({"output": ["stdout"]}, "output", "stdout, stderr or a path"),
        ({"output": "results/a.csv"}, "output", "stdout, stderr or a path"),
        ({"output": "/tmp/../etc/passwd"}, "output", "without “..”"),
        ({"output": "/tmp//a"}, "output", "path of a file"),
        ({"output": "/tmp/"}, "output", "slash at its end"),
        ({"output": "/"}, "output", "path of a file"),
        ({"output": "/" + "a" * 255}, "output", "at most 255"),
        ({"output": "/tmp/nul\0"}, "output", "cannot be stored"),
        ({"output": "/tmp/two\nlines"}, "output", "no control characters"),
        ({"output": "/proc/self/mem"}, "output", "another folder"),
        ({"output": "/dev/stdout"}, "output", "another folder"),
        ({"output": "/.composer/stdout"}, "output", "another folder"),
        ({"begin": "--- data"}, "end", "“begin” needs “end”"),
        ({"end": "--- end"}, "begin", "“end” needs “begin”"),
        ({"begin": "a\nb", "end": "c"}, "begin", "without a line break"),
        ({"begin": "a", "end": "b\r"}, "end", "without a line break"),
        ({"begin": "a", "end": ""}, "end", "says something"),
        ({"begin": 1, "end": "b"}, "begin", "quotes"),
        ({"begin": "ü" * 2_048, "end": "b"}, "begin", "at most 4,095"),
        ({"dray": "yes"}, "dray", "true or false"),
    ],
)
def test_a_wrong_key_is_named_with_its_cure(changes: dict[str, Any], field: str, words: str) -> None:
    found = problems(**changes)
    assert field in found
    assert words in found[field]


@pytest.mark.parametrize("data", [None, [], "text", 5, {1: "x"}])
def test_what_is_no_manifest_at_all_is_refused(data: object) -> None:
    with pytest.raises(ManifestError):
        parse_manifest(data)


def test_endless_depth_is_refused_in_words() -> None:
    deep: list[Any] = []
    for _ in range(10_000):
        deep = [deep]
    assert "levels deep" in next(iter(problems(params={"properties": deep}).values()))


def test_a_parameter_without_a_title_gets_one_from_its_name() -> None:
    manifest = parse_manifest({**SMALLEST, "params": {"properties": {"first_name": {"type": "string"}}}})
    assert manifest.params["properties"]["first_name"]["title"] == "First name"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("path", "reserved"),
        ("HOME", "reserved"),
        ("ld_preload", "reserved"),
        ("dray_x", "reserved"),
        ("composer_run", "reserved"),
        ("a=b", "letters, digits"),
        ("first name", "letters, digits"),
        ("1st", "letters, digits"),
    ],
)
def test_a_parameter_that_cannot_be_a_variable_is_refused(name: str, words: str) -> None:
    assert words in problems(params={"properties": {name: {"type": "string"}}})[f"params.{name}"]
    assert words in problems(env={name: "x"})[f"env.{name}"]


def test_two_things_cannot_become_the_same_variable() -> None:
    twins = {"city": {"type": "string"}, "City": {"type": "string"}}
    assert "CITY" in problems(params={"properties": twins})["params.City"]
    assert "CITY" in problems(params=CITY, env={"CITY": "Lima"})["env.CITY"]
    assert "CITY" in problems(params=CITY, secrets=[{"name": "CITY", "title": "City"}])["secrets[0].name"]


@pytest.mark.parametrize(
    ("schema", "field"),
    [
        ({"type": "array"}, "params.type"),
        ({"properties": {"n": {"type": "text"}}}, "params.n.type"),
        ({"properties": {"n": {"title": "No type"}}}, "params.n.type"),
        ({"properties": {"n": {"type": ["string", "null"]}}}, "params.n.type"),
        ({"properties": {"n": {"type": "integer", "default": "x"}}}, "params.n.default"),
        ({"properties": {"n": {"type": "string", "pattern": "("}}}, "params.n.pattern"),
        ({"properties": {"n": {"type": "string", "pattern": "(?=a)b"}}}, "params.n.pattern"),
        ({"properties": {"n": {"type": "array", "items": {"pattern": "(a)\\1"}}}}, "params.n.items.pattern"),
        (
            {"properties": {}, "anyOf": [{"patternProperties": {"(?!a)": {}}}]},
            "params.anyOf.0.patternProperties",
        ),
        ({"properties": {}, "unevaluatedProperties": False}, "params.unevaluatedProperties"),
        ({"properties": {"n": {"$ref": "http://example.com/x", "type": "string"}}}, "params"),
        ({"properties": {}, "required": ["city"]}, "params.required"),
        ({"properties": {"n": True}}, "params.n"),
    ],
)
def test_params_that_are_no_form_are_refused(schema: dict[str, Any], field: str) -> None:
    assert field in problems(params=schema)


ENDLESS = "(a+)+$"  # what many engines search for longer than anybody waits
NEARLY = "a" * 60 + "!"


def test_no_default_and_no_example_keeps_the_form_busy() -> None:
    field = {"type": "string", "pattern": ENDLESS}
    assert (
        "does not fit"
        in problems(params={"properties": {"n": {**field, "default": NEARLY}}})["params.n.default"]
    )
    example = [{"title": "x", "params": {"n": NEARLY}}]
    assert "examples[0].params.n" in problems(params={"properties": {"n": field}}, examples=example)
    named = {"type": "object", "patternProperties": {ENDLESS: {}}, "additionalProperties": False}
    default = {**named, "default": {NEARLY: 1}}
    assert "params.n.default" in problems(params={"properties": {"n": default}})


@pytest.mark.parametrize(
    ("extension", "words"),
    [
        ({"x-widgit": "column"}, "Did you mean “x-widget”?"),
        ({"x-widget": "colum"}, "Did you mean “column”?"),
        ({"x-widget": "columns"}, "type array"),
        ({"x-more": "yes"}, "true or false"),
        ({"x-ask": ""}, "Write a text"),
        ({"x-show": {"tset": ["is"]}}, "Did you mean “test”?"),
        ({"x-show": {"test": "is"}}, "as a list"),
    ],
)
def test_a_wrong_key_for_the_form_is_told(extension: dict[str, Any], words: str) -> None:
    fields = {"test": {"type": "string"}, "value": {"type": "string", **extension}}
    found = problems(params={"properties": fields})
    assert words in found[f"params.value.{next(iter(extension))}"]


def test_the_params_of_an_example_must_fit_the_form() -> None:
    found = problems(
        params=CITY, examples=[{"title": "x", "params": {"town": "Lima"}}, {"params": {"city": 5}}]
    )
    assert "no parameter “town”" in found["examples[0].params"]
    assert "does not fit" in found["examples[1].params.city"]


def test_an_example_has_one_way_to_say_what_comes_out() -> None:
    found = problems(examples=[{"output": "a", "error": "b"}, {"picture": {"width": "wide", "height": 5}}])
    assert "Remove" in found["examples[0].error"]
    assert "pixels" in found["examples[1].picture.width"]


@pytest.mark.parametrize(
    ("written", "size"),
    [("256m", 268435456), ("1g", 1073741824), ("1.5 GB", 1610612736), ("512KiB", 524288), (1000, 1000)],
)
def test_sizes_are_read_as_people_write_them(written: object, size: int) -> None:
    assert parse_size(written) == size
    assert parse_size(format_size(size)) == size


@pytest.mark.parametrize("written", ["", "m", "-1m", "0", 0, True, None, "1e9", "1 pint", "9" * 400 + "t"])
def test_a_size_that_is_none_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="such as 256m"):
        parse_size(written)


def test_versions_are_ordered_by_number_and_not_by_letter() -> None:
    versions = ["1.10.0", "1.9.0", "2.0.0", "2.0.0-beta"]
    assert sorted(versions, key=version_key) == ["1.9.0", "1.10.0", "2.0.0-beta", "2.0.0"]


def test_a_file_is_read_and_its_faults_are_told(tmp_path: Path) -> None:
    file = tmp_path / "step.yaml"
    file.write_text("slug: shout\nversion: 1.0.0\ntitle: Shout\nimage: busybox\n")
    assert load(tmp_path) == load(file)
    file.write_text("slug: [")
    with pytest.raises(ManifestError, match="not YAML"):
        load(file)
    file.write_bytes(b"x" * 2_000_000)
    with pytest.raises(ManifestError, match="larger than"):
        load(file)
    with pytest.raises(ManifestError, match="cannot be read"):
        load(tmp_path / "missing.yaml")


def test_a_date_in_yaml_must_be_quoted(tmp_path: Path) -> None:
    file = tmp_path / "step.yaml"
    file.write_text("slug: shout\nversion: 1.0.0\ntitle: Shout\nimage: busybox\nenv: {SINCE: 2026-01-31}\n")
    with pytest.raises(ManifestError, match="quotes"):
        load(file)


def test_only_plain_numbers_are_numbers_in_yaml(tmp_path: Path) -> None:
    file = tmp_path / "step.yaml"
    head = "slug: shout\nversion: 1.0.0\ntitle: Shout\nimage: busybox\n"
    file.write_text(f"{head}limits: {{cpus: 5.0e-1, seconds: 90}}\nenv: {{FROM: 1:30, ZIP: 00501}}\n")
    manifest = load(file)
    assert (manifest.limits.cpus, manifest.limits.seconds) == (0.5, 90)
    assert manifest.env == {"FROM": "1:30", "ZIP": "00501"}
    for endless in ("1" + ":1" * 200 + ".0", "!!float 1" + ":1" * 200 + ".0", "!!bool maybe", "!!int ''"):
        file.write_text(f"{head}limits: {{seconds: {endless}}}\n")
        with pytest.raises(ManifestError):
            load(file)


def test_params_become_variables_by_their_names_in_capitals() -> None:
    fields = {
        "city": {"type": "string"},
        "count": {"type": "integer", "default": 3},
        "exact": {"type": "boolean"},
        "names": {"type": "array", "items": {"type": "string"}},
        "unset": {"type": "string"},
    }
    manifest = parse_manifest({**SMALLEST, "params": {"properties": fields}, "env": {"LANG": "C.UTF-8"}})
    params = {"city": "Zürich\n", "exact": True, "names": ["a", "é"]}
    assert environment(manifest, params) == {
        "LANG": "C.UTF-8",
        "CITY": "Zürich\n",
        "COUNT": "3",
        "EXACT": "true",
        "NAMES": '["a", "é"]',
    }
