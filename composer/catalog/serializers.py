"""Steps as the API shows them: a list and a single one look the same."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from composer.catalog.manifest import CATEGORIES, KINDS, NETWORKS
from composer.catalog.models import Step, StepVersion
from composer.catalog.selectors import versions_of


@extend_schema_serializer(component_name="StepExample")
class ExampleSerializer(serializers.Serializer[Any]):
    """What a step makes of some input, with some settings."""

    title = serializers.CharField()
    params = serializers.DictField()
    input = serializers.CharField(allow_null=True)
    output = serializers.CharField(allow_null=True)


@extend_schema_serializer(component_name="StepPort")
class PortSerializer(serializers.Serializer[Any]):
    """A named input or output."""

    name = serializers.CharField()
    title = serializers.CharField()
    takes = serializers.CharField(required=False)
    gives = serializers.CharField(required=False)


@extend_schema_serializer(component_name="StepSecret")
class SecretSerializer(serializers.Serializer[Any]):
    """A secret that a step needs."""

    name = serializers.CharField()
    title = serializers.CharField()


@extend_schema_serializer(component_name="StepColumns")
class ColumnsSerializer(serializers.Serializer[Any]):
    """The columns of the table that a step gives, while its settings have these values; {by} is a setting."""

    when = serializers.DictField(child=serializers.ListField())
    names = serializers.ListField(child=serializers.CharField(), required=False)
    all_but = serializers.ListField(child=serializers.CharField(), required=False)


@extend_schema_serializer(component_name="StepLimits")
class LimitsSerializer(serializers.Serializer[Any]):
    """What a step may use."""

    memory = serializers.CharField()
    cpus = serializers.FloatField()
    seconds = serializers.FloatField()
    output = serializers.CharField()


@extend_schema_serializer(component_name="Step")
class StepSerializer(serializers.Serializer[Any]):
    """An entry of the library, in its newest version or the one that was asked for."""

    slug = serializers.CharField()
    version = serializers.CharField()
    versions = serializers.ListField(child=serializers.CharField())
    title = serializers.CharField()
    summary = serializers.CharField()
    category = serializers.ChoiceField(choices=[(each, each) for each in CATEGORIES])
    icon = serializers.CharField()
    tags = serializers.ListField(child=serializers.CharField())
    says = serializers.CharField()
    kind = serializers.ChoiceField(choices=[(each, each) for each in KINDS])
    takes = serializers.CharField()
    gives = serializers.CharField()
    network = serializers.ChoiceField(choices=[(each, each) for each in NETWORKS])
    params = serializers.DictField(help_text="JSON Schema of the form")
    secrets = SecretSerializer(many=True)
    inputs = PortSerializer(many=True)
    outputs = PortSerializer(many=True)
    columns = ColumnsSerializer(
        many=True, help_text="The first that fits holds; none: nobody knows before a run"
    )
    limits = LimitsSerializer()
    repeatable = serializers.BooleanField()
    pure = serializers.BooleanField()
    examples = ExampleSerializer(many=True)
    origin = serializers.ChoiceField(choices=[("built-in", "built-in"), ("yours", "yours")])
    image = serializers.CharField(allow_null=True)
    image_ready = serializers.BooleanField(allow_null=True, help_text="null: no worker has looked yet")


_ELSEWHERE = ("versions", "origin", "examples", "image_ready", "columns")
_SHOWN = [name for name in StepSerializer().get_fields() if name not in _ELSEWHERE]


def step_json(step: Step, version: StepVersion | None = None) -> dict[str, Any]:
    """A step as data; in its newest version where no other is given."""
    version = version or step.newest
    assert version is not None
    shown = version.manifest
    return {
        **{name: shown.get(name) for name in _SHOWN},
        "versions": versions_of(step),
        "origin": "built-in" if step.is_built_in else "yours",
        "examples": [_example(each) for each in shown.get("examples") or []],
        "columns": shown.get("columns") or [],
        # A worker notes which image a version means when it first has it; until then nobody knows.
        "image_ready": True if version.image_digest else None,
    }


def _example(example: dict[str, Any]) -> dict[str, Any]:
    """Only what is text can be shown; pictures and files are named by their kind."""
    return {
        "title": str(example.get("title") or ""),
        "params": example.get("params") or {},
        "input": _text(example.get("input")),
        "output": _text(example.get("output") or example.get("output_starts")),
    }


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
