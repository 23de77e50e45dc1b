"""JSON Schema as a step's form has it: regular expressions take no longer than their text is long.

Those of Python can take for ever, and nothing else is done meanwhile.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from jsonschema import Draft202012Validator, ValidationError, validators

from composer.engine.patterns import TooMuchWork, fits, pattern_fault

# Keywords whose value is a schema, a list of them, or some by name.
_ONE = ("items", "contains", "additionalProperties", "propertyNames", "if", "then", "else", "not")
_SEVERAL = ("allOf", "anyOf", "oneOf", "prefixItems")
_NAMED = ("properties", "patternProperties", "dependentSchemas", "$defs")
# They would search with patterns of their own accord.
_UNEVALUATED = ("unevaluatedProperties", "unevaluatedItems")
_LONGEST_NAME = 10_000  # characters of a name that are searched: never too much work for a pattern

Errors = Iterator[ValidationError]


def pattern_problems(schema: Mapping[str, Any]) -> Iterable[tuple[list[str], str]]:
    """Where a valid schema has what this cannot check: the path, and why."""
    todo: list[tuple[list[str], Any]] = [([], schema)]
    while todo:
        path, part = todo.pop()
        if not isinstance(part, Mapping):
            continue  # true or false
        for key in _UNEVALUATED:
            if key in part:
                yield [*path, key], "This is not possible here. Say it with “additionalProperties”."
        if "pattern" in part and (fault := pattern_fault(part["pattern"])):
            yield [*path, "pattern"], f"This {fault}"
        for pattern in part.get("patternProperties", ()):
            if fault := pattern_fault(pattern):
                yield [*path, "patternProperties"], f"“{pattern[:60]}” {fault}"
        todo += (([*path, key], part[key]) for key in _ONE if key in part)
        for key in _SEVERAL:
            todo += (([*path, key, str(place)], each) for place, each in enumerate(part.get(key, ())))
        for key in _NAMED:
            todo += (([*path, key, name], each) for name, each in part.get(key, {}).items())


def _pattern(validator: Any, pattern: str, value: object, _: Mapping[str, Any]) -> Errors:
    if not isinstance(value, str):
        return
    try:
        if not _fits(pattern, value):
            yield ValidationError(f"{value!r} does not match {pattern!r}")
    except TooMuchWork:
        yield ValidationError(f"{value[:20]!r}… is too long for {pattern!r}")


def _pattern_properties(
    validator: Any, patterns: Mapping[str, Any], value: object, _: Mapping[str, Any]
) -> Errors:
    if not isinstance(value, Mapping):
        return
    for pattern, schema in patterns.items():
        for name in _fitting(value, [pattern]):
            yield from validator.descend(value[name], schema, path=name, schema_path=pattern)


def _additional_properties(validator: Any, rest: Any, value: object, schema: Mapping[str, Any]) -> Errors:
    if not isinstance(value, Mapping):
        return
    patterns = list(schema.get("patternProperties", ()))
    known = {*schema.get("properties", ()), *_fitting(value, patterns)}
    surplus = [name for name in value if name not in known]
    if isinstance(rest, Mapping):
        for name in surplus:
            yield from validator.descend(value[name], rest, path=name)
    elif rest is False and surplus:
        yield ValidationError(f"{', '.join(map(repr, surplus))} is not expected")


def _fitting(names: Iterable[str], patterns: Sequence[str]) -> list[str]:
    return [name for name in names if any(_fits(pattern, name[:_LONGEST_NAME]) for pattern in patterns)]


def _fits(pattern: str, text: str) -> bool:
    return fits(pattern, text.encode("utf-8", "surrogatepass"))


#: Draft 2020-12, of which `pattern_problems` refuses what would search with Python's own.
FormValidator = validators.extend(
    Draft202012Validator,
    {
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "additionalProperties": _additional_properties,
    },
)
