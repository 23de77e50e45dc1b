"""The caller's own account, and the workspace's connections."""

from django.contrib.auth import logout, update_session_auth_hash
from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from composer.accounts import services
from composer.accounts.models import User
from composer.accounts.permissions import MayOwn, MayRead
from composer.accounts.selectors import connections_of, workspace_of
from composer.accounts.serializers import (
    ConnectionSerializer,
    MeSerializer,
    NewConnectionSerializer,
    PasswordSerializer,
    RenameSerializer,
)
from composer.engine.graph import Problem
from composer.web.problems import Missing, Refused


class Me(APIView):
    """Who is signed in."""

    permission_classes = [MayRead]

    @extend_schema(responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """The person, their workspace and role."""
        return Response(MeSerializer(request.user).data)

    @extend_schema(request=RenameSerializer, responses=MeSerializer)
    def patch(self, request: Request) -> Response:
        """Changes the name."""
        given = RenameSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        services.rename(_person(request), given.validated_data["name"])
        return Response(MeSerializer(request.user).data)


class Password(APIView):
    """The caller's password."""

    permission_classes = [MayRead]

    @extend_schema(request=PasswordSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Sets it; the session goes on."""
        given = PasswordSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            services.set_password(_person(request), given.validated_data["password"])
        except ValidationError as error:
            raise Refused([Problem(words, field="password") for words in error.messages]) from error
        update_session_auth_hash(request._request, _person(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class SignOut(APIView):
    """The end of a session."""

    permission_classes = [MayRead]

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """Signs out."""
        logout(request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Connections(APIView):
    """Secrets that steps may be given."""

    permission_classes = [MayOwn]

    @extend_schema(responses=ConnectionSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Their names; never their values."""
        rows = connections_of(workspace_of(request))
        return Response(ConnectionSerializer(rows, many=True).data)

    @extend_schema(request=NewConnectionSerializer, responses={201: ConnectionSerializer})
    def post(self, request: Request) -> Response:
        """Keeps a secret under a name."""
        given = NewConnectionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        made = services.add_connection(workspace_of(request), **given.validated_data)
        return Response(ConnectionSerializer(made).data, status=status.HTTP_201_CREATED)


class OneConnection(APIView):
    """One secret."""

    permission_classes = [MayOwn]

    @extend_schema(responses={204: None})
    def delete(self, request: Request, connection_id: int) -> Response:
        """Forgets it."""
        gone, _ = connections_of(workspace_of(request)).filter(id=connection_id).delete()
        if not gone:
            raise Missing("There is no such connection.")
        return Response(status=status.HTTP_204_NO_CONTENT)


def _person(request: Request) -> User:
    assert isinstance(request.user, User)  # MayRead has let nobody else in
    return request.user
