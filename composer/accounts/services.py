"""Letting people and their programs in, and keeping their secrets."""

from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone

from composer.accounts import secrets
from composer.accounts.models import ApiToken, Connection, Membership, Role, SignInLink, User, Workspace

LINK_HOLDS = timedelta(hours=24)
OWNER_EMAIL = "owner@localhost"


@transaction.atomic
def bootstrap_owner() -> User:
    """The owner of this installation and a workspace; made at the first start."""
    owner = find_owner()
    if owner is None:
        owner = User.objects.create_user(OWNER_EMAIL, "Owner")
        workspace = Workspace.objects.create(name="Home")
        Membership.objects.create(user=owner, workspace=workspace, role=Role.OWNER)
    return owner


def find_owner() -> User | None:
    """Whoever owns the first workspace."""
    first = Membership.objects.filter(role=Role.OWNER).select_related("user").order_by("id").first()
    return first.user if first else None


def create_token(user: User) -> str:
    """A new token for programs; shown once, here."""
    secret = secrets.new_secret()
    ApiToken.objects.create(user=user, digest=secrets.digest(secret))
    return secret


def create_sign_in_link(user: User) -> str:
    """The path of a page that signs this person in, once, within a day."""
    secret = secrets.new_secret()
    SignInLink.objects.filter(user=user, expires_at__lt=timezone.now()).delete()
    SignInLink.objects.create(
        user=user, digest=secrets.digest(secret), expires_at=timezone.now() + LINK_HOLDS
    )
    return f"/sign-in/{secret}/"


def open_link(secret: str) -> SignInLink | None:
    """The link, if it can still be used."""
    links = SignInLink.objects.filter(used_at=None, expires_at__gt=timezone.now(), user__is_active=True)
    return links.select_related("user").filter(digest=secrets.digest(secret)).first()


def use_link(secret: str) -> User | None:
    """Whom the link signs in; whoever comes second gets None."""
    link = open_link(secret)
    if link is None:
        return None
    won = SignInLink.objects.filter(id=link.id, used_at=None).update(used_at=timezone.now())
    return link.user if won else None


def rename(user: User, name: str) -> None:
    """Changes what a person is called on screen."""
    user.name = name
    user.save(update_fields=["name"])


def set_password(user: User, password: str) -> None:
    """Gives a person a password. Raises Django's ValidationError where it is too easy to guess."""
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])


def add_connection(workspace: Workspace, name: str, value: str) -> Connection:
    """Keeps a secret under a name; the same name again replaces it."""
    connection, _ = Connection.objects.update_or_create(
        workspace=workspace, name=name, defaults={"sealed": secrets.seal(value)}
    )
    return connection
