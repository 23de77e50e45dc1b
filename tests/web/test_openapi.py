"""The API's description is complete, up to date, and true: nothing that fits it makes the server fail."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import schemathesis
from django.db import connection, transaction
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from composer.accounts.services import add_connection
from composer.engine.events import Failure, GateClaimed, RunChanged, StepChanged
from composer.engine.spool import Spool
from composer.engine.states import Status
from composer.environment import ROOT
from composer.runs import leases
from composer.runs.intake import Given
from composer.runs.journal import DatabaseJournal
from composer.runs.services import create_run
from composer.workflows.services import create
from tests.workflows.conftest import word_job

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


@pytest.fixture
def known(owner: Any, library: None, settings: Any, tmp_path: Path) -> dict[str, str]:
    """What an address can name: a workflow, a run of it that failed, and whatever else there is."""
    settings.COMPOSER_SPOOL = tmp_path
    workflow = create(owner.workspace, {"name": "Words", "graph": word_job()})
    run = create_run(workflow, given=Given("text", "", [b"given"]), user=owner)
    journal, spool = DatabaseJournal(run.id, leases.claim(run.id, "me") or 0), Spool(tmp_path)
    for node, written in (("words", b"a,b\n1,2\n"), ("capitals", b""), ("reverse", b"half")):
        spool.attempt(str(run.id), node, 1).create()
        spool.stdout(str(run.id), node, 1).write_bytes(written)
        journal.commit(GateClaimed(node, 1, 0))
    failure = Failure("exit", "It broke.", "", ("line",))
    journal.commit(
        StepChanged("words", Status.SUCCEEDED, 1, 0),
        StepChanged("capitals", Status.SUCCEEDED, 1, 0),
        StepChanged("reverse", Status.FAILED, 1, 3, failure),
        RunChanged(Status.FAILED, failure, "reverse"),
    )
    return {
        "workflow_id": str(workflow.id),
        "run_id": str(run.id),
        "node": "words",
        "port": "output",
        "connection_id": str(add_connection(owner.workspace, "Mail", "s3cret").id),
        "slug": "keep-rows",
    }


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: f"{each.method.upper()} {each.path}")
def test_no_request_makes_the_server_fail(operation: Any, api: Any, known: dict[str, str]) -> None:
    """Half of them name what is there; what they change is taken back before the next one."""
    came: set[int] = set()

    @settings(
        max_examples=30,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), is_there=st.booleans())
    def never_fails(case: Any, is_there: bool) -> None:
        if is_there:
            case.path_parameters = {name: known[name] for name in case.path_parameters}
        with transaction.atomic():
            answer = send(api, case)
            transaction.set_rollback(True)
        assert answer.status_code < 500, answer.content
        if is_there:
            came.add(answer.status_code)

    never_fails()
    assert came - {404, 405}, "what is there was found"


def send(api: Any, case: Any) -> Any:
    """What was made up, as it would come over the wire, through Django's own test client."""
    sent = requests.Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
    split = urlsplit(str(sent.url))
    answer = api.generic(
        sent.method,
        split.path,
        sent.body or b"",
        content_type=sent.headers.get("Content-Type", "application/json"),
        QUERY_STRING=split.query,
    )
    if answer.streaming:
        b"".join(answer)
    return answer
