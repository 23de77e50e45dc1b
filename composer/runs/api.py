"""The interface of runs for programs: start, list, look, stop, run again, follow."""

import uuid
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from composer.accounts.models import User
from composer.accounts.permissions import MayRead, MayRun, role_of
from composer.accounts.selectors import workspace_of
from composer.engine.graph import Problem
from composer.engine.states import Status
from composer.engine.values import bad_text
from composer.runs import selectors, services
from composer.runs.arming import Gone
from composer.runs.intake import Given, InputTooLarge, SpoolFull, pieces
from composer.runs.models import Run
from composer.runs.serializers import (
    NewRunSerializer,
    RetrySerializer,
    RunEventsSerializer,
    RunSerializer,
    RunSummarySerializer,
)
from composer.web.forms import WholeFormParser
from composer.web.parsers import JSONParser
from composer.web.problems import Conflict, Full, Missing, Refused, TooLarge, Unprocessable
from composer.workflows.selectors import find_workflow

EVENTS_MOST = 1_000
KEY_LENGTH = 255


def run_or_404(request: Request, run_id: uuid.UUID) -> Run:
    """The run, if it is of the caller's workspace."""
    run = selectors.find_run(workspace_of(request), run_id)
    if run is None:
        raise Missing("There is no such run.")
    return run


def shown(request: Request, run: Run) -> dict[str, Any]:
    """A run as the API shows it to the caller."""
    role = role_of(request.user)
    may_run = role is not None and role.includes(MayRun.role)
    return dict(RunSerializer(run, context={"may_run": may_run}).data)


def person_of(request: Request) -> User:
    """Who is calling; permissions have seen to it that somebody is."""
    assert isinstance(request.user, User)
    return request.user


def whole_number(request: Request, name: str, default: int, least: int, most: int) -> int:
    """A number from the query. Raises Refused where it is none, or out of bounds."""
    text = request.query_params.get(name, str(default))
    if text.isascii() and text.isdigit() and len(text) <= 18 and least <= int(text) <= most:
        return int(text)
    raise Refused([Problem(f"“{name}” must be a whole number from {least} to {most}.", field=name)])


class StartRun(APIView):
    """Runs of one workflow."""

    permission_classes = [MayRun]
    parser_classes = [JSONParser, WholeFormParser]

    @extend_schema(
        request={"application/json": NewRunSerializer, "multipart/form-data": OpenApiTypes.OBJECT},
        responses={201: RunSerializer},
        parameters=[OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER)],
    )
    def post(self, request: Request, workflow_id: uuid.UUID) -> Response:
        """Starts a run. With an Idempotency-Key, once only."""
        workflow = find_workflow(workspace_of(request), workflow_id)
        if workflow is None:
            raise Missing("There is no such workflow.")
        key = request.headers.get("Idempotency-Key", "")
        if len(key) > KEY_LENGTH or bad_text(key):
            raise Refused(
                [Problem(f"An Idempotency-Key has at most {KEY_LENGTH} characters.", field="Idempotency-Key")]
            )
        try:
            run = services.create_run(workflow, given=_given(request), user=person_of(request), key=key)
        except services.KeyReused as reused:
            raise Unprocessable("This Idempotency-Key came before with another input.") from reused
        except InputTooLarge as large:
            raise TooLarge(str(large)) from large
        except SpoolFull as full:
            raise Full(str(full)) from full
        except Gone as gone:
            raise Conflict("What was kept ready for it has just gone. Start the run again.") from gone
        return Response(shown(request, run), status=status.HTTP_201_CREATED)


def _given(request: Request) -> Given | None:
    """The input in the request; None where there is none and the workflow's sample is meant."""
    data: Any = request.data
    if not hasattr(data, "get"):
        raise Refused([Problem('Send an object, such as {"input": "some text"}.')])
    if unknown := [key for key in data if key != "input"]:
        raise Refused(
            [Problem(f"Only “input” can be given, not “{str(unknown[0])[:60]}”.", field=str(unknown[0])[:60])]
        )
    if isinstance(data, QueryDict) and str(request.content_type).startswith("multipart/"):
        _check_form(data)
    value = data.get("input")
    if value is None:
        return None
    if isinstance(value, UploadedFile):
        return Given("file", (value.name or "")[:255], value.chunks())
    if not isinstance(value, str):
        raise Refused([Problem("“input” must be a text, or a file in a multipart form.", field="input")])
    if bad := bad_text(value.replace("\0", "")):  # NUL is data like any other here
        raise Refused([Problem(f"“input” {bad}.", field="input")])
    return Given("text", "", pieces(value))


