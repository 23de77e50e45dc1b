"""Whether a step's settings fit its form, in words that name the field and the cure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

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
    """Each value that does not fit; empty where all is well."""
    errors = _validator(_Frozen(schema)).iter_errors(dict(values))
    found = [problem for error in errors for problem in _words(error, schema)]
    found += [
        ParamProblem(name, f"“{_title(schema, name)}” is too long: at most {MOST_TEXT:,} characters fit.")
        for name, value in values.items()
        if isinstance(value, str) and len(value.encode("utf-8", "replace")) > MOST_TEXT
    ]
    return found[:MOST_PROBLEMS]


class _Frozen:
    """A schema as a key of the cache: manifests never change, so identity is enough."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.schema = schema

    def __hash__(self) -> int:
        return id(self.schema)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Frozen) and other.schema is self.schema


@lru_cache(maxsize=500)
def _validator(frozen: _Frozen) -> Draft202012Validator:
    return Draft202012Validator(dict(frozen.schema))


def _words(error: ValidationError, schema: Mapping[str, Any]) -> Iterable[ParamProblem]:
    path = [str(part) for part in error.absolute_path]
    if error.validator == "required" and not path:
        missing = [name for name in error.validator_value if name not in error.instance]
        name = next((name for name in missing if f"'{name}'" in error.message), missing[0])
        yield name, _ask(schema, name)
        return
    if error.validator == "additionalProperties" and not path:
        known = list(schema.get("properties", {}))
        for name in error.instance:
            if name not in known:
                near = get_close_matches(name, known, 1)
                hint = f" Did you mean “{near[0]}”?" if near else ""
                yield ParamProblem(shorten(name), f"This step has no setting “{shorten(name)}”.{hint}")
        return
    if error.validator in ("minLength", "minItems") and error.validator_value == 1 and len(path) == 1:
        yield path[0], _ask(schema, path[0])
        return
    title = _title(schema, path[0]) if path else "The settings"
    empty = error.validator in ("minLength", "minItems") and not error.instance
    yield ParamProblem(".".join(path), f"“{title}” {_fault(error)}", unfinished=empty)


def _fault(error: ValidationError) -> str:
    wanted, rule = error.validator_value, error.validator
    if rule == "type":
        names = [wanted] if isinstance(wanted, str) else list(wanted)
        return f"must be {' or '.join(_TYPES.get(name, name) for name in names)}."
    if rule in ("enum", "const", "oneOf", "anyOf"):
        return f"must be one of: {', '.join(_choices(rule, wanted))}."
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
        return bounds[rule].format(wanted)
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
