"""A strict content security policy: nothing runs but what we ship; styles bear a nonce."""

import secrets
from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'nonce-{nonce}'",
        "style-src 'self' 'nonce-{nonce}'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
        "manifest-src 'self'",
    )
)


class ContentSecurityPolicy:
    """Gives each request `csp_nonce` and each answer its policy, unless it set a stricter one."""

    sync_capable = async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self._get_response = get_response
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        """The answer, or a promise of it where the server is asynchronous."""
        request.csp_nonce = secrets.token_urlsafe(16)  # type: ignore[attr-defined]
        if self._is_async:
            return self._later(request)
        return self._finish(request, self._get_response(request))

    async def _later(self, request: HttpRequest) -> HttpResponse:
        return self._finish(request, await self._get_response(request))

    def _finish(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        nonce: str = request.csp_nonce  # type: ignore[attr-defined]
        response.headers.setdefault("Content-Security-Policy", POLICY.format(nonce=nonce))
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        return response
