"""The page that carries the app, and the pages for what goes wrong."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import DisallowedHost
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET

from composer.web.problems import answer, is_api

ENTRY = "src/main.tsx"  # the front end's name for its first file


@require_GET
@ensure_csrf_cookie
def app(request: HttpRequest) -> HttpResponse:
    """The app; whoever is not signed in signs in first."""
    if is_api(request):
        raise Http404
    return _app(request)


@login_required
def _app(request: HttpRequest) -> HttpResponse:
    manifest = settings.FRONTEND / ".vite" / "manifest.json"
    if not manifest.is_file():
        return render(request, "not-built.html", status=503)
    response = render(request, "app.html", {"assets": _assets(manifest, manifest.stat().st_mtime)})
    response["Cache-Control"] = "no-store"
    return response


@cache
def _assets(manifest: Path, _changed: float) -> dict[str, Any]:
    """The files of the front end's build, as Vite lists them."""
    listed = json.loads(manifest.read_text())
    entry = listed[ENTRY]
    imports = [listed[name] for name in entry.get("imports", [])]
    styles = [file for chunk in (*imports, entry) for file in chunk.get("css", [])]
    return {"script": entry["file"], "styles": styles, "imports": [chunk["file"] for chunk in imports]}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    if isinstance(exception, DisallowedHost):
        return _sorry(request, 400, "Composer does not answer at this address. Add it to ALLOWED_HOSTS.")
    return _sorry(request, 400, "This request could not be understood.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return _sorry(request, 403, "You may not do this.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return _sorry(request, 404, "There is nothing at this address.")


def server_error(request: HttpRequest) -> HttpResponse:
    """500."""
    return _sorry(request, 500, "Something went wrong within Composer.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open for too long."""
    return _sorry(request, 403, "This page was open for too long. Go back, load it anew and try again.")


def _sorry(request: HttpRequest, code: int, words: str) -> HttpResponse:
    if is_api(request):
        return answer(code, words)
    return render(request, "sorry.html", {"code": code, "words": words}, status=code)
