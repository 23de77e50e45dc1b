"""Steps and their versions. A version never changes."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from composer.accounts.models import Workspace


class Step(models.Model):
    """An entry of the library: built in, or added by a workspace."""

    workspace = models.ForeignKey(
        Workspace, null=True, blank=True, on_delete=models.CASCADE, related_name="steps"
    )  # null: built in, for everybody
    slug = models.CharField(max_length=100)
    newest = models.ForeignKey(
        "StepVersion", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    words = models.TextField(blank=True, default="")  # what the search looks through, in small letters
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar[list[str]] = ["slug"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "slug"], name="step_once_in_workspace"),
            models.UniqueConstraint(fields=["slug"], condition=Q(workspace=None), name="built_in_step_once"),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def is_built_in(self) -> bool:
        """Whether it came with Composer."""
        return self.workspace_id is None


class StepVersion(models.Model):
    """One version's manifest, as it was given."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="versions")
    version = models.CharField(max_length=100)
    manifest = models.JSONField()
    image_digest = models.CharField(max_length=512, null=True, blank=True)  # noqa: DJ001 - null: not pinned yet
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "version"], name="step_version_once")]

    def __str__(self) -> str:
        return f"{self.step} {self.version}"
