"""The step manifest, `step.yaml`: what a step is called, what it runs, its form and its examples.

Pure data. `parse_manifest` refuses what is wrong by field, in words a person can act on.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from composer.catalog.manifest_columns import Columns, read_columns
from composer.catalog.manifest_examples import Example, read_examples
from composer.catalog.manifest_output import STDOUT, read_delimiters, read_output
from composer.catalog.manifest_params import read_params
from composer.catalog.manifest_parts import (
    DATA,
    NAME,
    Port,
    Secret,
    StepLimits,
    read_environment,
    read_limits,
    read_ports,
)
from composer.catalog.manifest_reader import Problem, Reader, shorten, unclean
from composer.catalog.sizes import format_size
from composer.engine.graph_parse import MAX_VERSION
from composer.web.yaml_loader import read_plain

STEPS = Path(__file__).parent / "steps"
MAX_FILE = 1024 * 1024

KINDS = ("sensor", "filter", "actuator")
CATEGORIES = ("get", "tables", "text", "documents", "pictures", "decide", "send")
NETWORKS = ("none", "internet")
KEYS = (
    *("slug", "version", "title", "summary", "category", "icon", "tags", "says"),
    *("image", "build", "command", "entrypoint", "kind", "takes", "gives", "params", "env", "user"),
    *("writable", "secrets", "inputs", "outputs", "network", "repeatable", "pure", "limits", "examples"),
    *("output", "begin", "end", "dray", "columns"),
)
# Left out of the JSON while they say nothing: manifests stored before these keys existed stay the same.
_SELDOM = {"output": STDOUT, "begin": None, "end": None, "dray": False, "columns": ()}

_NUMBER = r"(?:0|[1-9]\d{0,8})"
_VERSION = re.compile(
    rf"({_NUMBER})\.({_NUMBER})\.({_NUMBER})(?:-([0-9A-Za-z.-]{{1,40}}))?(?:\+[0-9A-Za-z.-]{{1,40}})?"
)
_IMAGE = re.compile(r"[a-z0-9][A-Za-z0-9._/:@-]{0,254}")
_ICON = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,31})?")
_SAID = re.compile(r"\{([^{}]*)\}")


class ManifestError(Exception):
    """The data is no manifest; `problems` holds (field, message) pairs."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(
            "; ".join(f"{place}: {message}" if place else message for place, message in problems)
        )
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Manifest:
    """All a manifest says, with what was left out filled in. Never changes once made."""

    slug: str
    version: str
    title: str
    summary: str
    category: str
    icon: str
    tags: tuple[str, ...]
    says: str
    image: str | None
    build: str | None
    command: tuple[str, ...] | None
    entrypoint: tuple[str, ...] | None
    kind: str
    takes: str
    gives: str
    params: Mapping[str, Any]
    env: Mapping[str, str]
    user: str | None
    writable: bool
    secrets: tuple[Secret, ...]
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    network: str
    repeatable: bool
    pure: bool
    limits: StepLimits = field(default_factory=StepLimits)
    examples: tuple[Example, ...] = ()
    output: str = STDOUT  # what counts as its data: stdout, stderr, or the path of a file that it leaves
    begin: str | None = None  # of the data, only the lines between these two are passed on
    end: str | None = None
    dray: bool = False  # whether the variables that Dray gave its containers are set
    columns: tuple[Columns, ...] = ()  # of the table that it gives; none: nobody knows before it ran

    def to_json(self) -> dict[str, Any]:
        """The manifest as JSON data; `parse_manifest` makes the same manifest of it."""
        plain = {
            key: value
            for key in KEYS
            if (value := getattr(self, key)) != _SELDOM.get(key, ...)  # ... is no value of any key
        }
        return {
            **plain,
            "tags": list(self.tags),
            "command": None if self.command is None else list(self.command),
            "entrypoint": None if self.entrypoint is None else list(self.entrypoint),
            "params": dict(self.params),
            "env": dict(self.env),
            "secrets": [{"name": each.name, "title": each.title} for each in self.secrets],
            "inputs": [{"name": e.name, "title": e.title, "takes": e.data} for e in self.inputs],
            "outputs": [{"name": e.name, "title": e.title, "gives": e.data} for e in self.outputs],
            "limits": {
                "memory": format_size(self.limits.memory),
                "cpus": self.limits.cpus,
                "seconds": self.limits.seconds,
                "output": format_size(self.limits.output),
            },
            "examples": [each.to_json() for each in self.examples],
            **({"columns": [each.to_json() for each in self.columns]} if self.columns else {}),
        }


def version_key(version: str) -> tuple[int, int, int, bool, str]:
    """Sorts versions by age: 1.9.0 before 1.10.0, 2.0.0-beta before 2.0.0."""
    match = _VERSION.fullmatch(version)
    if match is None:
        return (0, 0, 0, False, version)
    return (int(match[1]), int(match[2]), int(match[3]), match[4] is None, match[4] or "")


