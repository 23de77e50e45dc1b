"""What an operator types: the first owner, tokens, links."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from composer.accounts.models import User, Workspace
from composer.catalog.models import Step
from composer.workflows.models import Workflow

pytestmark = pytest.mark.django_db


def manage(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue().strip()


def test_bootstrap_makes_an_installation_that_can_be_used_at_once() -> None:
    manage("bootstrap")
    assert User.objects.get().workspace == Workspace.objects.get()
    assert Step.objects.filter(workspace=None).count() >= 12
    assert {workflow.name for workflow in Workflow.objects.filter(is_sample=True)} == {
        "Word job",
        "Sales report",
        "Log digest",
    }


def test_bootstrap_again_changes_nothing() -> None:
    manage("bootstrap")
    before = [list(model.objects.order_by("pk").values()) for model in (User, Step, Workflow)]
    assert manage("bootstrap") == "0 new steps, 0 new sample workflows"
    assert [list(model.objects.order_by("pk").values()) for model in (User, Step, Workflow)] == before


def test_bootstrap_brings_nothing_back_that_somebody_changed() -> None:
    manage("bootstrap")
    Workflow.objects.filter(name="Word job").update(name="My words", is_sample=False)
    Workflow.objects.filter(name="Log digest").delete()
    Workflow.objects.filter(name="Sales report").update(deleted_at="2026-01-01T00:00:00Z")
    manage("bootstrap")
    assert set(Workflow.objects.values_list("name", flat=True)) == {"My words", "Sales report", "Log digest"}


def test_a_second_bootstrap_asks_little_of_the_database(django_assert_max_num_queries: Any) -> None:
    manage("bootstrap")
    with django_assert_max_num_queries(25):
        manage("bootstrap")


def test_create_token_without_a_name_is_for_the_owner() -> None:
    manage("bootstrap")
    token = manage("create_token")
    answer = Client().get("/api/me/", headers={"Authorization": f"Token {token}"})
    assert answer.json()["role"] == "owner"


def test_create_token_with_a_name_is_for_that_person(owner: Any, member: Any) -> None:
    viewer = member("viewer")
    token = manage("create_token", viewer.email.upper())
    answer = Client().get("/api/me/", headers={"Authorization": f"Token {token}"})
    assert answer.json()["email"] == viewer.email


def test_sign_in_link_prints_a_path_that_works() -> None:
    manage("bootstrap")
    path = manage("sign_in_link")
    assert path.startswith("/sign-in/")
    assert Client().post(path)["Location"] == "/"


@pytest.mark.parametrize("command", ["create_token", "sign_in_link"])
def test_an_unknown_name_is_refused_in_words(command: str, owner: Any) -> None:
    with pytest.raises(CommandError, match=r"Nobody has the e-mail address x@example\.org"):
        manage(command, "x@example.org")


@pytest.mark.parametrize("command", ["create_token", "sign_in_link"])
def test_before_the_first_bootstrap_the_cure_is_named(command: str) -> None:
    with pytest.raises(CommandError, match=r"Run `manage\.py bootstrap` first"):
        manage(command)
