"""How the API describes itself."""

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from composer.web.problems import MEDIA_TYPE


@extend_schema_serializer(component_name="Problem")
class ProblemSerializer(serializers.Serializer[Any]):
    """One thing to mend: where, and what to do."""

    node = serializers.CharField(allow_null=True)
    edge = serializers.CharField(allow_null=True)
    field = serializers.CharField(allow_null=True)
    message = serializers.CharField()


@extend_schema_serializer(component_name="Error")
class ErrorSerializer(serializers.Serializer[Any]):
    """What every error looks like (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    problems = ProblemSerializer(many=True, required=False)


class Schema(AutoSchema):
    """Tags operations by the first word of their path; every one may answer with an Error."""

    def get_tags(self) -> list[str]:
        """steps, workflows, runs…"""
        parts = [part for part in self.path.split("/") if part and part != "api"]
        return [parts[0]] if parts else ["api"]

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> Any:
        answers = super()._get_response_bodies(direction)
        error = self._get_response_for_code(ErrorSerializer, "default", [MEDIA_TYPE])
        return {**answers, "default": error}
