"""How the API describes itself."""

from drf_spectacular.openapi import AutoSchema


class Schema(AutoSchema):
    """Tags operations by the first word of their path: steps, workflows, runs…"""

    def get_tags(self) -> list[str]:
        parts = [part for part in self.path.split("/") if part and part != "api"]
        return [parts[0]] if parts else ["api"]