def _check_form(form: QueryDict) -> None:
    """Whoever sends a form means to give something: nothing else is run in its place."""
    count = len(form.getlist("input"))
    if count != 1:
        words = "has no whole field" if count == 0 else "has more than one field"
        raise Refused([Problem(f"The form {words} “input”. Send one file, or one text.", field="input")])


class Runs(generics.ListAPIView[Run]):
    """The runs of the workspace, newest first."""

    permission_classes = [MayRead]
    serializer_class = RunSummarySerializer

    @extend_schema(
        parameters=[
            OpenApiParameter("workflow", OpenApiTypes.UUID),
            OpenApiParameter("status", str, enum=[each.value for each in Status]),
        ]
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page of runs."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        """Narrowed by workflow and status."""
        rows = selectors.listed_runs(workspace_of(self.request))
        if wanted := self.request.query_params.get("workflow"):
            rows = rows.filter(workflow_id=_workflow_id(wanted))
        if wanted := self.request.query_params.get("status"):
            if wanted not in list(Status):
                words = ", ".join(Status)
                raise Refused(
                    [Problem(f"“{wanted[:40]}” is no status. Choose one of: {words}.", field="status")]
                )
            rows = rows.filter(status=wanted)
        return rows


def _workflow_id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Refused([Problem(f"“{text[:60]}” is no id of a workflow.", field="workflow")]) from error


class OneRun(APIView):
    """One run."""

    permission_classes = [MayRead]

    @extend_schema(responses=RunSerializer)
    def get(self, request: Request, run_id: uuid.UUID) -> Response:
        """The run, its graph and its steps."""
        return Response(shown(request, run_or_404(request, run_id)))


class CancelRun(APIView):
    """Stopping a run."""

    permission_classes = [MayRun]

    @extend_schema(request=None, responses={202: RunSerializer})
    def post(self, request: Request, run_id: uuid.UUID) -> Response:
        """Stops it; harmless where it is over already."""
        run = services.cancel_run(run_or_404(request, run_id))
        return Response(shown(request, run), status=status.HTTP_202_ACCEPTED)


class RetryRun(APIView):
    """Running again."""

    permission_classes = [MayRun]

    @extend_schema(request=RetrySerializer, responses={201: RunSerializer})
    def post(self, request: Request, run_id: uuid.UUID) -> Response:
        """A new run; with `from`, what that node does not change is kept."""
        before = run_or_404(request, run_id)
        data: Any = request.data
        node = data.get("from") if hasattr(data, "get") else data
        if node is not None and not isinstance(node, str):
            raise Refused([Problem("“from” must be the id of a step.", field="from")])
        try:
            run = services.retry_run(before, from_node=node or None, user=person_of(request))
        except services.NotOver as error:
            raise Conflict("This run still works. Stop it first, or wait for its end.") from error
        except services.NoSuchNode as error:
            raise Refused([Problem("This run has no step of that id.", field="from")]) from error
        except SpoolFull as full:
            raise Full(str(full)) from full
        return Response(shown(request, run), status=status.HTTP_201_CREATED)


class RunEvents(APIView):
    """The event log."""

    permission_classes = [MayRead]

    @extend_schema(
        parameters=[OpenApiParameter("after", int), OpenApiParameter("limit", int)],
        responses=RunEventsSerializer,
    )
    def get(self, request: Request, run_id: uuid.UUID) -> Response:
        """What was told after a number; `last` is the number to go on from."""
        run = run_or_404(request, run_id)
        limit = whole_number(request, "limit", selectors.EVENTS_AT_ONCE, 1, EVENTS_MOST)
        try:
            after = selectors.parse_cursor(request.query_params.get("after", "0"), run.last_seq)
        except selectors.BadCursor as error:
            message = f"“after” must be a whole number from 0 to {run.last_seq}, the last one of this run."
            raise Refused([Problem(message, field="after")]) from error
        events = selectors.events_after(run.id, after, limit)
        return Response({"events": events, "last": events[-1]["seq"] if events else after})
