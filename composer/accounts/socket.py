"""Who opens a socket: a program with a token, or a browser with its session."""

from collections.abc import Awaitable, Callable
from typing import Any

from channels.db import database_sync_to_async

from composer.accounts.authentication import token_in
from composer.accounts.models import User, Workspace
from composer.accounts.selectors import user_of_token

Application = Callable[[Any, Any, Any], Awaitable[Any]]


class TokenMiddleware:
    """Reads the Authorization header of a socket's handshake; it wins over the session."""

    def __init__(self, inner: Application) -> None:
        self._inner = inner

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> Any:
        """Puts `token_user` into the scope where there is such a header; None is a bad token."""
        headers = dict(scope.get("headers", []))
        if b"authorization" in headers:
            secret = token_in(headers[b"authorization"].decode("latin-1"))
            user = await database_sync_to_async(user_of_token)(secret) if secret else None
            scope = {**scope, "token_user": user}
        return await self._inner(scope, receive, send)


def workspace_of_scope(scope: dict[str, Any]) -> Workspace | None:
    """The workspace of whoever opened the socket; None for strangers. Reads the database."""
    user = scope["token_user"] if "token_user" in scope else scope.get("user")
    if user is None or not user.is_authenticated:
        return None
    person = User.objects.filter(pk=user.pk, is_active=True).first()
    return person.membership.workspace if person and person.membership else None
