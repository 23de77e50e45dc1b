"""Workflows as files: YAML that people can read, exported and imported without loss; and shell scripts."""

import uuid
from pathlib import Path
from typing import Any

import yaml

from composer.accounts.models import Workspace
from composer.catalog.models import StepVersion
from composer.catalog.selectors import manifest_of
from composer.engine.graph import Problem
from composer.engine.graph_parse import parse
from composer.web.problems import Refused
from composer.workflows.checking import find_steps
from composer.workflows.models import Workflow
from composer.workflows.services import create, ensure_runnable
from composer.workflows.shell_script import shell_script
from composer.workflows.shell_steps import Placed
from composer.workflows.yaml_text import read_yaml

SAMPLES = Path(__file__).resolve().parent.parent / "catalog" / "samples"
#: Each workspace's copy of a sample has an id of its own that can be told beforehand.
SAMPLE_IDS = uuid.UUID("c0a4d0d4-6f0e-4f7c-9a53-7a0f6f1f7c11")


class _Dumper(yaml.SafeDumper):
    """Line breaks other than our own are folded to spaces, unless they are written as what they are."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = '"' if any(mark in text for mark in "\r\x85\u2028\u2029") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def read_file(path: Path) -> Any:
    """A workflow file; `input.file` names a sample that lies beside it. Raises Refused."""
    try:
        data = read_yaml(path.read_bytes())
    except OSError as error:
        raise Refused([Problem(f"It cannot be read: {error.strerror}.")]) from error
    given = data.get("input") if isinstance(data, dict) else None
    if isinstance(given, dict) and isinstance(given.get("file"), str):
        name = given.pop("file")
        beside = path.parent / Path(name).name
        try:
            given.update(sample=beside.read_bytes().decode(), name=beside.name)
        except (OSError, UnicodeDecodeError) as error:
            raise Refused(
                [Problem(f"The sample {beside} cannot be read: {error}.", field="input.file")]
            ) from error
    return data


def export_yaml(workflow: Workflow) -> str:
    """The workflow as a file; importing it gives the same graph. Holds no secret, only names."""
    data = {
        "name": workflow.name,
        "description": workflow.description,
        **({"armed": workflow.armed} if workflow.armed else {}),
        "input": workflow.input,
        "graph": workflow.graph,
    }
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)


def export_shell(workflow: Workflow) -> str:
    """The workflow as a shell script. Raises Refused where there is something to mend in it."""
    ensure_runnable(workflow)
    graph = parse(workflow.graph)
    found = find_steps(workflow.workspace, graph)
    steps = {node.id: _placed(found[node.step, node.version]) for node in graph.nodes}
    return shell_script(workflow.name, workflow.description, workflow.input, graph, steps)


def _placed(version: StepVersion) -> Placed:
    manifest = manifest_of(version)
    image, pin = manifest.image or "", version.image_digest or ""
    # A digest means the same image everywhere; an id only on the machine that has it.
    is_built_in = version.step.is_built_in
    return Placed(manifest, pin if "@" in pin and not is_built_in else image, is_built_in)


def install_samples(workspace: Workspace) -> int:
    """Adds the sample workflows that this workspace has never had; returns how many.

    One that was renamed or removed does not come back.
    """
    paths = {sample_id(workspace, path): path for path in sorted(SAMPLES.glob("*/workflow.yaml"))}
    had = set(Workflow.objects.filter(id__in=list(paths)).values_list("id", flat=True))
    for key in paths.keys() - had:
        create(workspace, read_file(paths[key]), id=key, is_sample=True)
    return len(paths) - len(had)


def sample_id(workspace: Workspace, path: Path) -> uuid.UUID:
    """The id of this workspace's copy of a sample."""
    return uuid.uuid5(SAMPLE_IDS, f"{workspace.pk}/{path.parent.name}")
