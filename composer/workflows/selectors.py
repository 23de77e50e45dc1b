"""Reading workflows."""

import uuid
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from composer.accounts.models import Workspace
from composer.workflows.models import Workflow


def workflows_of(workspace: Workspace) -> QuerySet[Workflow]:
    """The workflows on the list, samples first."""
    return Workflow.objects.filter(workspace=workspace, deleted_at=None, is_listed=True)


def find_workflow(workspace: Workspace, workflow_id: uuid.UUID, *, removed: bool = False) -> Workflow | None:
    """The workflow, if it is this workspace's and was not removed."""
    found = Workflow.objects.filter(workspace=workspace, id=workflow_id).select_related("workspace")
    return (found if removed else found.filter(deleted_at=None)).first()


def last_runs(workflow_ids: list[uuid.UUID]) -> dict[uuid.UUID, dict[str, Any]]:
    """The newest run of each workflow.

    Runs stand above workflows in the house, so the model is looked up by name.
    """
    runs = apps.get_model("runs", "Run").objects.filter(workflow_id__in=workflow_ids)
    shown = ("id", "number", "status", "created_at", "finished_at")
    found: dict[uuid.UUID, dict[str, Any]] = {}
    for row in runs.order_by("workflow_id", "number").values("workflow_id", *shown):
        found[row["workflow_id"]] = {key: row[key] for key in shown}
    return found
