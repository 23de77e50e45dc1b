"""The data of runs: whole, in ranges, and as a first look."""

import dataclasses
import os
import uuid
from collections.abc import Iterable

from django.conf import settings
from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from composer.accounts.permissions import MayRead
from composer.engine.graph import Problem
from composer.engine.spool import Spool
from composer.runs import data, raw
from composer.runs.api import run_or_404, whole_number
from composer.runs.models import Run
from composer.runs.preview import LIMIT_MOST, preview
from composer.runs.serializers import PreviewSerializer
from composer.web.problems import Conflict, Missing, Refused

_DOWNLOAD = OpenApiParameter("download", bool, description="Have the browser save it.")
_OF = OpenApiParameter(
    "of", str, description="Which one, where there are several: a further output, or a pipe that leads in."
)
_BYTES = {200: OpenApiTypes.BINARY, 206: OpenApiTypes.BINARY, 204: None}
_PORT = OpenApiParameter("port", str, OpenApiParameter.PATH, enum=list(data.PORTS))
_PAGE = [
    OpenApiParameter("port", str, enum=list(data.PORTS)),
    OpenApiParameter("offset", int, description="Rows of a table, bytes of a text."),
    OpenApiParameter("limit", int, description="Rows or lines."),
]


class AnyForm(BaseContentNegotiation):
    """The data is what it is, whatever the other side says it accepts."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser:
        """Nothing is sent to these addresses."""
        return next(iter(parsers))

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """For problems only."""
        renderer = next(iter(renderers))
        return renderer, renderer.media_type


def _spool() -> Spool:
    return Spool(settings.COMPOSER_SPOOL)


def _send(request: Request, found: data.Data | None) -> HttpResponseBase:
    if found is None:
        raise Missing("This step did not run, so there is no data.")
    if found.is_sample:
        raise Conflict(
            "This went straight on to the next step and was not kept. "
            "Let the pipe also keep it (“stream+keep”), and run again."
        )
    response = raw.respond(request._request, found.path, gives=found.gives, name=found.name)
    if response is None:
        raise Missing("This data is no longer kept.")
    response["X-Composer-Complete"] = "true" if found.complete else "false"
    return response


class RunOutput(APIView):
    """The output of a run."""

    permission_classes = [MayRead]
    content_negotiation_class = AnyForm

    @extend_schema(parameters=[_DOWNLOAD], responses=_BYTES)
    def get(self, request: Request, run_id: uuid.UUID) -> HttpResponseBase:
        """What the last step gave."""
        try:
            return _send(request, data.run_output(_spool(), run_or_404(request, run_id)))
        except data.SeveralEnds as ends:
            message = f"This run has several results. Ask for the output of one of these steps: {ends}."
            raise Conflict(message) from ends


class RunInput(APIView):
    """The input of a run."""

    permission_classes = [MayRead]
    content_negotiation_class = AnyForm

    @extend_schema(parameters=[_DOWNLOAD], responses=_BYTES)
    def get(self, request: Request, run_id: uuid.UUID) -> HttpResponseBase:
        """What it was given at its start."""
        found = data.run_input(_spool(), run_or_404(request, run_id))
        if found is None:
            raise Missing("This run was given nothing.")
        return _send(request, found)


class StepData(APIView):
    """The bytes of a step."""

    permission_classes = [MayRead]
    content_negotiation_class = AnyForm

    @extend_schema(
        parameters=[_DOWNLOAD, _OF, _PORT],
        responses=_BYTES,
    )
    def get(self, request: Request, run_id: uuid.UUID, node: str, port: str) -> HttpResponseBase:
        """Its output, input or log; also while it runs."""
        if port not in data.PORTS:
            raise Missing("A step has an output, an input and a log.")
        return _send(request, _of_step(request, run_or_404(request, run_id), node, port))


class RunPreview(APIView):
    """A first look at what a run was given, or gave."""

    permission_classes = [MayRead]

    @extend_schema(parameters=_PAGE, responses=PreviewSerializer)
    def get(self, request: Request, run_id: uuid.UUID) -> Response:
        """As a table, text, JSON or a picture."""
        run = run_or_404(request, run_id)
        try:
            wanted = _port(request, "input")
            found = data.run_input(_spool(), run) if wanted == "input" else data.run_output(_spool(), run)
        except data.SeveralEnds as ends:
            raise Conflict(f"This run has several results. Look at one of these steps: {ends}.") from ends
        return _look(request, found)


class StepPreview(APIView):
    """A first look at the data of a step."""

    permission_classes = [MayRead]

    @extend_schema(parameters=[*_PAGE, _OF], responses=PreviewSerializer)
    def get(self, request: Request, run_id: uuid.UUID, node: str) -> Response:
        """As a table, text, JSON or a picture; also while it runs."""
        run = run_or_404(request, run_id)
        return _look(request, _of_step(request, run, node, _port(request, "output")))


def _of_step(request: Request, run: Run, node: str, port: str) -> data.Data | None:
    try:
        return data.of_step(_spool(), run, node, port, request.query_params.get("of", ""))
    except data.SeveralInputs as several:
        words = f"Several pipes lead into this step. Ask for one of them with “of”: {several}."
        raise Conflict(words) from several


def _port(request: Request, default: str) -> str:
    port = request.query_params.get("port", default)
    if port not in data.PORTS:
        raise Refused([Problem("“port” must be output, input or log.", field="port")])
    return port


def _look(request: Request, found: data.Data | None) -> Response:
    offset = whole_number(request, "offset", 0, 0, 2**50)
    limit = whole_number(request, "limit", 200, 1, LIMIT_MOST)
    if found is None:
        raise Missing("This step did not run, so there is nothing to look at.")
    try:
        fd = _spool().open_read(found.path)
    except OSError as error:
        raise Missing("This data is no longer kept.") from error
    with os.fdopen(fd, "rb") as file:
        size = os.fstat(fd).st_size
        complete = found.complete and not found.is_sample
        shown = preview(file, size, found.gives, offset=offset, limit=limit, complete=complete)
    return Response(PreviewSerializer({**dataclasses.asdict(shown), "is_sample": found.is_sample}).data)
