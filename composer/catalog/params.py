"""Whether a step's settings fit its form, in words that name the field and the cure."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, cast

from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator

from composer.catalog.form_schema import FormValidator
from composer.catalog.manifest_reader import shorten

MOST_PROBLEMS = 20
#: A variable in the environment of a program cannot be larger (the kernel's limit for one string).
MOST_TEXT = 128 * 1024 - 1024

_TYPES = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "yes or no (true or false)",
    "array": "a list",
    "object": "an object with named values",
    "null": "empty",
}


@dataclass(frozen=True, slots=True)
class ParamProblem:
    """One setting to mend; `unfinished` where it is only not filled in yet."""

    field: str
    message: str
    unfinished: bool = False


def param_problems(schema: Mapping[str, Any], values: Mapping[str, Any]) -> list[ParamProblem]:
    """Each value that is missing or does not fit; empty where all is well.

    The form in the browser goes by the same rules: what is not shown (`x-show`) is not asked for.
    """
    fields: Mapping[str, Any] = schema.get("properties", {})
    shown = {name: field for name, field in fields.items() if _is_shown(field, values, fields)}
    needed = {name for name in shown if name in schema.get("required", ()) or "x-ask" in shown[name]}
    missing = [name for name in shown if name in needed and _is_missing(shown[name], name, values)]
    found = [ParamProblem(name, _ask(schema, name), unfinished=True) for name in missing]
    left_out = {*missing, *(fields.keys() - shown.keys())}
    present = {
        name: value
        for name, value in values.items()
        if name not in left_out and value is not None and (value != "" or name in needed)
    }
    for error in _validator(_Frozen(schema)).iter_errors(present):
        found.extend(_words(error, schema))
    return [*found, *_too_large(schema, present)][:MOST_PROBLEMS]


def _is_shown(field: Mapping[str, Any], values: Mapping[str, Any], fields: Mapping[str, Any]) -> bool:
    """Whether a field takes part, given what the fields it depends on hold."""
    rules: Mapping[str, list[Any]] = field.get("x-show", {})
    return all(_given(name, values, fields) in wanted for name, wanted in rules.items())


def _given(name: str, values: Mapping[str, Any], fields: Mapping[str, Any]) -> Any:
    value = values.get(name)
    return fields.get(name, {}).get("default") if value is None else value


def _is_missing(field: Mapping[str, Any], name: str, values: Mapping[str, Any]) -> bool:
    value = _given(name, values, {name: field})
    if value is None:
        return True
    if isinstance(value, str | list) and not value:
        return bool(field.get("minLength" if isinstance(value, str) else "minItems", 0))
    return False


def _too_large(schema: Mapping[str, Any], values: Mapping[str, Any]) -> Iterable[ParamProblem]:
    for name, value in values.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        if len(text.encode("utf-8", "replace")) > MOST_TEXT:
            words = f"“{_title(schema, name)}” is too long: at most {MOST_TEXT:,} characters fit."
            yield ParamProblem(shorten(name), words)


class _Frozen:
    """A schema as a key of the cache: manifests never change, so identity is enough."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.schema = schema

    def __hash__(self) -> int:
        return id(self.schema)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Frozen) and other.schema is self.schema


@lru_cache(maxsize=500)
def _validator(frozen: _Frozen) -> Validator:
    return FormValidator(dict(frozen.schema))


def _words(error: ValidationError, schema: Mapping[str, Any]) -> Iterable[ParamProblem]:
    path = [str(part) for part in error.absolute_path]
    if error.validator == "required" and not path:
        return  # asked for above
    if error.validator == "additionalProperties" and not path:
        known = list(schema.get("properties", {}))
        for name in cast(Mapping[str, Any], error.instance):
            if name not in known:
                near = get_close_matches(name, known, 1)
                hint = f" Did you mean “{near[0]}”?" if near else ""
                yield ParamProblem(shorten(name), f"This step has no setting “{shorten(name)}”.{hint}")
        return
    title = _title(schema, path[0]) if path else "The settings"
    yield ParamProblem(".".join(path), f"“{title}” {_fault(error)}")


def _fault(error: ValidationError) -> str:
    rule, wanted = error.validator, cast(Any, error.validator_value)
    if rule == "type":
        names = [wanted] if isinstance(wanted, str) else list(wanted)
        return f"must be {' or '.join(_TYPES.get(name, name) for name in names)}."
    if rule in ("enum", "const", "oneOf", "anyOf"):
        return f"must be one of: {', '.join(_choices(str(rule), wanted))}."
    bounds = {
        "minimum": "must be at least {}.",
        "maximum": "must be at most {}.",
        "exclusiveMinimum": "must be more than {}.",
        "exclusiveMaximum": "must be less than {}.",
        "minLength": "is too short: at least {} characters.",
        "maxLength": "is too long: at most {} characters.",
        "minItems": "needs at least {} entries.",
        "maxItems": "holds too many entries: at most {}.",
    }
    if rule in bounds:
        return bounds[str(rule)].format(wanted)
    return f"does not fit: {shorten(error.message)}."


def _choices(rule: str, wanted: Any) -> list[str]:
    if rule == "const":
        return [str(wanted)]
    if rule == "enum":
        return [str(each) for each in wanted[:12]]
    return [str(each.get("const", each.get("title", "?"))) for each in wanted[:12] if isinstance(each, dict)]


def _ask(schema: Mapping[str, Any], name: str) -> str:
    """What the step's author asks for while the value is missing."""
    asked = schema.get("properties", {}).get(name, {}).get("x-ask")
    return f"{asked}." if asked else f"Fill in “{_title(schema, name)}”."


def _title(schema: Mapping[str, Any], name: str) -> str:
    return str(schema.get("properties", {}).get(name, {}).get("title") or name)
