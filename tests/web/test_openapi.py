"""The API's description is complete, up to date, and true: nothing that fits it makes the server fail."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import schemathesis
from django.db import connection
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given, settings

from composer.environment import ROOT

pytestmark = pytest.mark.django_db

COMPONENTS = (
    "Step",
    "Workflow",
    "WorkflowSummary",
    "Run",
    "RunSummary",
    "StepRun",
    "Preview",
    "Problem",
    "Me",
    "Error",
)


def described() -> dict[str, Any]:
    made = SchemaGenerator().get_schema(public=True)
    schema: dict[str, Any] = json.loads(json.dumps(made))
    return schema


API = schemathesis.openapi.from_dict(described())
OPERATIONS: list[Any] = [result.ok() for result in API.get_all_operations()]  # type: ignore[union-attr]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="other databases have other largest numbers")
def test_the_front_end_s_copy_is_up_to_date() -> None:
    stored = json.loads((ROOT / "frontend" / "openapi.json").read_text())
    assert stored == described(), (
        "run `manage.py spectacular --format openapi-json --file frontend/openapi.json`"
    )


def test_the_components_bear_the_names_that_the_front_end_uses() -> None:
    assert set(COMPONENTS) <= described()["components"]["schemas"].keys()


def test_lists_come_in_pages() -> None:
    for path in ("/api/steps/", "/api/workflows/", "/api/runs/"):
        answer = described()["paths"][path]["get"]["responses"]["200"]
        assert answer["content"]["application/json"]["schema"]["$ref"].endswith("List")


def test_the_description_is_served(client: Any) -> None:
    assert client.get("/api/schema/?format=json").json()["openapi"].startswith("3.")


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: f"{each.method.upper()} {each.path}")
def test_no_request_makes_the_server_fail(operation: Any, api: Any, library: None) -> None:
    @settings(
        max_examples=20,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def never_fails(case: Any) -> None:
        answer = send(api, case)
        assert answer.status_code < 500, answer.content

    never_fails()


def send(api: Any, case: Any) -> Any:
    """What was made up, as it would come over the wire, through Django's own test client."""
    sent = requests.Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
    split = urlsplit(str(sent.url))
    return api.generic(
        sent.method,
        split.path,
        sent.body or b"",
        content_type=sent.headers.get("Content-Type", "application/json"),
        QUERY_STRING=split.query,
    )
