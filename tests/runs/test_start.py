"""Starting runs through the API, and starting them once only."""

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from composer.engine.spool import Spool
from composer.runs.models import Run
from composer.workflows.models import Workflow
from tests.runs.asking import input_of, start

pytestmark = pytest.mark.django_db(transaction=True)

NewWorkflow = Callable[..., Workflow]
NewRun = Callable[..., Run]


class TestStarting:
    def test_a_run_begins_queued_with_its_steps_in_order(
        self, client: Client, workflow: Workflow, sent: list[uuid.UUID]
    ) -> None:
        answer = start(client, workflow, {"input": "one\n"})
        assert answer.status_code == 201, answer.content
        run = answer.json()
        assert (run["status"], run["number"], run["workflow"]) == ("queued", 1, str(workflow.pk))
        assert [(step["node"], step["status"]) for step in run["steps"]] == [("a", "queued"), ("b", "queued")]
        assert run["can"] == {"cancel": True, "retry": False}
        assert run["graph"]["nodes"][0]["id"] == "a"
        assert sent == [uuid.UUID(run["id"])]

    @pytest.mark.parametrize("text", ["", "zwölf ☃\r\n", "no end", "\0nul\n", "  space  \n\n"])
    def test_the_text_is_kept_byte_for_byte(
        self, client: Client, workflow: Workflow, spool: Spool, sent: list[uuid.UUID], text: str
    ) -> None:
        run = start(client, workflow, {"input": text}).json()
        assert input_of(spool, run) == text.encode()
        assert run["input"] == {"kind": "text", "name": "", "bytes": len(text.encode())}

    def test_a_file_is_kept_byte_for_byte(
        self, client: Client, workflow: Workflow, spool: Spool, sent: list[uuid.UUID]
    ) -> None:
        data = bytes(range(256)) * 20_000
        url = f"/api/workflows/{workflow.pk}/runs/"
        answer = client.post(url, {"input": SimpleUploadedFile("bytes.bin", data)})
        assert answer.status_code == 201, answer.content
        assert input_of(spool, answer.json()) == data
        assert answer.json()["input"] == {"kind": "file", "name": "bytes.bin", "bytes": len(data)}

    def test_a_multipart_text_field_is_a_text(
        self, client: Client, workflow: Workflow, spool: Spool, sent: list[uuid.UUID]
    ) -> None:
        answer = client.post(f"/api/workflows/{workflow.pk}/runs/", {"input": "hello"})
        assert input_of(spool, answer.json()) == b"hello"

    def test_without_an_input_the_sample_is_taken(
        self, client: Client, new_workflow: NewWorkflow, spool: Spool, sent: list[uuid.UUID]
    ) -> None:
        about = {"kind": "file", "title": "Orders", "sample": "a,b\n1,2\n", "name": "orders.csv"}
        run = start(client, new_workflow("a", input=about)).json()
        assert input_of(spool, run) == b"a,b\n1,2\n"
        assert run["input"]["name"] == "orders.csv"

    def test_numbers_count_up_in_each_workflow(
        self, client: Client, new_workflow: NewWorkflow, sent: list[uuid.UUID]
    ) -> None:
        one, two = new_workflow("a"), new_workflow("a")
        assert [start(client, w).json()["number"] for w in (one, one, two)] == [1, 2, 1]

    def test_many_that_start_at_once_each_get_a_number(
        self, owner: Any, workflow: Workflow, sent: list[uuid.UUID]
    ) -> None:
        many, together = 12, threading.Barrier(12)

        def one() -> tuple[int, int]:
            browser = Client()
            browser.force_login(owner)
            together.wait()
            try:
                answer = start(browser, workflow)
                return answer.status_code, answer.json().get("number")
            finally:
                connection.close()

        with ThreadPoolExecutor(many) as pool:
            answers = [each.result() for each in [pool.submit(one) for _ in range(many)]]
        assert sorted(answers) == [(201, number) for number in range(1, many + 1)]

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"input": 5}, "input"),
            ({"input": ["x"]}, "input"),
            ({"inptu": "x"}, "inptu"),
            ([], None),
        ],
    )
    def test_what_is_no_input_is_refused(
        self, client: Client, workflow: Workflow, sent: list[uuid.UUID], body: object, field: str | None
    ) -> None:
        answer = start(client, workflow, body)
        assert answer.status_code == 400, answer.content
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["problems"][0]["field"] == field
        assert sent == []

    def test_half_a_character_is_refused(
        self, client: Client, workflow: Workflow, spool: Spool, sent: list[uuid.UUID]
    ) -> None:
        answer = client.post(
            f"/api/workflows/{workflow.pk}/runs/", '{"input": "\\ud800"}', content_type="application/json"
        )
        assert answer.status_code == 400
        assert answer.json()["problems"][0]["field"] == "input"
        assert spool.runs() == []

    def test_an_empty_workflow_cannot_be_run(
        self, client: Client, new_workflow: NewWorkflow, spool: Spool, sent: list[uuid.UUID]
    ) -> None:
        answer = start(client, new_workflow())
        assert answer.status_code == 400
        assert answer.json()["problems"]
        assert (sent, spool.runs()) == ([], [])

    def test_too_large_a_file_is_refused_and_nothing_is_kept(
        self, client: Client, workflow: Workflow, spool: Spool, settings: Any, sent: list[uuid.UUID]
    ) -> None:
        settings.COMPOSER_INPUT_MAX = 1000
        answer = client.post(
            f"/api/workflows/{workflow.pk}/runs/", {"input": SimpleUploadedFile("large", b"x" * 1001)}
        )
        assert answer.status_code == 413
        assert (spool.runs(), Run.objects.count()) == ([], 0)

    def test_where_the_disk_takes_nothing_that_is_told(
        self, client: Client, workflow: Workflow, spool: Spool, sent: list[uuid.UUID]
    ) -> None:
        spool.root.mkdir()
        (spool.root / "runs").touch()  # where a folder should be
        answer = start(client, workflow, {"input": "x"})
        assert answer.status_code == 507
        assert "full or cannot be written" in answer.json()["detail"]
        assert (sent, Run.objects.count()) == ([], 0)

    def test_a_workflow_of_another_workspace_is_not_there(
        self, client: Client, new_foreign_run: Callable[[], Run], sent: list[uuid.UUID]
    ) -> None:
        assert start(client, new_foreign_run().workflow).status_code == 404


