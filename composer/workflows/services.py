"""Changing workflows: make, save, check, copy, remove, and keep the versions that are run."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from composer.accounts.models import Workspace
from composer.engine.graph import Graph, Problem
from composer.engine.graph_parse import parse, to_json
from composer.web.problems import Conflict, Refused
from composer.workflows import checking, dray, dray_steps, reading
from composer.workflows.checking import Found, all_problems, find_steps, graph_problems, setting_problems
from composer.workflows.models import Workflow, WorkflowVersion, empty_graph, no_input
from composer.workflows.yaml_text import NO_WORKFLOW

UNTITLED = "Untitled workflow"
TRIES = 5


@dataclass(frozen=True, slots=True)
class Imported:
    """A workflow out of a file; `notes` say what means something else here than where it came from."""

    workflow: Workflow
    notes: tuple[Problem, ...] = ()


def create(workspace: Workspace, data: object, *, draft: bool = False, **more: Any) -> Workflow:
    """A new workflow. Raises Refused."""
    given = reading.fields(data, also=("draft", "revision"))
    graph = _accept(workspace, given["graph"], draft=draft) if "graph" in given else empty_graph()
    return Workflow.objects.create(
        workspace=workspace,
        name=str(given.get("name", UNTITLED)).strip(),
        description=given.get("description", ""),
        input=given.get("input", no_input()),
        graph=graph,
        armed=given.get("armed", 0),
        **more,
    )


def update(workflow: Workflow, data: object, *, draft: bool = False, whole: bool = False) -> Workflow:
    """Saves what was given, if nobody saved in between. Raises Refused, Conflict.

    `whole`: what was not given goes back to its default, as PUT demands.
    """
    given = reading.fields(data, also=("draft", "revision"))
    seen = reading.revision_of(data)
    if "graph" in given:
        given["graph"] = _accept(workflow.workspace, given["graph"], draft=draft)
    if "name" in given:
        given["name"] = given["name"].strip()
    if whole:
        defaults = {"name": UNTITLED, "description": "", "input": no_input(), "graph": empty_graph()}
        given = {**defaults, "armed": 0, **given}
    # Whoever changes the row from the revision that was seen has won.
    rows = Workflow.objects.filter(id=workflow.id, revision=seen, deleted_at=None)
    if rows.update(revision=F("revision") + 1, updated_at=timezone.now(), **given) != 1:
        workflow.refresh_from_db()
        raise Conflict(
            "Somebody else has changed this workflow since you opened it.", revision=workflow.revision
        )
    workflow.refresh_from_db()
    return workflow


def _accept(workspace: Workspace, data: object, *, draft: bool) -> dict[str, Any]:
    """The graph as it is stored: checked, and each step's version written down.

    A draft may hold wrong settings and unknown steps, so that nothing that somebody typed is
    lost; otherwise only what is not filled in yet may be missing.
    """
    graph = reading.graph_of(data)
    steps = find_steps(workspace, graph)
    if graph.nodes and not draft:  # an empty graph is a beginning: it can be saved, and not run
        wrong = [*graph_problems(graph, steps), *setting_problems(graph, steps, unfinished=False)]
        if wrong:
            raise Refused(wrong)
    return to_json(_with_versions(graph, steps))


def _with_versions(graph: Graph, steps: Found) -> Graph:
    """A graph goes on meaning the versions that were the newest when it was saved."""
    nodes = (
        replace(node, version=found.version)
        if node.version is None and (found := steps.get((node.step, None)))
        else node
        for node in graph.nodes
    )
    return Graph(tuple(nodes), graph.edges)


def validate(workflow: Workflow, data: object = None) -> list[Problem]:
    """The checklist of a workflow, or of a graph that is sent instead of its own. Raises Refused."""
    return all_problems(workflow.workspace, _meant(workflow, data))


def notes(workflow: Workflow, data: object = None) -> list[Problem]:
    """What is good to know of the same graph, and keeps nothing from running. Raises Refused."""
    return checking.notes(workflow.workspace, _meant(workflow, data))


def _meant(workflow: Workflow, data: object) -> Graph:
    if data is not None and not isinstance(data, Mapping):
        raise Refused([Problem('Send an object, such as {"graph": …}, or nothing.')])
    return reading.graph_of(data["graph"]) if data and "graph" in data else parse(workflow.graph)


def ensure_runnable(workflow: Workflow) -> None:
    """Raises Refused with the checklist where the workflow cannot be run as it is."""
    if found := validate(workflow):
        raise Refused(found)


def current_version(workflow: Workflow) -> WorkflowVersion:
    """The version that holds the graph as it is now; made where there is none yet."""
    for _ in range(TRIES):
        newest = workflow.versions.first()
        if newest is not None and newest.graph == workflow.graph:
            return newest
        number = newest.number + 1 if newest else 1
        try:
            with transaction.atomic():
                return WorkflowVersion.objects.create(workflow=workflow, number=number, graph=workflow.graph)
        except IntegrityError:
            continue  # somebody else started a run at the same moment
    raise Conflict("This workflow is being changed and run at the same time. Try again.")


def hold(workflow: Workflow) -> None:
    """Nobody else can do the same to this workflow until the transaction ends."""
    Workflow.objects.filter(id=workflow.id).update(revision=F("revision"))


def duplicate(workflow: Workflow) -> Workflow:
    """A copy, to change freely."""
    return Workflow.objects.create(
        workspace=workflow.workspace,
        name=f"{workflow.name[:190]} (copy)",
        description=workflow.description,
        input=workflow.input,
        graph=workflow.graph,
    )


def remove(workflow: Workflow) -> None:
    """Takes it off the list; its runs can still be looked at."""
    Workflow.objects.filter(id=workflow.id).update(deleted_at=timezone.now())


def restore(workflow: Workflow) -> None:
    """Puts it back on the list."""
    Workflow.objects.filter(id=workflow.id).update(deleted_at=None)


def import_with_notes(
    workspace: Workspace, data: object, *, listed: bool = True, may_add_steps: bool = True
) -> Imported:
    """From data as `export` gives it, or from a job for Dray. Raises Refused, Conflict, MayNotAddSteps.

    A job for Dray brings its steps into the library: all of it happens, or nothing.
    """
    if not isinstance(data, Mapping):
        raise Refused([Problem(NO_WORKFLOW)])
    if not dray.is_job(data):
        return Imported(create(workspace, data, is_listed=listed))
    job = dray.translate(data)
    with transaction.atomic():
        steps = dray_steps.add_steps(workspace, job, may_add=may_add_steps)
        return Imported(create(workspace, job.workflow(steps), is_listed=listed), job.notes)
