"""Workflows as they are being edited, and the versions that were run."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from composer.accounts.models import Workspace


def empty_graph() -> dict[str, Any]:
    """A workflow that was just begun."""
    return {"nodes": [], "edges": []}


def no_input() -> dict[str, Any]:
    """A workflow that is given nothing at its start."""
    return {"kind": "none", "title": "", "sample": ""}


class Workflow(models.Model):
    """A workflow as it stands in the editor."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="workflows")
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True, default="")
    revision = models.PositiveIntegerField(default=1)  # counts every change; whoever is behind is told
    armed = models.PositiveIntegerField(default=0)
    input = models.JSONField(default=no_input)
    graph = models.JSONField(default=empty_graph)
    is_sample = models.BooleanField(default=False)
    is_listed = models.BooleanField(default=True)  # not: made by a command for one run
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-is_sample", "-updated_at"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["workspace", "-updated_at"], name="workflow_newest")
        ]

    def __str__(self) -> str:
        return self.name


class WorkflowVersion(models.Model):
    """A graph that was run. Never changes."""

    workflow = models.ForeignKey(Workflow, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    graph = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar[list[str]] = ["-number"]
        constraints = [models.UniqueConstraint(fields=["workflow", "number"], name="version_number")]

    def __str__(self) -> str:
        return f"{self.workflow}, version {self.number}"
