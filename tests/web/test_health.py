"""What machines ask: is it well, and how much is there."""

from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from tests.ports import free_port

pytestmark = pytest.mark.django_db


def test_it_is_unwell_without_redis_and_says_so(client: Client, settings: Any) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "unwell", "database": True, "redis": False}


def test_it_is_well_where_both_answer(client: Client, settings: Any, redis_url: str) -> None:
    settings.REDIS_URL = redis_url
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


def test_it_is_unwell_without_a_database(
    client: Client, settings: Any, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise DatabaseError("no such server")

    settings.REDIS_URL = redis_url
    monkeypatch.setattr(connection, "cursor", away)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["database"]) == (503, False)


def test_metrics_count_what_there_is(client: Client, library: None) -> None:
    text = client.get("/metrics").content.decode()
    assert "# TYPE composer_runs gauge" in text
    steps = next(line for line in text.splitlines() if line.startswith("composer_steps "))
    assert float(steps.split()[1]) >= 12
