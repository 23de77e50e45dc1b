"""Workflows as files: YAML that people can read, exported and imported without loss."""

from pathlib import Path
from typing import Any

import yaml

from composer.accounts.models import Workspace
from composer.engine.graph import Problem
from composer.web.problems import Refused
from composer.workflows.models import Workflow
from composer.workflows.services import import_

SAMPLES = Path(__file__).resolve().parent.parent / "catalog" / "samples"
MOST_BYTES = 10 * 1024 * 1024


def read_yaml(text: str | bytes) -> Any:
    """The data in a YAML (or JSON) text. Raises Refused."""
    if len(text) > MOST_BYTES:
        raise Refused([Problem("This file is larger than 10 MB.")])
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        words = " ".join(str(error).split())[:300]
        raise Refused([Problem(f"This is not YAML: {words}")]) from error


def read_file(path: Path) -> Any:
    """A workflow file; `input.file` names a sample that lies beside it. Raises Refused."""
    try:
        data = read_yaml(path.read_bytes())
    except OSError as error:
        raise Refused([Problem(f"{path} cannot be read: {error.strerror}.")]) from error
    given = data.get("input") if isinstance(data, dict) else None
    if isinstance(given, dict) and isinstance(given.get("file"), str):
        name = given.pop("file")
        beside = path.parent / Path(name).name
        try:
            given.update(sample=beside.read_text("utf-8"), name=beside.name)
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
        "input": workflow.input,
        "graph": workflow.graph,
    }
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100)


def install_samples(workspace: Workspace) -> int:
    """Adds the sample workflows that this workspace has never had; returns how many."""
    had = set(Workflow.objects.filter(workspace=workspace, is_sample=True).values_list("name", flat=True))
    added = 0
    for path in sorted(SAMPLES.glob("*/workflow.yaml")):
        data = read_file(path)
        if data["name"] not in had:
            import_(workspace, data, sample=True)
            added += 1
    return added
