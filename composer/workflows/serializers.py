"""Workflows as the API shows them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from composer.accounts.models import Workspace
from composer.catalog.selectors import find_versions
from composer.engine.ports import BYTES_PER_WAITING_CONTAINER
from composer.engine.rules import TESTS
from composer.web.schema import ProblemSerializer
from composer.workflows import selectors
from composer.workflows.models import Workflow

WHENS = ("success", "failure", "always")
MODES = ("keep", "stream", "stream+keep")
STATUSES = ["queued", "preparing", "running", "waiting", "succeeded", "failed", "skipped", "canceled"]


@extend_schema_serializer(component_name="Position")
class PositionSerializer(serializers.Serializer[Any]):
    """Where a node stands on the map."""

    x = serializers.FloatField()
    y = serializers.FloatField()


@extend_schema_serializer(component_name="Node")
class NodeSerializer(serializers.Serializer[Any]):
    """A step placed in a workflow."""

    id = serializers.CharField()
    step = serializers.CharField()
    version = serializers.CharField(required=False, allow_null=True)
    title = serializers.CharField(required=False)
    params = serializers.DictField(required=False)
    position = PositionSerializer(required=False)
    join = serializers.ChoiceField(choices=[("all", "all"), ("any", "any")], required=False)
    limits = serializers.DictField(required=False)
    connections = serializers.DictField(child=serializers.CharField(), required=False)
    note = serializers.CharField(required=False)


@extend_schema_serializer(component_name="Condition")
class ConditionSerializer(serializers.Serializer[Any]):
    """One test of one field of what arrives."""

    field = serializers.CharField()
    test = serializers.ChoiceField(choices=[(each, each) for each in TESTS])
    value = serializers.JSONField(required=False)


@extend_schema_serializer(component_name="Rule")
class RuleSerializer(serializers.Serializer[Any]):
    """`all` or `any` of some conditions, or `else`: where no other rule beside it holds."""

    all = ConditionSerializer(many=True, required=False)
    any = ConditionSerializer(many=True, required=False)

    def get_fields(self) -> dict[str, Any]:
        """`else` is a word of Python's own."""
        return {**super().get_fields(), "else": serializers.BooleanField(required=False)}


@extend_schema_serializer(component_name="Edge")
class EdgeSerializer(serializers.Serializer[Any]):
    """A pipe between two nodes."""

    id = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    target = serializers.CharField()
    output = serializers.CharField(required=False)
    input = serializers.CharField(required=False)
    order = serializers.IntegerField(required=False)
    when = serializers.ChoiceField(choices=[(each, each) for each in WHENS], required=False)
    rule = RuleSerializer(required=False)
    mode = serializers.ChoiceField(choices=[(each, each) for each in MODES], required=False)


@extend_schema_serializer(component_name="Graph")
class GraphSerializer(serializers.Serializer[Any]):
    """The nodes and pipes of a workflow."""

    nodes = NodeSerializer(many=True)
    edges = EdgeSerializer(many=True)


@extend_schema_serializer(component_name="WorkflowInput")
class InputSerializer(serializers.Serializer[Any]):
    """What a run is given at its start."""

    kind = serializers.ChoiceField(choices=[("none", "none"), ("text", "text"), ("file", "file")])
    title = serializers.CharField(allow_blank=True)
    sample = serializers.CharField(allow_blank=True)
    name = serializers.CharField(required=False)


@extend_schema_serializer(component_name="LastRun")
class LastRunSerializer(serializers.Serializer[Any]):
    """The newest run of a workflow."""

    id = serializers.UUIDField()
    number = serializers.IntegerField()
    status = serializers.ChoiceField(choices=[(each, each) for each in STATUSES])
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


@extend_schema_serializer(component_name="StepIcon")
class StepIconSerializer(serializers.Serializer[Any]):
    """How a step is drawn in small."""

    slug = serializers.CharField()
    icon = serializers.CharField()
    category = serializers.CharField()


class _Common(serializers.ModelSerializer[Any]):
    last_run = serializers.SerializerMethodField()

    @extend_schema_field(LastRunSerializer(allow_null=True))
    def get_last_run(self, workflow: Workflow) -> Any:
        """The newest run."""
        return self.context["last_runs"].get(workflow.id)


