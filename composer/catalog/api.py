"""The interface of the library for programs: look, search, add."""

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from composer.accounts.permissions import MayOwn, MayRead
from composer.accounts.selectors import workspace_of
from composer.catalog import selectors, services
from composer.catalog.manifest import CATEGORIES, ManifestError
from composer.catalog.manifest_parts import DATA
from composer.catalog.serializers import StepSerializer, step_json
from composer.engine.graph import Problem
from composer.engine.values import bad_text
from composer.web.pagination import Pages
from composer.web.problems import Conflict, Missing, Refused


class Steps(APIView):
    """The library."""

    permission_classes = [MayOwn]
    pagination_class = Pages

    @extend_schema(
        parameters=[
            OpenApiParameter("search", str),
            OpenApiParameter("category", str, enum=CATEGORIES),
            OpenApiParameter("takes", str, enum=DATA),
        ],
        responses=StepSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """A page of steps; with `search`, the best fit first."""
        query = request.query_params
        found = selectors.search(list(selectors.steps_of(workspace_of(request))), query.get("search", ""))
        if category := _one_of(query.get("category"), "category", CATEGORIES):
            found = [step for step in found if step.newest and step.newest.manifest["category"] == category]
        if takes := _one_of(query.get("takes"), "takes", DATA):
            found = [
                step for step in found if step.newest and step.newest.manifest["takes"] in (takes, "any")
            ]
        pages = Pages()
        page = pages.paginate_queryset(found, request, self)
        return pages.get_paginated_response([step_json(step) for step in page or []])

    @extend_schema(request=OpenApiTypes.OBJECT, responses={201: StepSerializer})
    def post(self, request: Request) -> Response:
        """Adds a step, described by its manifest."""
        try:
            version = services.add_step(
                workspace_of(request), request.data, registries=settings.COMPOSER_ALLOWED_REGISTRIES
            )
        except ManifestError as error:
            raise Refused([Problem(words, field=field or None) for field, words in error.problems]) from error
        except services.VersionTaken as error:
            raise Conflict(str(error), problems=[Problem(str(error), field="version")]) from error
        version.step.refresh_from_db()
        return Response(step_json(version.step, version), status=status.HTTP_201_CREATED)


def _one_of(value: str | None, name: str, known: tuple[str, ...]) -> str | None:
    if value and value not in known:
        raise Refused([Problem(f"“{name}” must be one of: {', '.join(known)}.", field=name)])
    return value or None


class OneStep(APIView):
    """One step."""

    permission_classes = [MayRead]

    @extend_schema(parameters=[OpenApiParameter("version", str)], responses=StepSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """The step, in its newest version unless `version` names another."""
        workspace, wanted = workspace_of(request), request.query_params.get("version")
        step = None if bad_text(slug) else selectors.find_step(workspace, slug)
        if step is None:
            raise Missing(f"The library has no step “{slug[:60]}”.")
        version = selectors.find_version(workspace, slug, wanted)
        if version is None:
            raise Missing(f"“{slug}” has no version {str(wanted)[:40]}.")
        return Response(step_json(step, version))
