"""What each role may do."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from composer.accounts.models import Role, User


def role_of(user: Any) -> Role | None:
    """The person's role in their workspace; None for strangers."""
    if not isinstance(user, User) or user.membership is None:
        return None
    return Role(user.membership.role)


class _AtLeast(BasePermission):
    """Reading needs a membership, changing needs `role`."""

    role = Role.VIEWER
    message = "Your role does not allow this. Ask an owner of the workspace."

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether the caller may go on."""
        mine = role_of(request.user)
        needed = Role.VIEWER if request.method in SAFE_METHODS else self.role
        return mine is not None and mine.includes(needed)


class MayRead(_AtLeast):
    """Every member; whoever changes something needs a view with a stricter permission."""


class MayRun(_AtLeast):
    """May start and stop runs."""

    role = Role.RUNNER


class MayEdit(_AtLeast):
    """May change workflows."""

    role = Role.EDITOR


class MayOwn(_AtLeast):
    """May add steps and connections."""

    role = Role.OWNER
