"""The library for programs: look, search, add."""

import json
from typing import Any

import pytest

from tests.catalog.test_services import MANIFEST

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]

STEPS = "/api/steps/"


def slugs(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [step["slug"] for step in answer.json()["results"]]


def fields(answer: Any) -> set[str | None]:
    assert answer.status_code == 400, answer.content
    return {problem["field"] for problem in answer.json()["problems"]}


def test_list_and_detail_show_a_step_alike(api: Any) -> None:
    listed = {step["slug"]: step for step in api.get(STEPS).json()["results"]}
    step = api.get(f"{STEPS}keep-rows/").json()
    assert listed["keep-rows"] == step
    assert (step["title"], step["category"], step["takes"], step["gives"]) == (
        "Keep rows that match",
        "tables",
        "csv",
        "csv",
    )
    assert (step["origin"], step["version"], step["versions"]) == ("built-in", "1.0.0", ["1.0.0"])
    assert step["params"]["properties"]["column"]["title"] == "Column"
    assert step["examples"][0]["output"]
    assert step["columns"] == [{"when": {}, "all_but": []}]
    assert listed["draw-chart"]["columns"] == []
    assert step["image_ready"] is None


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("chart", "draw-chart"),
        ("make a bar graph", "draw-chart"),
        ("KEEP ROWS", "keep-rows"),
        ("uppercase", "change-case"),
        ("group total", "group-total"),
        ("fetch web page", "fetch-page"),
        ("json", "csv-to-json"),
        ("only paid orders", "keep-rows"),
    ],
)
def test_the_search_finds_what_people_mean(api: Any, words: str, first: str) -> None:
    assert first in slugs(api.get(STEPS, {"search": words}))[:3]


@pytest.mark.parametrize("words", ["zzzzz", "%", "_", "' OR 1=1", "\0", "(", "x" * 10_000])
def test_a_search_for_nonsense_finds_little_and_fails_never(api: Any, words: str) -> None:
    assert len(slugs(api.get(STEPS, {"search": words}))) < 5


def test_the_library_can_be_narrowed(api: Any) -> None:
    tables = api.get(STEPS, {"category": "tables"})
    assert "keep-rows" in slugs(tables)
    assert "draw-chart" not in slugs(tables)
    fitting = slugs(api.get(STEPS, {"takes": "csv"}))
    assert "keep-rows" in fitting
    assert "make-words" not in fitting


def test_a_page_of_the_library_asks_the_database_little(api: Any, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(6):
        assert len(slugs(api.get(STEPS))) >= 12


def test_pages_follow_each_other(api: Any) -> None:
    first = api.get(STEPS, {"page_size": 5}).json()
    second = api.get(first["next"]).json()
    assert first["count"] == second["count"] >= 12
    assert len(first["results"]) == len(second["results"]) == 5
    assert not {step["slug"] for step in first["results"]} & {step["slug"] for step in second["results"]}


def test_an_owner_adds_a_step_that_can_be_used_at_once(api: Any) -> None:
    answer = api.post(STEPS, MANIFEST)
    assert answer.status_code == 201, answer.content
    assert (answer.json()["origin"], answer.json()["image"]) == ("yours", "debian:bookworm-slim")
    assert "count-words" in slugs(api.get(STEPS, {"search": "count words"}))
    graph = {"nodes": [{"id": "count", "step": "count-words"}]}
    made = api.post("/api/workflows/", {"graph": graph})
    assert made.status_code == 201, made.content
    assert made.json()["graph"]["nodes"][0]["version"] == "1.0.0"
    assert made.json()["problems"] == []


def test_the_same_version_with_something_else_in_it_is_409(api: Any) -> None:
    api.post(STEPS, MANIFEST)
    assert api.post(STEPS, MANIFEST).status_code == 201
    answer = api.post(STEPS, {**MANIFEST, "title": "Another"})
    assert answer.status_code == 409
    assert "raise the number" in answer.json()["detail"]
    assert answer.json()["problems"][0]["field"] == "version"
    assert api.post(STEPS, {**MANIFEST, "title": "Another", "version": "1.0.1"}).status_code == 201


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"slug": "keep-rows"}, "slug"),
        ({"slug": "Not A Slug"}, "slug"),
        ({"slug": "x" * 1_000_000}, "slug"),
        ({"title": ""}, "title"),
        ({"version": "one"}, "version"),
        ({"version": 1.0}, "version"),
        ({"image": None, "build": "."}, "image"),
        ({"image": "Not An Image"}, "image"),
        ({"image": "--privileged"}, "image"),
        ({"image": "evil.example.org/thing:1"}, "image"),
        ({"imgae": "x"}, "imgae"),
        ({"params": {"type": "object", "properties": {"path": {"type": "string"}}}}, "params.path"),
        ({"params": {"type": "object", "properties": {"a=b": {"type": "string"}}}}, "params.a=b"),
        ({"env": {"A=B": "x"}}, "env.A=B"),
        ({"env": {"LD_PRELOAD": "x"}}, "env.LD_PRELOAD"),
        ({"takes": "everything"}, "takes"),
        ({"summary": "a\0b"}, "summary"),
        ({"summary": "\ud800"}, "summary"),
    ],
)
def test_a_manifest_that_is_wrong_is_refused_by_field(api: Any, change: dict[str, Any], field: str) -> None:
    body = json.dumps({**MANIFEST, **change})
    assert field in fields(api.generic("POST", STEPS, body, content_type="application/json"))


def test_another_registry_can_be_allowed(api: Any, settings: Any) -> None:
    settings.COMPOSER_ALLOWED_REGISTRIES = ("docker.io", "registry.example.org:5000")
    image = "registry.example.org:5000/team/thing@sha256:" + "a" * 64
    assert api.post(STEPS, {**MANIFEST, "image": image}).status_code == 201


def test_steps_of_others_are_not_there(api: Any, api_of: Any, stranger: Any) -> None:
    assert api_of(stranger).post(STEPS, MANIFEST).status_code == 201
    assert api.get(f"{STEPS}count-words/").status_code == 404
    assert "count-words" not in slugs(api.get(STEPS))
    graph = {"nodes": [{"id": "a", "step": "count-words"}]}
    assert api.post("/api/workflows/", {"graph": graph}).status_code == 400
