"""Questions about runs. Every one is asked within a workspace."""

import uuid
from statistics import median

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.fields.json import KT

from composer.accounts.models import Workspace
from composer.engine.graph import Edge, edges_into
from composer.engine.graph_parse import parse
from composer.engine.spool import Spool
from composer.engine.states import Status
from composer.engine.streams import streams_of_graph
from composer.runs.models import Run, RunEvent, StepRun
from composer.runs.wire import message

EVENTS_AT_ONCE = 500
USUAL_OF = 9  # the last runs that went well


class BadCursor(Exception):
    """An event cursor that this run never gave out."""


def runs_of(workspace: Workspace) -> QuerySet[Run]:
    """The workspace's runs, newest first."""
    rows = Run.objects.filter(workspace=workspace)
    return rows.select_related("workflow__workspace", "version", "started_by").order_by(
        "-created_at", "-number"
    )


#: What a list says of a failure: not the end of its log, which may be long.
BRIEF = ("kind", "message", "detail")


def listed_runs(workspace: Workspace) -> QuerySet[Run]:
    """The same for a list: without graphs, samples and logs."""
    rows = runs_of(workspace).defer("version__graph", "workflow__graph", "workflow__input", "failure")
    return rows.annotate(**{f"failure_{key}": KT(f"failure__{key}") for key in BRIEF})


def find_run(workspace: Workspace, run_id: str | uuid.UUID) -> Run | None:
    """The run, if it is this workspace's."""
    try:
        key = run_id if isinstance(run_id, uuid.UUID) else uuid.UUID(run_id)
    except ValueError:
        return None
    return runs_of(workspace).filter(id=key).first()


def steps_of(run: Run) -> list[StepRun]:
    """The run's steps, in the order in which they can run."""
    return list(run.steps.select_related("step_version__step"))


def usual_seconds(workflow_id: uuid.UUID) -> float | None:
    """How long this workflow takes as a rule."""
    rows = Run.objects.filter(workflow_id=workflow_id, status=Status.SUCCEEDED, retry_of=None)
    times = rows.exclude(started_at=None).order_by("-created_at").values_list("started_at", "finished_at")
    seconds = [(end - start).total_seconds() for start, end in times[:USUAL_OF] if start and end]
    return round(median(seconds), 3) if seconds else None


def parse_cursor(text: str, last_seq: int) -> int:
    """The number after which events are wanted. Raises BadCursor."""
    if not text.isascii() or not text.isdigit() or len(text) > 18 or int(text) > last_seq:
        raise BadCursor(text)
    return int(text)


def events_after(run_id: uuid.UUID, after: int, limit: int = EVENTS_AT_ONCE) -> list[dict[str, object]]:
    """Stored events with higher numbers, as they are sent."""
    rows = RunEvent.objects.filter(run_id=run_id, seq__gt=after).order_by("seq")[:limit]
    return [message(*row) for row in rows.values_list("seq", "type", "node", "at", "data")]


def pipes_into(run: Run, node: str) -> list[Edge]:
    """The pipes that lead into a node, in the order in which it reads them."""
    return edges_into(parse(run.version.graph).edges).get(node, [])


def streams_of_run(run: Run) -> list[str]:
    """The ids of the pipes that stream."""
    graph = parse(run.version.graph)
    is_asked = any(edge.mode != "keep" for edge in graph.edges)
    if not is_asked or Spool(settings.COMPOSER_SPOOL).keeps_all(str(run.id)):
        return []
    rows = run.steps.values_list("node", "step_version__manifest__output")
    late = [node for node, output in rows if str(output or "").startswith("/")]
    return sorted(streams_of_graph(graph, late).edges)


def first_nodes(run: Run) -> set[str]:
    """The nodes that nothing comes before."""
    graph = parse(run.version.graph)
    return {node.id for node in graph.nodes} - {edge.target for edge in graph.edges}


def last_nodes(run: Run) -> set[str]:
    """The nodes that nothing follows."""
    graph = parse(run.version.graph)
    return {node.id for node in graph.nodes} - {edge.source for edge in graph.edges}
