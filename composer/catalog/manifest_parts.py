"""The nested parts of a manifest: limits, variables, secrets, further inputs and outputs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from composer.catalog.manifest_reader import Reader, environment_name_problem, shorten
from composer.catalog.sizes import format_size, parse_size
from composer.engine.values import LEAST_CPUS, LEAST_MEMORY, LEAST_SECONDS, MOST_CPUS, MOST_SECONDS

# What can flow through a pipe.
DATA = ("nothing", "text", "lines", "csv", "json", "jsonl", "html", "image", "pdf", "any")
NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class StepLimits:
    """What the step may use; sizes in bytes."""

    memory: int = 256 * 1024**2
    cpus: float = 1.0
    seconds: float = 300.0
    output: int = 1024**3


@dataclass(frozen=True, slots=True)
class Secret:
    """Something secret the step needs, filled from a Connection."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Port:
    """A further input or output; `data` is what it takes or gives."""

    name: str
    title: str
    data: str


def read_limits(reader: Reader) -> StepLimits:
    """What the step may use; notes what no container could have."""
    part = Reader(reader.mapping("limits"), "limits", reader.found)
    part.refuse_unknown(("memory", "cpus", "seconds", "output"))
    normal = StepLimits()
    return StepLimits(
        memory=_size(part, "memory", normal.memory, least=LEAST_MEMORY),
        cpus=_number(part, "cpus", normal.cpus, least=LEAST_CPUS, most=MOST_CPUS),
        seconds=_number(part, "seconds", normal.seconds, least=LEAST_SECONDS, most=MOST_SECONDS),
        output=_size(part, "output", normal.output, least=1),
    )


def _size(reader: Reader, key: str, default: int, *, least: int) -> int:
    value = reader.raw.get(key)
    if value is None:
        return default
    try:
        size = parse_size(value)
    except ValueError as error:
        reader.problem(key, str(error))
        return default
    if size < least:
        reader.problem(key, f"This is too little; write at least {format_size(least)}.")
    return size


def _number(reader: Reader, key: str, default: float, *, least: float, most: int) -> float:
    value = reader.raw.get(key)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        reader.problem(key, f"Write a number above 0: at least {least}, at most {most:,}.")
        return default
    return value


def read_environment(reader: Reader, params: Mapping[str, Any]) -> tuple[dict[str, str], tuple[Secret, ...]]:
    """Variables and secrets; no two things may become the same variable."""
    env: dict[str, str] = {}
    taken = {name.upper(): f"The parameter “{name}”" for name in params["properties"]}
    for name, value in reader.mapping("env").items():
        place = f"env.{shorten(name)}"
        if not isinstance(value, str):
            reader.problem(place, "This must be a text. Put it in quotes.")
        _claim(reader, place, name, name, "a variable", taken)
        env[name] = str(value)
    secrets = []
    for part in reader.parts("secrets"):
        part.refuse_unknown(("name", "title"))
        secret = Secret(part.text("name"), part.text("title", str(part.raw.get("name"))))
        if secret.name:
            _claim(reader, part.field("name"), secret.name, secret.name, "a secret", taken)
        secrets.append(secret)
    return env, tuple(secrets)


def _claim(reader: Reader, place: str, name: str, variable: str, what: str, taken: dict[str, str]) -> None:
    message = environment_name_problem(name, what)
    if message is None and variable in taken:
        message = f"{taken[variable]} becomes the variable {variable} too. Rename one of them."
    if message:
        reader.problem(place, message)
    taken[variable] = f"{what.capitalize()} “{name}”"


def read_ports(reader: Reader, key: str, data: str) -> tuple[Port, ...]:
    """The further inputs ("takes") or outputs ("gives") of a step."""
    ports = []
    for part in reader.parts(key, most=20):
        part.refuse_unknown(("name", "title", data))
        name = part.matching("name", NAME, "Use small letters, digits and -, such as prices.")
        ports.append(Port(name, part.text("title", name), part.choice(data, DATA, "any")))
    return tuple(ports)
