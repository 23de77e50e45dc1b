"""Errors look the same everywhere: problem+json for programs, a plain page for people."""

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

KEYS = {"type", "title", "status", "detail"}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/nothing/", 404),
        ("POST", "/api/nothing/", 404),
        ("GET", "/api/workflows/00000000-0000-0000-0000-000000000000/", 404),
        ("GET", "/api/workflows/not-an-id/", 404),
        ("GET", "/api/steps/no-such-step/", 404),
        ("GET", "/api/steps/%00/", 404),
        ("GET", "/api/steps/%F0%28/", 404),
        ("GET", "/api/workflows/?page=99", 404),
        ("DELETE", "/api/workflows/", 405),
        ("PUT", "/api/me/", 405),
        ("GET", "/api/steps/?category=nonsense", 400),
        ("GET", "/api/steps/?takes=nonsense", 400),
    ],
)
def test_every_error_of_the_api_is_problem_json(api: Any, method: str, path: str, status: int) -> None:
    answer = api.generic(method, path)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    body = answer.json()
    assert body.keys() >= KEYS
    assert body["status"] == status
    assert body["detail"]


def test_whoever_is_not_signed_in_is_told_so(client: Client) -> None:
    for path in ("/api/me/", "/api/steps/", "/api/workflows/", "/api/runs/", "/api/connections/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json"), path
        assert answer["WWW-Authenticate"]


@pytest.mark.parametrize(
    "header", ["Token nonsense", "Token ", "Token", "Basic eDp5", "Token \xff", "Bearer x y"]
)
def test_a_wrong_token_is_401(client: Client, header: str) -> None:
    answer = client.get("/api/me/", headers={"Authorization": header})
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")


def test_a_fault_of_our_own_is_told_without_its_insides(
    api: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("the insides")

    monkeypatch.setattr("composer.workflows.selectors.workflows_of", fail)
    answer = api.get("/api/workflows/")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert "insides" not in answer.content.decode()
    assert "/api/workflows/" in caplog.text


def test_a_session_needs_its_csrf_token(owner: Any) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(owner)
    answer = browser.post("/api/workflows/", {}, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert "Load it anew" in answer.json()["detail"]


def test_an_accept_header_that_cannot_be_met_is_406(api: Any) -> None:
    answer = api.get("/api/me/", headers={"Accept": "image/png"})
    assert (answer.status_code, answer["Content-Type"]) == (406, "application/problem+json")
