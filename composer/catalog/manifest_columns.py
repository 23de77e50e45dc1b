"""Which columns the table has that a step gives: what the editor can offer behind it before it ever ran."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from composer.catalog.manifest_reader import Reader, hint, shorten

SAME = "same"
_SETTING = re.compile(r"\{(.*)\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns while the settings are as `when` says: those named, or all that arrive but some.

    An entry is a name, or a setting in braces that stands for its value: {by}.
    """

    when: Mapping[str, tuple[Any, ...]]
    names: tuple[str, ...] | None
    all_but: tuple[str, ...] | None

    def to_json(self) -> dict[str, Any]:
        plain: dict[str, Any] = {"when": {name: list(values) for name, values in self.when.items()}}
        if self.names is not None:
            plain["names"] = list(self.names)
        if self.all_but is not None:
            plain["all_but"] = list(self.all_but)
        return plain


def read_columns(reader: Reader, params: Mapping[str, Any], gives: str) -> tuple[Columns, ...]:
    """`same`, a list of columns, or cases of which the first that fits holds; nothing where nobody knows."""
    value = reader.raw.get("columns")
    if value is None:
        return ()
    properties = params["properties"]
    if gives != "csv":
        reader.problem("columns", "Only a table has columns. Write gives: csv beside it, or leave them out.")
    elif value == SAME:
        return (Columns({}, None, ()),)
    elif not isinstance(value, list):
        reader.problem(
            "columns", 'Write same, or a list of columns such as ["{by}", total], where {by} is a setting.'
        )
    elif value and all(isinstance(each, Mapping) for each in value):
        return tuple(_case(part, properties) for part in reader.parts("columns"))
    elif names := _entries(reader, "columns", properties):
        return (Columns({}, names, None),)
    return ()


def _case(part: Reader, properties: Mapping[str, Any]) -> Columns:
    part.refuse_unknown(("when", "names", "all_but"))
    if (part.raw.get("names") is None) == (part.raw.get("all_but") is None):
        part.problem("names", "Write either “names” or “all_but”.")
    names, all_but = (_entries(part, key, properties) for key in ("names", "all_but"))
    return Columns(_when(part, properties), names, all_but)


def _when(part: Reader, properties: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    found: dict[str, tuple[Any, ...]] = {}
    for name, values in part.mapping("when").items():
        if name not in properties:
            part.problem("when", f"There is no parameter “{shorten(name)}”. {hint(name, list(properties))}")
        elif not isinstance(values, list) or not values:
            part.problem("when", f"Give the values of “{shorten(name)}” as a list.")
        else:
            found[name] = tuple(values)
    return found


def _entries(reader: Reader, key: str, properties: Mapping[str, Any]) -> tuple[str, ...] | None:
    entries = reader.strings(key)
    for place, entry in enumerate(entries or ()):
        setting = _SETTING.fullmatch(entry)
        if setting and setting[1] not in properties:
            known = hint(setting[1], list(properties))
            reader.problem(f"{key}[{place}]", f"There is no parameter “{shorten(setting[1])}”. {known}")
        elif not entry.strip():
            reader.problem(f"{key}[{place}]", "A column has a name. Write one, or leave it out.")
    return entries
