"""Reading who somebody is, and what they may use."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.exceptions import NotAuthenticated

from composer.accounts import secrets
from composer.accounts.models import ApiToken, Connection, User, Workspace

if TYPE_CHECKING:
    from django.http import HttpRequest
    from rest_framework.request import Request

USED_RECORDED_EVERY = timedelta(minutes=10)


def user_of_token(secret: str) -> User | None:
    """Whose token this is."""
    tokens = ApiToken.objects.filter(digest=secrets.digest(secret), user__is_active=True)
    token = tokens.select_related("user").first()
    if token is None:
        return None
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > USED_RECORDED_EVERY:
        ApiToken.objects.filter(id=token.id).update(last_used_at=now)
    return token.user


def workspace_of(request: "Request | HttpRequest") -> Workspace:
    """The workspace that the caller works in. Raises NotAuthenticated."""
    user = request.user
    if not isinstance(user, User) or user.membership is None:
        raise NotAuthenticated("Sign in first.")
    return user.membership.workspace


def connection_secret(workspace: Workspace, connection: str) -> str | None:
    """The value behind a connection's id or name, of this workspace alone."""
    mine = Connection.objects.filter(workspace=workspace)
    found = (
        mine.filter(id=int(connection)).first() if connection.isdecimal() and len(connection) < 19 else None
    )
    found = found or mine.filter(name=connection).first()
    return secrets.unseal(found.sealed) if found else None


def connections_of(workspace: Workspace) -> QuerySet[Connection]:
    """The connections of a workspace."""
    return Connection.objects.filter(workspace=workspace)
