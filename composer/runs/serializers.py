"""Runs as the API shows them. The names of the components are part of the interface."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from composer.engine.states import Status
from composer.runs import selectors
from composer.runs.models import STATUSES, Run, StepRun


def status_field() -> serializers.ChoiceField:
    """The one enum of statuses."""
    return serializers.ChoiceField(choices=STATUSES)


@extend_schema_serializer(component_name="BriefFailure")
class BriefFailureSerializer(serializers.Serializer[Any]):
    """Why a run did not succeed, in a list."""

    kind = serializers.CharField()
    message = serializers.CharField()
    detail = serializers.CharField(allow_blank=True)


@extend_schema_serializer(component_name="Failure")
class FailureSerializer(BriefFailureSerializer):
    """Why a step or run did not succeed, in words for a person."""

    log_tail = serializers.ListField(child=serializers.CharField(allow_blank=True))


@extend_schema_serializer(component_name="Way")
class WaySerializer(serializers.Serializer[Any]):
    """Whether the way over a pipe was taken."""

    taken = serializers.BooleanField()
    why = serializers.CharField(allow_blank=True)


@extend_schema_serializer(component_name="StepRun")
class StepRunSerializer(serializers.ModelSerializer[Any]):
    """One node in one run."""

    step = serializers.CharField(source="step_version.step.slug")
    status = status_field()
    error = serializers.SerializerMethodField()
    failure = FailureSerializer(allow_null=True)
    ways = serializers.DictField(child=WaySerializer())

    class Meta:
        model = StepRun
        fields = [
            "node",
            "title",
            "step",
            "status",
            "attempt",
            "exit_code",
            "started_at",
            "finished_at",
            "bytes_in",
            "bytes_out",
            "error",
            "failure",
            "note",
            "ways",
        ]

    def get_error(self, step: StepRun) -> str | None:
        """The failure in one sentence."""
        return step.error or None


@extend_schema_serializer(component_name="RunInput")
class RunInputSerializer(serializers.Serializer[Any]):
    """What the run was given to work on."""

    kind = serializers.ChoiceField(choices=[("text", "text"), ("file", "file"), ("sample", "sample")])
    name = serializers.CharField(allow_blank=True)
    bytes = serializers.IntegerField()


@extend_schema_serializer(component_name="RunCan")
class RunCanSerializer(serializers.Serializer[Any]):
    """What the caller may do to the run now."""

    cancel = serializers.BooleanField()
    retry = serializers.BooleanField()


@extend_schema_serializer(component_name="RunSummary")
class RunSummarySerializer(serializers.ModelSerializer[Any]):
    """A run in a list."""

    workflow: serializers.PrimaryKeyRelatedField[Any] = serializers.PrimaryKeyRelatedField(read_only=True)
    workflow_name = serializers.CharField(source="workflow.name")
    version = serializers.IntegerField(source="version.number")
    status = status_field()
    error = serializers.SerializerMethodField()
    failure = serializers.SerializerMethodField()
    failed_node = serializers.SerializerMethodField()
    started_by = serializers.SerializerMethodField()
    input = RunInputSerializer(allow_null=True)

    class Meta:
        model = Run
        fields = [
            "id",
            "number",
            "workflow",
            "workflow_name",
            "version",
            "status",
            "error",
            "failure",
            "failed_node",
            "created_at",
            "started_at",
            "finished_at",
            "started_by",
            "input",
            "last_seq",
        ]

    def get_error(self, run: Run) -> str | None:
        """The failure in one sentence."""
        return run.error or None

    @extend_schema_field(BriefFailureSerializer(allow_null=True))
    def get_failure(self, run: Run) -> Any:
        """The failure without its log."""
        brief = {key: getattr(run, f"failure_{key}") for key in selectors.BRIEF}
        return brief if brief["kind"] else None

    def get_failed_node(self, run: Run) -> str | None:
        """The node to look at."""
        return run.failed_node or None

    def get_started_by(self, run: Run) -> str | None:
        """The person's name."""
        return str(run.started_by.name or run.started_by.email) if run.started_by else None


