"""`manage.py run FILE.yaml`: runs a workflow from a file; the result is written to standard output."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError, CommandParser

from composer.accounts.services import bootstrap_owner
from composer.engine.states import Status
from composer.runs import following, services
from composer.runs.intake import CHUNK, Given
from composer.runs.terminal import Terminal
from composer.web.problems import Refused
from composer.workflows.files import read_file
from composer.workflows.services import import_


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

    def handle(self, *, file: Path, given: Path | None, param: list[tuple[str, str, Any]], **_: Any) -> None:
        """Exit code 0 where the run went well, else 1."""
        data = _read(file)
        for node, name, value in param:
            _set(data, node, name, value)
        if given is not None and not given.is_file():
            raise CommandError(f"There is no file {given}.")
        try:
            owner = bootstrap_owner()
            workflow = import_(owner.workspace, data, listed=False)
            run = services.create_run(workflow, given=_given(given), user=owner)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        terminal = Terminal(sys.stderr)
        run = following.follow(run, terminal)
        terminal.conclude(run)
        if run.status != Status.SUCCEEDED:
            sys.exit(1)
        following.copy_result(run, sys.stdout.buffer)


def _param(text: str) -> tuple[str, str, Any]:
    place, equals, value = text.partition("=")
    node, dot, name = place.partition(".")
    if not (equals and dot and node and name):
        raise argparse.ArgumentTypeError(f"“{text}” is not NODE.NAME=VALUE, such as pick.column=town")
    try:
        return node, name, yaml.safe_load(value)
    except yaml.YAMLError:
        return node, name, value


def _read(file: Path) -> dict[str, Any]:
    try:
        data = read_file(file)
    except Refused as refused:
        raise CommandError(f"{file}: {refused}") from refused
    if not isinstance(data, dict):
        raise CommandError(f"{file} holds no workflow.")
    return data


def _set(data: dict[str, Any], node_id: str, name: str, value: Any) -> None:
    graph = data.get("graph")
    nodes = graph.get("nodes") if isinstance(graph, dict) else None
    for node in nodes if isinstance(nodes, list) else []:
        if isinstance(node, dict) and node.get("id") == node_id:
            node["params"] = {**(node.get("params") or {}), name: value}
            return
    raise CommandError(f"The workflow has no step with the id “{node_id}”.")


def _given(path: Path | None) -> Given | None:
    return Given("file", path.name, _chunks(path)) if path else None


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
