"""What is kept of a run: the run, its steps, and everything that was ever told about it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from composer.accounts.models import Workspace
from composer.catalog.models import StepVersion
from composer.engine.states import FINAL, Status
from composer.workflows.models import Workflow, WorkflowVersion

STATUSES = [(status.value, status.value) for status in Status]
#: A worker has something to do for a run in one of these.
ACTIVE = (Status.QUEUED.value, Status.PREPARING.value, Status.RUNNING.value)
OVER = tuple(sorted(status.value for status in FINAL))


class Run(models.Model):
    """One execution of one version of a workflow."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="runs", db_index=False)
    workflow = models.ForeignKey(Workflow, on_delete=models.CASCADE, related_name="runs", db_index=False)
    version = models.ForeignKey(WorkflowVersion, on_delete=models.PROTECT, related_name="runs")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=STATUSES, default=Status.QUEUED.value)
    error = models.TextField(blank=True, default="")
    failure = models.JSONField(null=True, blank=True)
    failed_node = models.CharField(max_length=64, blank=True, default="")
    input = models.JSONField(null=True, blank=True)  # {kind, name, bytes}; the bytes are in the spool
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    retry_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="retries"
    )

    # Who works on it: every write of a worker is conditional on the epoch of its lease.
    epoch = models.PositiveIntegerField(default=0)
    owner_instance = models.CharField(max_length=64, blank=True, default="")
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    cancel_requested_at = models.DateTimeField(null=True, blank=True)

    # The last number given out in its event log.
    last_seq = models.BigIntegerField(default=0)

    # When its task was last put into the queue, and how often since somebody last owned it.
    sent_at = models.DateTimeField(null=True, blank=True)
    sends = models.PositiveIntegerField(default=0)

    idempotency_key = models.CharField(max_length=255, blank=True, default="")
    request_hash = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workflow", "number"], name="run_number_in_workflow"),
            models.UniqueConstraint(
                fields=["workflow", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="run_idempotency_key",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "-created_at"], name="run_newest_in_workspace"),
            models.Index(fields=["workflow", "-created_at"], name="run_newest_in_workflow"),
            # Workers look here several times a second; what is over is not in it.
            models.Index(
                fields=["owner_instance"], condition=Q(status__in=ACTIVE), name="run_active_by_owner"
            ),
        ]

    def __str__(self) -> str:
        return f"Run {self.number} of {self.workflow}"

    @property
    def is_over(self) -> bool:
        """True once nothing more will happen to it."""
        return self.status in OVER

    @property
    def is_stoppable(self) -> bool:
        """Whether it still goes on, and nobody has stopped it yet."""
        return not self.is_over and self.cancel_requested_at is None

    @property
    def is_repeatable(self) -> bool:
        """Whether it can be run again: it is over, or waits for a person to say so."""
        return self.is_over or self.status == Status.WAITING.value


class ArmedRun(models.Model):
    """A run to come, whose containers a worker keeps waiting at their gates; its id will be the run's."""

    MAKING, READY, TAKEN = "making", "ready", "taken"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workflow = models.ForeignKey(
        Workflow, on_delete=models.CASCADE, related_name="armed_runs", db_index=False
    )
    version = models.ForeignKey(WorkflowVersion, on_delete=models.CASCADE, related_name="+")
    slot = models.PositiveIntegerField()  # 0 to armed - 1: whoever adds the row has won the slot
    instance = models.CharField(max_length=64)  # the worker that holds its containers
    state = models.CharField(
        max_length=8, choices=[(each, each) for each in (MAKING, READY, TAKEN)], default=MAKING
    )
    has_input = models.BooleanField()  # whether its first steps read a file that is filled when it starts
    made_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField()  # its worker lived then

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workflow", "slot"], name="one_armed_run_per_slot")]

    def __str__(self) -> str:
        return f"{self.workflow}, armed {self.slot} ({self.state})"


class StepRun(models.Model):
    """One node in one run."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="steps", db_index=False)
    node = models.CharField(max_length=64)
    place = models.PositiveIntegerField()  # in the order in which the steps can run
    title = models.CharField(max_length=200)
    step_version = models.ForeignKey(StepVersion, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=STATUSES, default=Status.QUEUED.value)
    attempt = models.PositiveIntegerField(default=1)
    claimed_epoch = models.PositiveIntegerField(null=True, blank=True)  # who opened this attempt's gate
    exit_code = models.IntegerField(null=True, blank=True)
    error = models.TextField(blank=True, default="")
    failure = models.JSONField(null=True, blank=True)
    note = models.TextField(blank=True, default="")
    ways = models.JSONField(default=dict)  # by edge, once it is over: {taken, why}
    bytes_in = models.BigIntegerField(null=True, blank=True)
    bytes_out = models.BigIntegerField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["run", "node"], name="one_step_run_per_node")]

    def __str__(self) -> str:
        return f"{self.title} ({self.status})"


class RunEvent(models.Model):
    """Something that was told about a run. `seq` orders them; it may have gaps, never disorder."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="events", db_index=False)
    seq = models.BigIntegerField()
    type = models.CharField(max_length=20)
    node = models.CharField(max_length=64, blank=True, default="")
    at = models.DateTimeField()
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(fields=["run", "seq"], name="run_event_seq")]

    def __str__(self) -> str:
        return f"{self.seq} {self.type} {self.node}".rstrip()
