"""`manage.py run FILE.yaml`: runs a workflow from a file; the result is written to standard output."""

import argparse
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError, CommandParser

from composer.accounts.models import Workspace
from composer.accounts.services import bootstrap_owner
from composer.catalog.selectors import find_version
from composer.engine.states import Status
from composer.runs import following, services
from composer.runs.intake import CHUNK, Given
from composer.runs.terminal import Terminal
from composer.web.problems import Refused
from composer.web.yaml_loader import read_plain
from composer.workflows.files import read_file
from composer.workflows.services import import_with_notes


class Command(BaseCommand):
    """The same way as in the browser: import, run, watch, look at the result."""

    help = "Runs a workflow file; progress goes to the terminal, the result to standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        """What can be said on the command line."""
        parser.add_argument("file", type=Path, help="a workflow as YAML or JSON")
        parser.add_argument(
            "--input",
            dest="given",
            type=Path,
            metavar="FILE",
            help="a file to work on, instead of the workflow's sample",
        )
        parser.add_argument(
            "--param",
            action="append",
            default=[],
            type=_param,
            metavar="NODE.NAME=VALUE",
            help="another value for a setting of a step; can be given more than once",
        )

    def handle(self, *, file: Path, given: Path | None, param: list[tuple[str, str, str]], **_: Any) -> None:
        """Exit code 0 where the run went well, else 1."""
        logging.getLogger("composer.runs").setLevel(logging.ERROR)  # the terminal shows the run
        if given is not None and not given.is_file():
            raise CommandError(f"There is no file {given}.")
        data, owner = _read(file), bootstrap_owner()
        for node, name, text in param:
            _set(owner.workspace, data, node, name, text)
        try:
            imported = import_with_notes(owner.workspace, data, listed=False)
            run = services.create_run(imported.workflow, given=_given(given), user=owner)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        for note in imported.notes:
            self.stderr.write(note.message)
        terminal = Terminal(sys.stderr)
        run = following.follow(run, terminal)
        terminal.conclude(run)
        if run.status != Status.SUCCEEDED:
            sys.exit(1)
        following.copy_result(run, sys.stdout.buffer)


def _param(text: str) -> tuple[str, str, str]:
    place, equals, value = text.partition("=")
    node, dot, name = place.partition(".")
    if not (equals and dot and node and name):
        raise argparse.ArgumentTypeError(f"“{text}” is not NODE.NAME=VALUE, such as pick.column=town")
    return node, name, value


def _read(file: Path) -> dict[str, Any]:
    try:
        data = read_file(file)
    except Refused as refused:
        raise CommandError(f"{file}: {refused}") from refused
    if not isinstance(data, dict):
        raise CommandError(f"{file} holds no workflow.")
    return data


def _set(workspace: Workspace, data: dict[str, Any], node_id: str, name: str, text: str) -> None:
    graph = data.get("graph")
    nodes = graph.get("nodes") if isinstance(graph, dict) else None
    for node in nodes if isinstance(nodes, list) else []:
        if isinstance(node, dict) and node.get("id") == node_id:
            params = node.get("params") or {}
            node["params"] = {**params, name: _value(workspace, node, name, text)}
            return
    raise CommandError(f"The workflow has no step with the id “{node_id}”.")


def _value(workspace: Workspace, node: dict[str, Any], name: str, text: str) -> Any:
    """The text itself where the setting is a text, else what it means as YAML: 5, true, [a, b]."""
    version = find_version(workspace, str(node.get("step")), node.get("version"))
    properties = version.manifest["params"]["properties"] if version else {}
    if properties.get(name, {}).get("type", "string") == "string":
        return text
    try:
        return read_plain(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return text


def _given(path: Path | None) -> Given | None:
    return Given("file", path.name, _chunks(path)) if path else None


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
