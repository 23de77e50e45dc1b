"""The page that documents the API, made from its own OpenAPI schema."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.generators import SchemaGenerator

from composer.web.problems import answer

METHODS = ("get", "post", "put", "patch", "delete")


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """Every operation by resource, with its parameters and the data it takes and gives."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(public=True)
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in schema["paths"].items():
        for method in METHODS:
            if operation := operations.get(method):
                tag = operation.get("tags", ["api"])[0]
                groups.setdefault(tag, []).append(_described(path, method, operation))
    components = {name: _fields(part) for name, part in schema["components"]["schemas"].items()}
    return render(request, "api-docs.html", {"groups": groups, "components": components})


def _described(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    return {
        "path": path,
        "method": method.upper(),
        "words": operation.get("description", ""),
        "parameters": [p for p in operation.get("parameters", []) if p["in"] in ("query", "header")],
        "takes": {kind: _name(part.get("schema", {})) for kind, part in content.items()},
        "gives": {
            code: ", ".join(_name(part.get("schema", {})) for part in answer_.get("content", {}).values())
            for code, answer_ in operation.get("responses", {}).items()
        },
    }


def _fields(schema: dict[str, Any]) -> dict[str, str]:
    return {name: _name(part) for name, part in schema.get("properties", {}).items()}


def _name(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "items" in schema:
        return f"list of {_name(schema['items'])}"
    for key in ("allOf", "oneOf", "anyOf"):
        if key in schema:
            return " or ".join(filter(None, (_name(part) for part in schema[key])))
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    return str(schema.get("format") or schema.get("type") or "any")


@csrf_exempt  # there is nothing to protect, and 404 says more than 403
def nothing_here(request: HttpRequest) -> HttpResponse:
    """404 for addresses below /api/ that do not exist."""
    return answer(404, "The API has nothing at this address. /api/docs/ lists what it has.")
