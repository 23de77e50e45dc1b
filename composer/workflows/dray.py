"""Jobs in Dray's format, translated: each of their steps becomes a step of the library, one after the other.

    {name, environment: [{variable, value}], steps: [{name, source, environment, output, beginDelimiter,
    endDelimiter, refresh}]}

Pure translation; dray_steps.py brings the steps into the library.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from composer.catalog.manifest import Manifest, ManifestError, parse_manifest
from composer.catalog.manifest_output import CHANNELS
from composer.catalog.manifest_reader import environment_name_problem, hint, shorten
from composer.engine.graph import MAX_NODES, Problem
from composer.web.problems import Refused

JOB_KEYS = ("name", "environment", "steps")
#: What Dray answers about a job and nobody sets: harmless where somebody sends it on.
SHOWN_ONLY = ("id", "status", "stepsCompleted")
STEP_KEYS = ("name", "source", "environment", "output", "beginDelimiter", "endDelimiter", "refresh")
VARIABLE_KEYS = ("variable", "value")
MOST_VARIABLES = 1_000

FIRST_VERSION = "1.0.0"
UNNAMED = "Dray job"
#: Dray ran a container as its image says, mostly as root. Here root has no rights beyond its own files.
USER = "0"
APART = 340  # from one node to the next, as the editor sets them

#: Where in the job a manifest's field comes from.
_FIELDS = {
    "image": "source",
    "output": "output",
    "begin": "beginDelimiter",
    "end": "endDelimiter",
    "title": "name",
}
_SECRET = re.compile(r"PASSW|SECRET|TOKEN|CREDENTIAL|PRIVATE|(?:^|_)KEY(?:$|_)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Job:
    """A job, translated. `notes` say what means something else here than it did there."""

    name: str
    manifests: tuple[Manifest, ...]
    notes: tuple[Problem, ...]

    def workflow(self, steps: Sequence[tuple[str, str]]) -> dict[str, Any]:
        """The workflow, as `import` takes it; `steps` are the names and versions that the library gave."""
        nodes = [
            {
                "id": f"step-{place}",
                "step": slug,
                "version": version,
                "position": {"x": APART * (place - 1), "y": 0},
            }
            for place, (slug, version) in enumerate(steps, 1)
        ]
        edges = [
            {"id": f"step-{place}-{place + 1}", "source": f"step-{place}", "target": f"step-{place + 1}"}
            for place in range(1, len(nodes))
        ]
        return {
            "name": self.name,
            "input": {"kind": "text", "title": "Standard input of the first step", "sample": ""},
            "graph": {"nodes": nodes, "edges": edges},
        }


def is_job(data: object) -> bool:
    """Whether this is a job for Dray, and no workflow."""
    return isinstance(data, Mapping) and isinstance(data.get("steps"), list) and "graph" not in data


def translate(data: Mapping[str, Any]) -> Job:
    """Raises Refused with every problem found, each with its field, such as `steps.1.output`."""
    read = _Part(data, "", [])
    read.refuse_unknown((*JOB_KEYS, *SHOWN_ONLY), "job")
    name = read.text("name")
    steps = read.parts("steps", MAX_NODES, "steps")
    if not data["steps"]:
        read.problem("steps", "A job needs at least one step.")
    environment = _environment(read)
    notes: list[Problem] = []
    manifests = [_manifest(step, place, name, environment, notes) for place, step in enumerate(steps, 1)]
    if read.found:
        raise Refused(read.found)
    made = tuple(manifest for manifest in manifests if manifest)
    secret = dict.fromkeys(key for manifest in made for key in manifest.env if _SECRET.search(key))
    if secret:
        words = (
            f"{', '.join(secret)}: this looks secret, and now stands in the library in plain sight. "
            "Rather give the step a secret, and fill it from a connection."
        )
        notes.append(Problem(words, field="environment"))
    return Job(name.strip() or UNNAMED, made, tuple(notes))


def _manifest(
    step: "_Part", place: int, job: str, environment: Mapping[str, str], notes: list[Problem]
) -> Manifest | None:
    before = len(step.found)
    step.refuse_unknown(STEP_KEYS, "step")
    name, source = step.text("name"), step.text("source")
    if not source:
        step.problem("source", "Name the image that the step runs.")
    shown = _line(name) or _line(source)
    output, between = _output(step, f"step-{place}", notes)
    data = {
        "slug": _slug(job, name or source),
        "version": FIRST_VERSION,
        "title": shown if len(shown) <= 80 else shown[:79] + "…",
        "summary": f"Runs {shorten(source)}, as a job for Dray says.",
        "tags": ["dray"],
        "image": source,
        "user": USER,
        "writable": True,
        "network": "internet",
        "repeatable": False,
        "env": {**environment, **_environment(step)},
        "output": output,
        **between,
        "dray": True,
    }
    if len(step.found) > before:
        return None
    try:
        return parse_manifest(data)
    except ManifestError as error:
        for field, message in error.problems:
            step.problem(_FIELDS.get(field, field.partition(".")[0]), message)
        return None


def _output(step: "_Part", node: str, notes: list[Problem]) -> tuple[str, dict[str, str]]:
    """What counts as the step's data, and the lines between which it stands."""
    output = step.text("output") or "stdout"
    if output not in CHANNELS and not output.startswith("/"):
        step.problem(
            "output", f"“{shorten(output)}” is not possible. Write stdout, stderr or an absolute path."
        )
    begin, end = step.text("beginDelimiter"), step.text("endDelimiter")
    if step.flag("refresh"):
        words = (
            "“refresh” changes nothing here: a version of a step keeps the image that it first ran with. "
            "To get a newer one, name a newer tag and import the job again."
        )
        notes.append(Problem(words, node=node, field="refresh"))
    if bool(begin) != bool(end):
        there, missing = ("beginDelimiter", "endDelimiter") if begin else ("endDelimiter", "beginDelimiter")
        words = f"“{there}” is ignored, as in Dray, because there is no “{missing}”."
        notes.append(Problem(words, node=node, field=there))
    elif begin and output.startswith("/"):
        words = "The delimiters are ignored, as in Dray, because the output is a file."
        notes.append(Problem(words, node=node, field="output"))
    elif begin:
        return output, {"begin": begin, "end": end}
    return output, {}


