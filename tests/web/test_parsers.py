"""What a request's body may be, and how it is refused otherwise: in words, by field, never with 500."""

import json
from typing import Any

import pytest

pytestmark = pytest.mark.django_db

WORKFLOWS = "/api/workflows/"


def send(api: Any, body: bytes, path: str = WORKFLOWS) -> Any:
    return api.generic("POST", path, body, content_type="application/json")


def nested(depth: int, bracket: str = "[]") -> bytes:
    return (bracket[0] * depth + bracket[1] * depth).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[1,",
        b"nothing",
        b'{"name": "\xff"}',
        b'{"name": "a"} more',
        nested(10_000),
        b'{"graph": ' + nested(10_000) + b"}",
        b'{"name": ' + b"1" * 5000 + b"}",
    ],
    ids=["cut", "cut list", "no JSON", "no UTF-8", "two", "deep", "deep graph", "long number"],
)
def test_what_is_no_proper_json_is_refused_in_words(api: Any, body: bytes) -> None:
    answer = send(api, body)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["detail"]


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_that_is_none_is_named(api: Any, library: None, value: str) -> None:
    start, end = '{"graph": {"nodes": [{"id": "a", "step": "make-words", "params": {"count": ', "}}]}}"
    answer = send(api, f"{start}{value}{end}".encode())
    assert answer.status_code == 400
    problem = answer.json()["problems"][0]
    assert (problem["node"], problem["field"]) == ("a", "params.count")


@pytest.mark.parametrize("text", ["a\0b", "half \ud800", "\udc00"], ids=["NUL", "lone high", "lone low"])
@pytest.mark.parametrize("key", ["name", "description"])
def test_a_text_that_cannot_be_stored_is_named_by_its_field(api: Any, key: str, text: str) -> None:
    answer = send(api, json.dumps({key: text}).encode())
    assert answer.status_code == 400
    assert answer.json()["problems"][0]["field"] == key


@pytest.mark.parametrize(
    ("node", "field"),
    [
        ({"id": "a", "step": "make-words", "title": "a\0"}, "title"),
        ({"id": "a", "step": "make-words", "note": "\ud800"}, "note"),
        ({"id": "a", "step": "make-words", "params": {"list": "\ud800"}}, "params.list"),
        ({"id": "a", "step": "make-words", "\ud800": 1}, "?"),
    ],
)
def test_a_text_within_a_graph_is_named_by_node_and_field(
    api: Any, library: None, node: dict[str, Any], field: str
) -> None:
    answer = send(api, json.dumps({"graph": {"nodes": [node], "edges": []}}).encode())
    assert answer.status_code == 400
    problem = answer.json()["problems"][0]
    assert (problem["node"], problem["field"]) == ("a", field)


def test_more_than_the_limit_is_413_without_being_read(api: Any, settings: Any) -> None:
    settings.COMPOSER_JSON_MAX = 10_000
    answer = send(api, b'{"name": "' + b"x" * 20_000 + b'"}')
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")


def test_fifty_megabytes_are_413(api: Any) -> None:
    assert send(api, b'{"name": "' + b"x" * 50_000_000 + b'"}').status_code == 413


def test_another_kind_of_data_is_415(api: Any) -> None:
    answer = api.generic("POST", WORKFLOWS, b"<name/>", content_type="application/xml")
    assert (answer.status_code, answer["Content-Type"]) == (415, "application/problem+json")


@pytest.mark.parametrize("body", [b"[]", b"3", b"null", b'"text"', b"[{}]"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/workflows/"),
        ("POST", "/api/workflows/import/"),
        ("POST", "/api/steps/"),
        ("POST", "/api/connections/"),
        ("PATCH", "/api/me/"),
        ("POST", "/api/me/password/"),
    ],
)
def test_json_that_is_no_object_is_refused_everywhere(api: Any, method: str, path: str, body: bytes) -> None:
    answer = api.generic(method, path, body, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json"), answer.content
