"""The interface of workflows for programs."""

import uuid
from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import PermissionDenied
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from composer.accounts.permissions import MayEdit, MayOwn, MayRead, role_of
from composer.accounts.selectors import workspace_of
from composer.engine.graph import Problem
from composer.engine.graph_parse import parse
from composer.web.pagination import Pages
from composer.web.parsers import JSONParser, read_limited
from composer.web.problems import Missing, Refused, problem_json
from composer.workflows import files, selectors, services
from composer.workflows.checking import all_problems, notes
from composer.workflows.dray_steps import MayNotAddSteps
from composer.workflows.models import Workflow
from composer.workflows.serializers import (
    SaveWorkflowSerializer,
    ValidationSerializer,
    WorkflowSerializer,
    WorkflowSummarySerializer,
    icons_of,
)
from composer.workflows.yaml_text import read_yaml


def shown(workflow: Workflow) -> dict[str, Any]:
    """A workflow as the API shows it."""
    problems = all_problems(workflow.workspace, parse(workflow.graph))
    context = {
        "last_runs": selectors.last_runs([workflow.id]),
        "problems": [problem_json(problem) for problem in problems],
        "notes": [problem_json(note) for note in notes(workflow.workspace, parse(workflow.graph))],
    }
    return dict(WorkflowSerializer(workflow, context=context).data)


def workflow_or_404(request: Request, workflow_id: uuid.UUID, *, removed: bool = False) -> Workflow:
    """The workflow, if it is of the caller's workspace."""
    workflow = selectors.find_workflow(workspace_of(request), workflow_id, removed=removed)
    if workflow is None:
        raise Missing("There is no such workflow.")
    return workflow


def is_draft(data: Any) -> bool:
    """Whether the sender is an editor that saves while somebody types."""
    value = data.get("draft", False) if isinstance(data, dict) else False
    if not isinstance(value, bool):
        raise Refused([Problem("“draft” must be true or false.", field="draft")])
    return value


class Workflows(APIView):
    """The workflows of the workspace."""

    permission_classes = [MayEdit]
    pagination_class = Pages

    @extend_schema(responses=WorkflowSummarySerializer(many=True))
    def get(self, request: Request) -> Response:
        """A page of workflows, samples first."""
        workspace, pages = workspace_of(request), Pages()
        page: list[Workflow] = pages.paginate_queryset(selectors.workflows_of(workspace), request) or []
        context = {
            "last_runs": selectors.last_runs([each.id for each in page]),
            "icons": icons_of(workspace, page),
        }
        return pages.get_paginated_response(WorkflowSummarySerializer(page, many=True, context=context).data)

    @extend_schema(request=SaveWorkflowSerializer, responses={201: WorkflowSerializer})
    def post(self, request: Request) -> Response:
        """Makes one; every field may be left out."""
        made = services.create(workspace_of(request), request.data, draft=is_draft(request.data))
        return Response(shown(made), status=status.HTTP_201_CREATED)


