"""The params of a manifest: a JSON Schema that becomes a form, and one variable per value."""

from collections.abc import Iterable, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError

from composer.catalog.form_schema import FormValidator, pattern_problems
from composer.catalog.manifest_reader import Problem, environment_name_problem, hint, shorten

TYPES = ("string", "number", "integer", "boolean", "array", "object")
MAX_PARAMS = 100
_TYPE_CURE = f"A parameter has one of these types: {', '.join(TYPES)}."
# What the form understands beyond JSON Schema; docs/step-authors.md explains each.
WIDGETS = ("textarea", "column", "columns")
EXTENSIONS = ("x-widget", "x-placeholder", "x-more", "x-half", "x-ask", "x-show")


def read_params(raw: Mapping[str, Any], found: list[Problem]) -> dict[str, Any]:
    """The schema with what may be left out filled in; notes what is wrong with it."""
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {},
        "additionalProperties": False,
        **raw,
    }
    before = len(found)
    found += _problems(schema)
    if len(found) > before:
        return {"type": "object", "properties": {}, "additionalProperties": False}
    schema["properties"] = {
        name: {**each, "title": each.get("title") or _title(name)}
        for name, each in schema["properties"].items()
    }
    return schema


def params_problems(schema: Mapping[str, Any], params: object, place: str) -> Iterable[Problem]:
    """Where these params do not fit the schema."""
    for error in FormValidator(schema).iter_errors(params):
        steps = error.absolute_path
        where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
        yield f"{place}{where}", _words(error, schema)


def _words(error: ValidationError, schema: Mapping[str, Any]) -> str:
    if error.validator == "additionalProperties":
        known = list(schema["properties"])
        given: Any = error.instance
        surplus = next((name for name in given if name not in known), "")
        return f"The step has no parameter “{shorten(surplus)}”. {hint(surplus, known)}"
    return f"This does not fit the params above: {shorten(error.message)}."


def _problems(schema: dict[str, Any]) -> Iterable[Problem]:
    if schema["type"] != "object":
        yield (
            "params.type",
            "The params must be of type object, with a property for each field of the form.",
        )
        return
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        path = list(map(str, error.absolute_path))
        yield (
            _where(path),
            _TYPE_CURE
            if path[2:] == ["type"]
            else f"This is not valid JSON Schema: {shorten(error.message)}.",
        )
        return
    if _refers(schema):
        yield "params", "References ($ref) are not possible here. Write the properties out."
        return
    unsearchable = [(_where(path), message) for path, message in pattern_problems(schema)]
    if unsearchable:
        yield from unsearchable
        return
    properties = schema["properties"]
    if len(properties) > MAX_PARAMS:
        yield "params.properties", f"There are {len(properties):,} parameters; at most {MAX_PARAMS} fit."
        return
    yield from _name_problems(properties)
    for name, each in properties.items():
        yield from _property_problems(f"params.{shorten(name)}", each, properties)
    for name in schema.get("required", []):
        if name not in properties:
            message = f"“{shorten(name)}” is required, but there is no such parameter."
            yield "params.required", f"{message} {hint(name, list(properties))}"


def _where(path: list[str]) -> str:
    """The name of a field, as the form has it: params.city.pattern"""
    return ".".join(["params", *(path[1:] if path[:1] == ["properties"] and path[1:] else path)])


def _refers(schema: dict[str, Any]) -> bool:
    """A reference could fetch something from the network or go round in circles."""
    todo: list[object] = [schema]
    while todo:
        value = todo.pop()
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str) or isinstance(value.get("$dynamicRef"), str):
                return True
            todo += value.values()
        elif isinstance(value, list):
            todo += value
    return False


def _name_problems(properties: Mapping[str, Any]) -> Iterable[Problem]:
    taken: dict[str, str] = {}
    for name in properties:
        place = f"params.{shorten(name)}"
        message = environment_name_problem(name, "a parameter")
        if message:
            yield place, message
        twin = taken.setdefault(str(name).upper(), name)
        if twin != name:
            yield place, f"“{twin}” and “{name}” would be the same variable {name.upper()}. Rename one."


def _property_problems(place: str, each: object, properties: Mapping[str, Any]) -> Iterable[Problem]:
    if not isinstance(each, dict):
        yield place, "Say which values fit, for example {type: string, title: City}."
        return
    kind = each.get("type")
    if kind is None and ("enum" in each or "oneOf" in each or "const" in each):
        kind = "string"
    if not isinstance(kind, str) or kind not in TYPES:
        yield f"{place}.type", _TYPE_CURE
        return
    for key, value in each.items():
        if key.startswith("x-"):
            message = _extension_problem(key, value, kind, properties)
            if message:
                yield f"{place}.{shorten(key)}", message
    if "default" in each:
        trial = {key: value for key, value in each.items() if key != "default"}
        for error in FormValidator(trial).iter_errors(each["default"]):
            yield f"{place}.default", f"The default does not fit: {shorten(error.message)}."
            return


def _extension_problem(key: str, value: object, kind: str, properties: Mapping[str, Any]) -> str | None:
    if key not in EXTENSIONS:
        return f"The form knows no such key. {hint(key, EXTENSIONS)}"
    if key == "x-widget":
        if value not in WIDGETS:
            return f"The form has no such field. {hint(value, WIDGETS)}"
        fitting = "array" if value == "columns" else "string"
        return None if kind == fitting else f"“{value}” needs a parameter of type {fitting}."
    if key in ("x-more", "x-half"):
        return None if isinstance(value, bool) else "Write true or false."
    if key in ("x-placeholder", "x-ask"):
        return None if isinstance(value, str) and value else "Write a text here."
    return _show_problem(value, properties)


def _show_problem(value: object, properties: Mapping[str, Any]) -> str | None:
    if not isinstance(value, Mapping) or not value:
        return "Write another parameter and the values for which this one is shown: {test: [is, is-not]}."
    for name, values in value.items():
        if name not in properties:
            return f"There is no parameter “{shorten(name)}”. {hint(name, list(properties))}"
        if not isinstance(values, list) or not values:
            return f"Give the values of “{shorten(name)}” as a list."
    return None


def _title(name: str) -> str:
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]