@extend_schema_serializer(component_name="WorkflowSummary")
class WorkflowSummarySerializer(_Common):
    """A workflow on the list."""

    node_count = serializers.SerializerMethodField()
    step_icons = serializers.SerializerMethodField()

    class Meta:
        model = Workflow
        fields = [
            *("id", "name", "description", "revision", "armed", "is_sample", "node_count", "step_icons"),
            *("created_at", "updated_at", "last_run"),
        ]

    def get_node_count(self, workflow: Workflow) -> int:
        """How many steps it has."""
        return len(workflow.graph["nodes"])

    @extend_schema_field(StepIconSerializer(many=True))
    def get_step_icons(self, workflow: Workflow) -> Any:
        """The first six steps."""
        icons: dict[str, dict[str, str]] = self.context["icons"]
        return [icons[node["step"]] for node in workflow.graph["nodes"][:6] if node["step"] in icons]


@extend_schema_serializer(component_name="Workflow")
class WorkflowSerializer(_Common):
    """A workflow, whole."""

    input = InputSerializer()
    graph = GraphSerializer()
    version = serializers.SerializerMethodField()
    problems = serializers.SerializerMethodField()
    notes = serializers.SerializerMethodField()
    armed_ready = serializers.SerializerMethodField()
    armed_cost = serializers.SerializerMethodField()

    class Meta:
        model = Workflow
        fields = [
            *("id", "name", "description", "revision", "armed", "is_sample", "input", "graph", "version"),
            *("problems", "notes", "armed_ready", "armed_cost", "created_at", "updated_at", "last_run"),
        ]

    def get_version(self, workflow: Workflow) -> int:
        """The number of the version that was last run; 0 where none was."""
        newest = workflow.versions.first()
        return newest.number if newest else 0

    @extend_schema_field(ProblemSerializer(many=True))
    def get_problems(self, workflow: Workflow) -> Any:
        """What is to be mended before it can run."""
        return self.context["problems"]

    @extend_schema_field(ProblemSerializer(many=True))
    def get_notes(self, workflow: Workflow) -> Any:
        """What is good to know and keeps nothing from running."""
        return self.context["notes"]

    def get_armed_ready(self, workflow: Workflow) -> int:
        """How many of its next runs wait at their gates now."""
        return selectors.armed_ready(workflow) if workflow.armed else 0

    def get_armed_cost(self, workflow: Workflow) -> int:
        """Bytes of memory that all the containers take that it wants kept ready."""
        return workflow.armed * len(workflow.graph["nodes"]) * BYTES_PER_WAITING_CONTAINER

    @extend_schema_field(GraphSerializer())
    def get_graph(self, workflow: Workflow) -> Any:
        """As it is stored."""
        return workflow.graph

    def to_representation(self, workflow: Workflow) -> dict[str, Any]:
        """Graph and input are stored as they are shown."""
        shown: dict[str, Any] = super().to_representation(workflow)
        return {**shown, "graph": workflow.graph, "input": workflow.input}


@extend_schema_serializer(component_name="Validation")
class ValidationSerializer(serializers.Serializer[Any]):
    """A checklist."""

    ok = serializers.BooleanField()
    problems = ProblemSerializer(many=True)
    notes = ProblemSerializer(many=True)  # good to know; they keep nothing from running


@extend_schema_serializer(component_name="SaveWorkflow")
class SaveWorkflowSerializer(serializers.Serializer[Any]):
    """What can be saved; `draft` also takes settings that do not fit yet."""

    revision = serializers.IntegerField(required=False)
    name = serializers.CharField(required=False)
    description = serializers.CharField(required=False, allow_blank=True)
    armed = serializers.IntegerField(required=False)
    input = InputSerializer(required=False)
    graph = GraphSerializer(required=False)
    draft = serializers.BooleanField(required=False)


def icons_of(workspace: Workspace, workflows: list[Workflow]) -> dict[str, dict[str, str]]:
    """The icons of all steps on a page of workflows, in one query."""
    slugs = {node["step"] for workflow in workflows for node in workflow.graph["nodes"][:6]}
    found = find_versions(workspace, [(slug, None) for slug in slugs])
    return {
        slug: {"slug": slug, "icon": version.manifest["icon"], "category": version.manifest["category"]}
        for (slug, _), version in found.items()
    }