class OneWorkflow(APIView):
    """One workflow."""

    permission_classes = [MayEdit]

    @extend_schema(responses=WorkflowSerializer)
    def get(self, request: Request, workflow_id: uuid.UUID) -> Response:
        """The workflow with its graph and its checklist."""
        return Response(shown(workflow_or_404(request, workflow_id)))

    @extend_schema(request=SaveWorkflowSerializer, responses=WorkflowSerializer)
    def put(self, request: Request, workflow_id: uuid.UUID) -> Response:
        """Replaces it, if `revision` is still the newest; else 409."""
        workflow = workflow_or_404(request, workflow_id)
        return Response(
            shown(services.update(workflow, request.data, draft=is_draft(request.data), whole=True))
        )

    @extend_schema(request=SaveWorkflowSerializer, responses=WorkflowSerializer)
    def patch(self, request: Request, workflow_id: uuid.UUID) -> Response:
        """Changes what is given, if `revision` is still the newest; else 409."""
        workflow = workflow_or_404(request, workflow_id)
        return Response(shown(services.update(workflow, request.data, draft=is_draft(request.data))))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, workflow_id: uuid.UUID) -> Response:
        """Takes it off the list."""
        services.remove(workflow_or_404(request, workflow_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


class Validate(APIView):
    """The checklist."""

    permission_classes = [MayRead]

    @extend_schema(request=SaveWorkflowSerializer, responses=ValidationSerializer)
    def post(self, request: Request, workflow_id: uuid.UUID) -> Response:
        """What keeps the workflow, or a graph that is sent instead of its own, from being run."""
        workflow = workflow_or_404(request, workflow_id)
        found, told = services.validate(workflow, request.data), services.notes(workflow, request.data)
        shown = {"problems": [problem_json(each) for each in found], "notes": [problem_json(n) for n in told]}
        return Response({"ok": not found, **shown})


class Duplicate(APIView):
    """A copy."""

    permission_classes = [MayEdit]

    @extend_schema(request=None, responses={201: WorkflowSerializer})
    def post(self, request: Request, workflow_id: uuid.UUID) -> Response:
        """Makes a copy to change freely."""
        made = services.duplicate(workflow_or_404(request, workflow_id))
        return Response(shown(made), status=status.HTTP_201_CREATED)


class Restore(APIView):
    """Undoing a removal."""

    permission_classes = [MayEdit]

    @extend_schema(request=None, responses=WorkflowSerializer)
    def post(self, request: Request, workflow_id: uuid.UUID) -> Response:
        """Puts a removed workflow back on the list."""
        services.restore(workflow_or_404(request, workflow_id, removed=True))
        return Response(shown(workflow_or_404(request, workflow_id)))


class YAMLParser(BaseParser):
    """application/yaml, within the same limits as JSON."""

    media_type = "application/yaml"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """The data. Raises Refused, TooLarge."""
        return read_yaml(read_limited(stream))


#: How a workflow can be exported: media type, ending of the file's name, and who writes it.
_KINDS = {
    "yaml": ("application/yaml", "yaml", files.export_yaml),
    "shell": ("text/x-shellscript", "sh", files.export_shell),
}


class Import(APIView):
    """Workflows from files."""

    permission_classes = [MayEdit]
    parser_classes = [JSONParser, YAMLParser]

    @extend_schema(
        request={"application/json": SaveWorkflowSerializer, "application/yaml": OpenApiTypes.STR},
        responses={201: WorkflowSerializer},
    )
    def post(self, request: Request) -> Response:
        """Makes a workflow of what `export` gave, or of a job for Dray.

        A job for Dray is an object whose `steps` is a list: `{name, environment: [{variable, value}],
        steps: [{name, source, environment, output, beginDelimiter, endDelimiter, refresh}]}`. Each of its
        steps becomes a step of the library, which only owners may add; the same job again adds nothing.
        `notes` also say what means something else here than in Dray.
        """
        role = role_of(request.user)
        may_add_steps = role is not None and role.includes(MayOwn.role)
        try:
            made = services.import_with_notes(
                workspace_of(request), request.data, may_add_steps=may_add_steps
            )
        except MayNotAddSteps as error:
            words = f"This job brings new steps into the library. {MayOwn.message}"
            raise PermissionDenied(words) from error
        answer = shown(made.workflow)
        answer["notes"] += [problem_json(note) for note in made.notes]
        return Response(answer, status=status.HTTP_201_CREATED)


class Export(APIView):
    """Workflows as files."""

    permission_classes = [MayRead]

    @extend_schema(
        parameters=[OpenApiParameter("as", str, enum=list(_KINDS))],
        responses={
            (200, "application/yaml"): OpenApiTypes.STR,
            (200, "text/x-shellscript"): OpenApiTypes.STR,
        },
    )
    def get(self, request: Request, workflow_id: uuid.UUID) -> HttpResponse:
        """The workflow as YAML, which `import` takes; or as a shell script.

        The script does the same with `docker run`. It holds no secret, and says at its top what a script
        cannot do; a workflow with something to mend has none (400, with its checklist).
        """
        workflow = workflow_or_404(request, workflow_id)
        kind = request.query_params.get("as", "yaml")
        if kind not in _KINDS:
            raise Refused([Problem("A workflow can be exported as yaml or as shell.", field="as")])
        media_type, ending, export = _KINDS[kind]
        answer = HttpResponse(export(workflow), content_type=f"{media_type}; charset=utf-8")
        name = "".join(c if c.isascii() and c.isalnum() else "-" for c in workflow.name.lower()).strip("-")
        answer["Content-Disposition"] = f'attachment; filename="{name[:60] or "workflow"}.{ending}"'
        return answer
