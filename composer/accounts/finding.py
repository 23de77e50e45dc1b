"""Whom a management command means."""

from django.core.management.base import CommandError

from composer.accounts.models import User
from composer.accounts.services import find_owner


def person_called(email: str | None) -> User:
    """The user with this e-mail address; the owner where none is given."""
    if email is None:
        owner = find_owner()
        if owner is None:
            raise CommandError("There is no owner yet. Run `manage.py bootstrap` first.")
        return owner
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        raise CommandError(f"Nobody has the e-mail address {email}.")
    return user
