"""The caller's own account, tokens, roles, and the workspace's connections."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from composer.accounts import services
from composer.accounts.models import ApiToken, Connection, Role, Workspace
from composer.accounts.selectors import connection_secret

pytestmark = pytest.mark.django_db

CONNECTIONS = "/api/connections/"


def fields(answer: Any) -> set[str]:
    return {problem["field"] for problem in answer.json()["problems"]}


def test_me_says_who_is_signed_in_and_what_they_may_do(api: Any, owner: Any) -> None:
    assert api.get("/api/me/").json() == {
        "id": owner.id,
        "name": "Owner",
        "email": "owner@localhost",
        "initials": "O",
        "workspace": {"id": owner.workspace.id, "name": "Home"},
        "role": "owner",
        "has_password": False,
    }


@pytest.mark.parametrize(
    ("name", "initials"), [("Ada Lovelace", "AL"), ("Ada King Lovelace", "AL"), ("ada", "A"), ("Éva Õ", "ÉÕ")]
)
def test_a_person_can_change_their_name(api: Any, name: str, initials: str) -> None:
    answer = api.patch("/api/me/", {"name": name})
    assert (answer.json()["name"], answer.json()["initials"]) == (name, initials)


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, None, 3.5, ["a"], "a\0b"])
def test_a_name_that_is_none_is_refused(api: Any, name: Any) -> None:
    answer = api.patch("/api/me/", {"name": name})
    if answer.status_code == 200:
        assert name == 3.5  # a number is read as the text it is written as
    else:
        assert (answer.status_code, fields(answer)) == (400, {"name"})


def test_a_new_password_keeps_the_session_and_signs_in_next_time(owner: Any) -> None:
    client = Client()
    client.force_login(owner)
    answer = client.post("/api/me/password/", {"password": "correct horse"}, content_type="application/json")
    assert answer.status_code == 204
    assert client.get("/api/me/").json()["has_password"] is True
    assert Client().login(username=owner.email, password="correct horse")


@pytest.mark.parametrize("password", ["short", "password", "x" * 1001, "", None])
def test_a_password_that_is_easy_to_guess_is_refused(api: Any, password: str | None) -> None:
    answer = api.post("/api/me/password/", {"password": password})
    assert (answer.status_code, fields(answer)) == (400, {"password"})


@pytest.mark.parametrize("scheme", ["Token", "token", "Bearer"])
def test_a_token_lets_a_program_in(owner: Any, client: Client, scheme: str) -> None:
    secret = services.create_token(owner)
    assert client.get("/api/me/", headers={"Authorization": f"{scheme} {secret}"}).status_code == 200
    assert secret not in str(list(ApiToken.objects.values()))


def test_a_token_of_somebody_who_was_switched_off_is_dead(owner: Any, api: Any) -> None:
    assert api.get("/api/me/").status_code == 200
    owner.is_active = False
    owner.save()
    assert api.get("/api/me/").status_code == 401


def test_a_wrong_token_is_not_saved_by_a_session(owner: Any, client: Client) -> None:
    client.force_login(owner)
    assert client.get("/api/me/", headers={"Authorization": "Token nonsense"}).status_code == 401


def test_the_value_of_a_connection_is_sealed_and_never_comes_back(api: Any, owner: Any) -> None:
    made = api.post(CONNECTIONS, {"name": "Mail", "value": " s3cret \n"})
    assert made.status_code == 201
    assert made.json().keys() == {"id", "name", "created_at"}
    listed = api.get(CONNECTIONS)
    assert [each["name"] for each in listed.json()] == ["Mail"]
    assert "s3cret" not in made.content.decode() + listed.content.decode()
    assert b"s3cret" not in bytes(Connection.objects.get().sealed)
    for called in (str(made.json()["id"]), "Mail"):
        assert connection_secret(owner.workspace, called) == " s3cret \n"


def test_a_changed_key_still_opens_what_the_former_one_sealed(api: Any, owner: Any, settings: Any) -> None:
    api.post(CONNECTIONS, {"name": "Mail", "value": "s3cret"})
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another"
    assert connection_secret(owner.workspace, "Mail") is None
    settings.SECRET_KEY_FALLBACKS = [former]
    assert connection_secret(owner.workspace, "Mail") == "s3cret"


def test_the_same_name_again_replaces_the_value(api: Any, owner: Any) -> None:
    for value in ("one", "two"):
        assert api.post(CONNECTIONS, {"name": "Mail", "value": value}).status_code == 201
    assert connection_secret(owner.workspace, "Mail") == "two"
    assert Connection.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({}, {"name", "value"}),
        ({"name": "", "value": "x"}, {"name"}),
        ({"name": "x" * 101, "value": "x"}, {"name"}),
        ({"name": "Mail", "value": "x" * 100_001}, {"value"}),
        ({"name": "Mail", "value": {"a": 1}}, {"value"}),
        ({"name": "Mail", "value": "a\0b"}, {"value"}),
    ],
)
def test_a_connection_that_cannot_be_kept_is_refused_by_field(api: Any, given: Any, wrong: set[str]) -> None:
    answer = api.post(CONNECTIONS, given)
    assert (answer.status_code, fields(answer)) == (400, wrong)


def test_a_connection_can_be_forgotten(api: Any, owner: Any) -> None:
    made = api.post(CONNECTIONS, {"name": "Mail", "value": "x"}).json()
    assert api.delete(f"{CONNECTIONS}{made['id']}/").status_code == 204
    assert api.delete(f"{CONNECTIONS}{made['id']}/").status_code == 404
    assert connection_secret(owner.workspace, "Mail") is None


def test_connections_of_others_are_not_there(api: Any, owner: Any, stranger: Any, api_of: Any) -> None:
    made = api_of(stranger).post(CONNECTIONS, {"name": "Theirs", "value": "x"}).json()
    assert api.get(CONNECTIONS).json() == []
    assert api.delete(f"{CONNECTIONS}{made['id']}/").status_code == 404
    for called in (str(made["id"]), "Theirs", "", "-1", "9" * 30, "²"):
        assert connection_secret(owner.workspace, called) is None


@pytest.mark.parametrize("role", Role.values)
def test_each_role_may_do_its_part(
    role: str, member: Callable[..., Any], api_of: Callable[[Any], Any], library: None
) -> None:
    api = api_of(member(role))
    rank = ["viewer", "runner", "editor", "owner"].index(role)

    def may(answer: Any) -> bool:
        assert answer.status_code in (200, 201, 204, 400, 403), answer.content
        return bool(answer.status_code != 403)

    assert may(api.get("/api/steps/"))
    assert may(api.get("/api/workflows/"))
    assert may(api.patch("/api/me/", {"name": "New name"}))
    assert may(api.post("/api/workflows/", {"name": "Mine"})) is (rank >= 2)
    assert may(api.post("/api/workflows/import/", {"name": "Mine"})) is (rank >= 2)
    assert may(api.post("/api/steps/", {})) is (rank >= 3)
    assert may(api.post(CONNECTIONS, {"name": "a", "value": "b"})) is (rank >= 3)


def test_somebody_in_no_workspace_sees_nothing(api_of: Callable[[Any], Any], owner: Any) -> None:
    from composer.accounts.models import User

    api = api_of(User.objects.create_user("lost@example.org", "Lost"))
    Workspace.objects.create(name="Empty")
    for path in ("/api/me/", "/api/steps/", "/api/workflows/", CONNECTIONS):
        assert api.get(path).status_code == 403
