"""Reading workflows."""

import uuid
from typing import Any

from django.apps import apps
from django.db.models import OuterRef, QuerySet, Subquery

from composer.accounts.models import Workspace
from composer.workflows.models import Workflow


def workflows_of(workspace: Workspace) -> QuerySet[Workflow]:
    """The workflows on the list, samples first; without what their runs are given, which may be large."""
    listed = Workflow.objects.filter(workspace=workspace, deleted_at=None, is_listed=True)
    return listed.defer("input")


def find_workflow(workspace: Workspace, workflow_id: uuid.UUID, *, removed: bool = False) -> Workflow | None:
    """The workflow, if it is this workspace's and was not removed."""
    found = Workflow.objects.filter(workspace=workspace, id=workflow_id).select_related("workspace")
    return (found if removed else found.filter(deleted_at=None)).first()


def last_runs(workflow_ids: list[uuid.UUID]) -> dict[uuid.UUID, dict[str, Any]]:
    """The newest run of each workflow.

    Runs stand above workflows in the house, so the model is looked up by name.
    """
    runs = apps.get_model("runs", "Run").objects
    newest = runs.filter(workflow=OuterRef("id")).order_by("-created_at", "-number").values("id")[:1]
    ids = Workflow.objects.filter(id__in=workflow_ids).values_list(Subquery(newest), flat=True)
    shown = ("id", "number", "status", "created_at", "finished_at")
    rows = runs.filter(id__in=[each for each in ids if each]).values("workflow_id", *shown)
    return {row["workflow_id"]: {key: row[key] for key in shown} for row in rows}


def armed_ready(workflow: Workflow) -> int:
    """How many of its next runs wait at their gates; looked up by name, as above."""
    armed = apps.get_model("runs", "ArmedRun").objects
    return int(armed.filter(workflow=workflow, state="ready").count())
