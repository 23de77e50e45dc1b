"""Who is calling: a program with a token, or a browser with its session."""

from typing import Any

from rest_framework import authentication, exceptions
from rest_framework.request import Request

from composer.accounts.models import User
from composer.accounts.selectors import user_of_token


def token_in(header: str) -> str | None:
    """The secret in `Token …` or `Bearer …`; None where the header is neither."""
    kind, _, secret = header.strip().partition(" ")
    return secret.strip() if kind.lower() in ("token", "bearer") and secret.strip() else None


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Token …`."""

    def authenticate(self, request: Request) -> tuple[User, str] | None:
        """The token's person. Raises AuthenticationFailed where the token is none of ours."""
        header = request.headers.get("Authorization", "")
        if not header:
            return None
        secret = token_in(header)
        user = user_of_token(secret) if secret else None
        if user is None:
            raise exceptions.AuthenticationFailed(
                "This token is not valid. `manage.py create_token` makes a new one."
            )
        return user, "token"

    def authenticate_header(self, request: Request) -> str:
        """So that the answer is 401, and says how to sign in."""
        return "Token"


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's session, with its CSRF token."""

    def authenticate_header(self, request: Request) -> str:
        """So that the answer is 401, not 403."""
        return "Session"

    def enforce_csrf(self, request: Any) -> None:
        """As Django does, in words that a person can act on."""
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied as error:
            raise exceptions.PermissionDenied("This page was open for too long. Load it anew.") from error
