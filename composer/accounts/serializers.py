"""Accounts as the API shows them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from composer.accounts.models import Connection, Role, User


class _WorkspaceSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()

    class Meta:
        ref_name = "Workspace"


@extend_schema_serializer(component_name="Me")
class MeSerializer(serializers.ModelSerializer[Any]):
    """The person who is signed in."""

    initials = serializers.CharField()
    workspace = _WorkspaceSerializer()
    role = serializers.SerializerMethodField()
    has_password = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ["id", "name", "email", "initials", "workspace", "role", "has_password"]

    @extend_schema_field(serializers.ChoiceField(choices=Role.choices))
    def get_role(self, user: User) -> str | None:
        """What the person may do here."""
        return user.membership.role if user.membership else None

    def get_has_password(self, user: User) -> bool:
        """Whether they can sign in without a link."""
        return user.has_usable_password()


@extend_schema_serializer(component_name="Rename")
class RenameSerializer(serializers.Serializer[Any]):
    """A new name."""

    name = serializers.CharField(max_length=100)


@extend_schema_serializer(component_name="NewPassword")
class PasswordSerializer(serializers.Serializer[Any]):
    """A new password."""

    password = serializers.CharField(max_length=1000, trim_whitespace=False)


@extend_schema_serializer(component_name="Connection")
class ConnectionSerializer(serializers.ModelSerializer[Any]):
    """A secret's name."""

    class Meta:
        model = Connection
        fields = ["id", "name", "created_at"]


@extend_schema_serializer(component_name="NewConnection")
class NewConnectionSerializer(serializers.Serializer[Any]):
    """A secret to keep."""

    name = serializers.CharField(max_length=100)
    value = serializers.CharField(max_length=100_000, trim_whitespace=False)