class TestOnceOnly:
    def test_the_same_request_twice_starts_one_run(
        self, client: Client, workflow: Workflow, spool: Spool, sent: list[uuid.UUID]
    ) -> None:
        first, second = (
            start(client, workflow, {"input": "x"}, headers={"Idempotency-Key": "k"}) for _ in range(2)
        )
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json()["id"] == second.json()["id"]
        assert len(sent) == len(spool.runs()) == 1

    @pytest.mark.parametrize("other", [{"input": "y"}, {"input": ""}, {}])
    def test_another_input_under_the_same_key_is_refused(
        self, client: Client, workflow: Workflow, sent: list[uuid.UUID], other: object
    ) -> None:
        start(client, workflow, {"input": "x"}, headers={"Idempotency-Key": "k"})
        answer = start(client, workflow, other, headers={"Idempotency-Key": "k"})
        assert answer.status_code == 422
        assert len(sent) == 1

    def test_another_key_is_another_run(
        self, client: Client, workflow: Workflow, sent: list[uuid.UUID]
    ) -> None:
        ids = {
            start(client, workflow, headers={"Idempotency-Key": key}).json()["id"] for key in ("k", "l", "")
        }
        assert len(ids) == 3

    def test_after_a_day_the_key_is_forgotten(
        self, client: Client, workflow: Workflow, sent: list[uuid.UUID]
    ) -> None:
        from datetime import timedelta

        from django.utils import timezone

        first = start(client, workflow, headers={"Idempotency-Key": "k"}).json()
        Run.objects.update(created_at=timezone.now() - timedelta(hours=25))
        second = start(client, workflow, {"input": "y"}, headers={"Idempotency-Key": "k"})
        assert second.status_code == 201
        assert second.json()["id"] != first["id"]

    def test_an_endless_key_is_refused(self, client: Client, workflow: Workflow) -> None:
        assert start(client, workflow, headers={"Idempotency-Key": "k" * 300}).status_code == 400