@extend_schema_serializer(component_name="Run")
class RunSerializer(RunSummarySerializer):
    """A run with its graph and its steps."""

    failure = FailureSerializer(allow_null=True)  # type: ignore[assignment]
    usual_seconds = serializers.SerializerMethodField()
    graph = serializers.SerializerMethodField()
    streams = serializers.SerializerMethodField()
    steps = serializers.SerializerMethodField()
    can = serializers.SerializerMethodField()

    class Meta(RunSummarySerializer.Meta):
        fields = [*RunSummarySerializer.Meta.fields, "usual_seconds", "graph", "streams", "steps", "can"]

    def get_usual_seconds(self, run: Run) -> float | None:
        """How long this workflow takes as a rule."""
        return selectors.usual_seconds(run.workflow_id)

    @extend_schema_field(serializers.JSONField)
    def get_graph(self, run: Run) -> Any:
        """The graph as it was when the run was started."""
        return run.version.graph

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_streams(self, run: Run) -> list[str]:
        """The pipes whose two ends run at once; what was to stream and could not is not among them."""
        return selectors.streams_of_run(run)

    @extend_schema_field(StepRunSerializer(many=True))
    def get_steps(self, run: Run) -> Any:
        """The steps, in the order in which they can run."""
        return StepRunSerializer(selectors.steps_of(run), many=True).data

    @extend_schema_field(RunCanSerializer)
    def get_can(self, run: Run) -> dict[str, bool]:
        """What the caller may do to it now."""
        may_run = bool(self.context["may_run"])
        return {"cancel": may_run and run.is_stoppable, "retry": may_run and run.is_repeatable}


@extend_schema_serializer(component_name="RunEvent")
class RunEventSerializer(serializers.Serializer[Any]):
    """Something that was told about a run; the other keys depend on the type."""

    seq = serializers.IntegerField()
    type = serializers.ChoiceField(choices=["run.status", "step.status", "progress"])
    at = serializers.DateTimeField()
    node = serializers.CharField(required=False)
    status = serializers.ChoiceField(choices=[status.value for status in Status], required=False)
    attempt = serializers.IntegerField(required=False)
    exit_code = serializers.IntegerField(required=False, allow_null=True)
    error = serializers.CharField(required=False, allow_null=True)
    failure = FailureSerializer(required=False, allow_null=True)
    failed_node = serializers.CharField(required=False, allow_null=True)
    bytes_in = serializers.IntegerField(required=False, allow_null=True)
    bytes_out = serializers.IntegerField(required=False, allow_null=True)
    note = serializers.CharField(required=False)
    ways = serializers.DictField(child=WaySerializer(), required=False)
    steps = serializers.DictField(required=False)
    edges = serializers.DictField(required=False)


@extend_schema_serializer(component_name="RunEvents")
class RunEventsSerializer(serializers.Serializer[Any]):
    """A page of a run's event log."""

    events = RunEventSerializer(many=True)
    last = serializers.IntegerField()


@extend_schema_serializer(component_name="Preview")
class PreviewSerializer(serializers.Serializer[Any]):
    """A first look at the data of a port."""

    kind = serializers.ChoiceField(choices=["table", "json", "text", "picture", "html", "binary", "empty"])
    bytes = serializers.IntegerField()
    complete = serializers.BooleanField()
    is_sample = serializers.BooleanField()  # it streamed on and was not kept: these are its first bytes
    media_type = serializers.CharField()
    columns = serializers.ListField(child=serializers.CharField(), allow_null=True)
    rows = serializers.ListField(child=serializers.ListField(child=serializers.CharField()), allow_null=True)
    total_rows = serializers.IntegerField(allow_null=True)
    text = serializers.CharField(allow_null=True)
    truncated = serializers.BooleanField()
    next_offset = serializers.IntegerField(allow_null=True)


@extend_schema_serializer(component_name="NewRun")
class NewRunSerializer(serializers.Serializer[Any]):
    """What a run is given: a text, or a file as a multipart upload. Without: the workflow's sample."""

    input = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False)


@extend_schema_serializer(component_name="RetryRun")
class RetrySerializer(serializers.Serializer[Any]):
    """From which node on the run is done again; without one, from the beginning."""

    from_ = serializers.CharField(required=False, allow_null=True)

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of Python's own."""
        return {"from": super().get_fields()["from_"]}