def builtin() -> list[Manifest]:
    """The steps that come with Composer, by slug."""
    return [load(path) for path in sorted(STEPS.glob("*/step.yaml"))]


def load(path: Path) -> Manifest:
    """Reads a step.yaml, or the one in a folder. Raises ManifestError."""
    file = path / "step.yaml" if path.is_dir() else path
    try:
        with file.open("rb") as stream:
            raw = stream.read(MAX_FILE + 1)
    except OSError as error:
        raise ManifestError([("", f"{file} cannot be read: {error.strerror}.")]) from error
    if len(raw) > MAX_FILE:
        raise ManifestError([("", f"{file} is larger than 1 MB. Put long examples into files beside it.")])
    try:
        data = read_plain(raw)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ManifestError([("", f"{file} is not YAML: {' '.join(str(error).split())}")]) from error
    return parse_manifest(data)


def parse_manifest(data: object) -> Manifest:
    """Raises ManifestError with every problem found."""
    if not isinstance(data, Mapping):
        raise ManifestError([("", "A manifest holds names with their values, such as “title: Sort lines”.")])
    found: list[Problem] = list(unclean(data))
    if found:
        raise ManifestError(found)
    reader = Reader(data, "", found)
    reader.refuse_unknown(KEYS)
    manifest = _read(reader)
    if found:
        raise ManifestError(found)
    return manifest


def _read(reader: Reader) -> Manifest:
    kind = reader.choice("kind", KINDS, "filter")
    takes = reader.choice("takes", DATA, "nothing" if kind == "sensor" else "any")
    gives = reader.choice("gives", DATA, "nothing" if kind == "actuator" else "any")
    params = read_params(reader.mapping("params"), reader.found)
    env, secrets = read_environment(reader, params)
    begin, end = read_delimiters(reader)
    image, build = _source(reader)
    return Manifest(
        slug=reader.matching("slug", NAME, "Use small letters, digits and -, such as keep-rows."),
        version=_version(reader),
        title=reader.text("title", most=80),
        summary=reader.text("summary", "", most=300),
        category=reader.choice("category", CATEGORIES, _category(kind, takes)),
        icon=reader.matching("icon", _ICON, "Use the name of a Tabler icon, such as chart-bar.", "box"),
        tags=reader.strings("tags", most=30) or (),
        says=_says(reader, params),
        image=image,
        build=build,
        command=reader.strings("command"),
        entrypoint=reader.strings("entrypoint"),
        kind=kind,
        takes=takes,
        gives=gives,
        params=params,
        env=env,
        user=_user(reader),
        writable=reader.flag("writable", False),
        secrets=secrets,
        inputs=read_ports(reader, "inputs", "takes"),
        outputs=read_ports(reader, "outputs", "gives"),
        network=reader.choice("network", NETWORKS, "none"),
        repeatable=reader.flag("repeatable", kind != "actuator"),
        pure=reader.flag("pure", False),
        limits=read_limits(reader),
        examples=read_examples(reader, params),
        output=read_output(reader),
        begin=begin,
        end=end,
        dray=reader.flag("dray", False),
        columns=read_columns(reader, params, gives),
    )


def _version(reader: Reader) -> str:
    if isinstance(reader.raw.get("version"), int | float):
        reader.problem("version", "A version has three numbers, such as 1.0.0.")
        return ""
    version = reader.matching("version", _VERSION, "A version has three numbers, such as 1.0.0.")
    if len(version) > MAX_VERSION:
        reader.problem("version", f"A version has at most {MAX_VERSION} characters. Shorten what follows -.")
    return version


def _category(kind: str, takes: str) -> str:
    if kind != "filter":
        return "get" if kind == "sensor" else "send"
    return {"csv": "tables", "pdf": "documents", "image": "pictures"}.get(takes, "text")


def _says(reader: Reader, params: Mapping[str, Any]) -> str:
    says = reader.text("says", "", most=200)
    for name in _SAID.findall(says):
        if name not in params["properties"]:
            reader.problem("says", f"There is no parameter “{shorten(name)}” to stand here.")
    return says


def _source(reader: Reader) -> tuple[str | None, str | None]:
    image = reader.matching("image", _IMAGE, "Write it as docker pull would take it.", "") or None
    build = reader.text("build", "", most=255) or None
    refused = any(place in ("image", "build") for place, _ in reader.found)
    if image is None and build is None and not refused:
        reader.problem(
            "image", "Name the image that the step runs, or write build: . for a Dockerfile beside it."
        )
    if build is not None and (build.startswith("/") or ".." in Path(build).parts):
        reader.problem("build", "Name a folder beside the manifest, such as “.”.")
    return image, build


def _user(reader: Reader) -> str | None:
    value = reader.raw.get("user")
    if value is None:
        return None
    shown = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not _USER.fullmatch(shown):
        reader.problem("user", "Write a user of the image as a number or a name, such as 1000 or 1000:1000.")
    return shown
