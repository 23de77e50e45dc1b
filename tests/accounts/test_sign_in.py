"""Signing in with a password or with a link that works once, and out again."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from composer.accounts import services
from composer.accounts.models import SignInLink

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"


@pytest.fixture
def person(owner: Any) -> Any:
    services.set_password(owner, PASSWORD)
    return owner


def sign_in(client: Client, email: str, password: str, **more: str) -> Any:
    return client.post("/sign-in/", {"username": email, "password": password, **more})


def is_signed_in(client: Client) -> bool:
    return client.get("/api/me/").status_code == 200


@pytest.mark.parametrize("change", [str, str.upper, str.title])
def test_e_mail_address_and_password_sign_in_whatever_its_capitals(
    client: Client, person: Any, change: Any
) -> None:
    answer = sign_in(client, change(person.email), PASSWORD)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_signed_in(client)
    assert answer.cookies["composer_session"]["httponly"]
    assert answer.cookies["composer_session"]["samesite"] == "Lax"


def test_a_person_is_led_to_where_they_wanted_to_go(client: Client, person: Any) -> None:
    assert sign_in(client, person.email, PASSWORD, next="/workflows/7")["Location"] == "/workflows/7"


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_and_never_to_another_site(client: Client, person: Any, elsewhere: str) -> None:
    assert sign_in(client, person.email, PASSWORD, next=elsewhere)["Location"] == "/"


@pytest.mark.parametrize(
    ("email", "password", "words"),
    [
        ("owner@localhost", "wrong", "do not belong together"),
        ("nobody@example.org", PASSWORD, "do not belong together"),
        ("", PASSWORD, "Fill in your e-mail address."),
        ("owner@localhost", "", "Fill in your password."),
        ("a\0b", "c\0d", "Fill in your e-mail address."),
        ("x" * 10_000, "y" * 10_000, "do not belong together"),
    ],
)
def test_a_refusal_says_what_to_do(
    client: Client, person: Any, email: str, password: str, words: str
) -> None:
    answer = sign_in(client, email, password)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not is_signed_in(client)


def test_what_was_typed_is_shown_as_text(client: Client, person: Any) -> None:
    page = sign_in(client, '"><script>alert(1)</script>', "x").content.decode()
    assert "<script>alert" not in page


def test_somebody_without_a_password_cannot_sign_in_with_any(client: Client, owner: Any) -> None:
    for password in ("", "!", "password", owner.password):
        sign_in(client, owner.email, password)
        assert not is_signed_in(client)


def test_a_link_signs_in_by_its_button_and_once(client: Client, owner: Any) -> None:
    path = services.create_sign_in_link(owner)
    for _ in range(3):  # a mail program that looks ahead does not use it up
        assert f"Hello, {owner.name}" in client.get(path).content.decode()
        assert client.head(path).status_code == 200
        assert not is_signed_in(client)
    assert client.post(path)["Location"] == "/"
    assert is_signed_in(client)

    second = Client()
    for answer in (second.get(path), second.post(path)):
        assert answer.status_code == 410
        assert "This link no longer works" in answer.content.decode()
        assert "manage.py sign_in_link" in answer.content.decode()
    assert not is_signed_in(second)


def test_a_link_holds_for_a_day(client: Client, owner: Any) -> None:
    path = services.create_sign_in_link(owner)
    SignInLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.post(path).status_code == 410
    assert not is_signed_in(client)


def test_of_a_link_only_a_hash_is_kept(owner: Any) -> None:
    secret = services.create_sign_in_link(owner).strip("/").split("/")[-1]
    assert secret not in str(list(SignInLink.objects.values()))


def test_a_link_of_somebody_who_was_switched_off_is_dead(client: Client, owner: Any) -> None:
    path = services.create_sign_in_link(owner)
    owner.is_active = False
    owner.save()
    assert client.post(path).status_code == 410


def test_link_pages_are_kept_by_nobody(client: Client, owner: Any) -> None:
    answer = client.get(services.create_sign_in_link(owner))
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("path", ["/sign-out/", "/api/sign-out/"])
def test_signing_out_ends_the_session(client: Client, owner: Any, path: str) -> None:
    client.force_login(owner)
    session = client.cookies["composer_session"].value
    assert client.post(path).status_code in (204, 302)
    assert not is_signed_in(client)
    client.cookies["composer_session"] = session
    assert not is_signed_in(client)
