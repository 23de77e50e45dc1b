"""The page that carries the app, the pages for what goes wrong, and the headers of all of them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from composer.environment import ROOT

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(owner: Any) -> Client:
    visitor = Client(raise_request_exception=False)
    visitor.force_login(owner)
    return visitor


@pytest.fixture
def build(settings: Any, tmp_path: Path) -> Path:
    """A front end as Vite leaves it."""
    settings.FRONTEND = tmp_path
    entry = {
        "file": "assets/main-abc.js",
        "isEntry": True,
        "css": ["assets/main-abc.css"],
        "imports": ["_vendor"],
    }
    pages = {"file": "assets/pages-abc.css", "isEntry": True, "src": "src/pages.css"}
    manifest = {"src/pages.css": pages, "src/main.tsx": entry, "_vendor": {"file": "assets/vendor-abc.js"}}
    (tmp_path / ".vite").mkdir()
    (tmp_path / ".vite" / "manifest.json").write_text(json.dumps(manifest))
    return tmp_path


@pytest.mark.parametrize("path", ["/", "/workflows/7", "/library", "/runs/anything?x=1"])
def test_every_address_of_the_app_carries_the_app(visitor: Client, build: Path, path: str) -> None:
    answer = visitor.get(path)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert '<script type="module" src="/static/app/assets/main-abc.js">' in page
    assert '<link rel="stylesheet" href="/static/app/assets/main-abc.css">' in page
    assert '<link rel="modulepreload" href="/static/app/assets/vendor-abc.js">' in page
    assert answer["Cache-Control"] == "no-store"
    assert "composer_csrf" in answer.cookies


def test_the_page_hands_its_nonce_on_and_each_has_another(visitor: Client, build: Path) -> None:
    nonces = set()
    for _ in range(2):
        answer = visitor.get("/")
        found = re.search(r'data-nonce="([\w-]{20,})"', answer.content.decode())
        assert found
        assert f"'nonce-{found[1]}'" in answer["Content-Security-Policy"]
        nonces.add(found[1])
    assert len(nonces) == 2


def test_strangers_are_led_to_the_sign_in_page(client: Client) -> None:
    answer = client.get("/workflows/7?x=1")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/workflows/7%3Fx%3D1")


def test_a_front_end_that_was_not_built_says_what_to_do(
    visitor: Client, settings: Any, tmp_path: Path
) -> None:
    settings.FRONTEND = tmp_path / "nothing"
    answer = visitor.get("/")
    assert answer.status_code == 503
    assert "npm --prefix frontend run build" in answer.content.decode()


@pytest.mark.parametrize(
    "path", ["/", "/sign-in/", "/api/me/", "/api/nothing/", "/api/docs/", "/static/nothing.js"]
)
def test_every_answer_bears_the_security_headers(visitor: Client, build: Path, path: str) -> None:
    answer = visitor.get(path)
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert re.fullmatch(r"'self' 'nonce-[\w-]+'", policy["script-src"])
    assert re.fullmatch(r"'self' 'nonce-[\w-]+'", policy["style-src"])
    assert policy["img-src"] == "'self' data: blob:"
    assert policy["connect-src"] == "'self'"
    for name in ("object-src", "base-uri", "frame-ancestors"):
        assert policy[name] == "'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("name", ["pages.css", "docs.css", "theme.js", "logo.svg", "inter.woff2"])
def test_what_the_pages_need_is_served_by_ourselves(client: Client, name: str) -> None:
    answer = client.get(f"/static/composer/{name}")
    whole = (ROOT / "composer/web/static/composer" / name).read_bytes()
    assert (answer.status_code, answer.content) == (200, whole)
    assert "Access-Control-Allow-Origin" not in answer
    again = {"If-None-Match": answer["ETag"]}
    assert client.get(f"/static/composer/{name}", headers=again).status_code == 304
    part = client.get(f"/static/composer/{name}", headers={"Range": "bytes=2-5"})
    assert (part.status_code, part.content) == (206, whole[2:6])
    assert client.head(f"/static/composer/{name}")["Content-Length"] == str(len(whole))


def test_pages_hold_nothing_that_the_policy_forbids(visitor: Client, client: Client, build: Path) -> None:
    pages = [
        visitor.get("/"),
        visitor.get("/api/docs/"),
        client.get("/sign-in/"),
        client.get("/sign-in/used/"),
    ]
    assert [answer.status_code for answer in pages] == [200, 200, 200, 410]
    for answer in pages:
        page = answer.content.decode()
        assert "<html" in page
        assert "style=" not in page
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|https?://(?!testserver)", page)


def test_nothing_under_static_is_a_plain_404(client: Client) -> None:
    answer = client.get("/static/nothing.js")
    assert answer.status_code == 404
    assert "There is nothing at this address." in answer.content.decode()


def test_a_fault_shows_a_page_that_reassures(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("the insides")

    monkeypatch.setattr("composer.web.views._app", fail)
    answer = visitor.get("/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "nothing you saved is lost" in page
    assert "insides" not in page


def test_the_documentation_names_every_operation(visitor: Client) -> None:
    page = visitor.get("/api/docs/").content.decode()
    for words in ("/api/workflows/{workflow_id}/runs/", "Idempotency-Key", "Authorization: Token"):
        assert words in page


def test_an_address_that_is_not_ours_names_the_setting(client: Client) -> None:
    answer = client.get("/sign-in/", headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400
    assert "ALLOWED_HOSTS" in answer.content.decode()