def _environment(part: "_Part") -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in part.parts("environment", MOST_VARIABLES, "variables"):
        entry.refuse_unknown(VARIABLE_KEYS, "variable")
        name = entry.text("variable")
        if not name:
            entry.problem("variable", "Name the variable.")
        elif words := environment_name_problem(name, "a variable"):
            entry.problem("variable", words)
        if entry.raw.get("value") is None:
            entry.problem("value", "“value” is missing. Write a text here.")
        found[name] = entry.text("value")
    return found


class _Part:
    """One object of the job, `place` being where it stands ("" for the job itself)."""

    def __init__(self, raw: Mapping[str, Any], place: str, found: list[Problem]) -> None:
        self.raw = raw
        self.place = place
        self.found = found

    def problem(self, key: str, message: str) -> None:
        self.found.append(Problem(message, field=f"{self.place}.{key}" if self.place else key))

    def refuse_unknown(self, known: Sequence[str], what: str) -> None:
        for key in self.raw:
            if key not in known:
                words = f"A {what} of Dray’s has no “{shorten(key)}”. {hint(key, known)}"
                self.problem(shorten(key), words)

    def text(self, key: str) -> str:
        """A text; one that is left out is empty, as in Dray."""
        value = self.raw.get(key)
        if value is None or isinstance(value, str):
            return value or ""
        self.problem(key, f"“{key}” must be a text. Put it in quotes.")
        return ""

    def flag(self, key: str) -> bool:
        value = self.raw.get(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.problem(key, f"“{key}” must be true or false.")
        return False

    def parts(self, key: str, most: int, what: str) -> list["_Part"]:
        """A list of objects, each with a reader of its own."""
        value = self.raw.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.problem(key, f"“{key}” must be a list.")
            return []
        if len(value) > most:
            self.problem(key, f"At most {most:,} {what} can stand here; these are {len(value):,}.")
            return []
        found = []
        for place, each in enumerate(value):
            if isinstance(each, Mapping):
                found.append(_Part(each, f"{self.place}.{key}.{place}".lstrip("."), self.found))
            else:
                self.problem(f"{key}.{place}", "This must be an object.")
        return found


def _line(text: str) -> str:
    """A text as a title can show it."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable())


def _slug(job: str, step: str) -> str:
    """A short name out of two long ones; dray_steps.py makes it the only one of its kind."""
    parts = [_plain(job)[:28] or "dray", _plain(step)[:28] or "step"]
    return "-".join(part.strip("-") for part in parts)


def _plain(text: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")
