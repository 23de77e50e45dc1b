"""What is wrong with a workflow: its shape, its steps, and every step's settings."""

from collections.abc import Iterable

from composer.accounts.models import Workspace
from composer.catalog.models import StepVersion
from composer.catalog.params import param_problems
from composer.catalog.selectors import find_versions, manifest_of
from composer.engine.graph import Graph, Problem
from composer.engine.graph_problems import StepFacts, problems
from composer.engine.never import never_begin
from composer.engine.streams import streams_of_graph

Found = dict[tuple[str, str | None], StepVersion]


def find_steps(workspace: Workspace, graph: Graph) -> Found:
    """The versions that a graph names, as far as they exist, read at once."""
    wanted = {(node.step, node.version) for node in graph.nodes}
    # The newest of each too: so a wrong version can be told from a wrong step.
    return find_versions(workspace, [*wanted, *((slug, None) for slug, _ in wanted)])


def graph_problems(graph: Graph, steps: Found) -> list[Problem]:
    """Everything that keeps the graph from being run, but for settings that do not fit."""

    def facts(slug: str, version: str | None) -> StepFacts | None:
        found = steps.get((slug, version))
        if found is None:
            return None
        manifest = manifest_of(found)
        return StepFacts(
            manifest.title,
            manifest.takes,
            manifest.gives,
            {port.name: port.data for port in manifest.inputs},
            {port.name: port.data for port in manifest.outputs},
        )

    return problems(graph, facts)


def setting_problems(graph: Graph, steps: Found, *, unfinished: bool = True) -> Iterable[Problem]:
    """The settings that do not fit; without `unfinished`, not those that are only not filled in yet."""
    for node in graph.nodes:
        version = steps.get((node.step, node.version))
        if version is None:
            continue
        manifest = manifest_of(version)
        for problem in param_problems(manifest.params, node.params):
            if unfinished or not problem.unfinished:
                yield Problem(problem.message, node=node.id, field=problem.field or "params")
        known = [secret.name for secret in manifest.secrets]
        for name in node.connections:
            if name not in known:
                words = f"“{manifest.title}” needs no secret “{name[:60]}”."
                yield Problem(words, node=node.id, field=f"connections.{name[:60]}")
        if unfinished:
            for secret in manifest.secrets:
                if not node.connections.get(secret.name):
                    words = f"Choose a connection for “{secret.title or secret.name}”."
                    yield Problem(words, node=node.id, field=f"connections.{secret.name}")


def all_problems(workspace: Workspace, graph: Graph) -> list[Problem]:
    """The checklist of a workflow."""
    steps = find_steps(workspace, graph)
    return [*graph_problems(graph, steps), *setting_problems(graph, steps)]


def notes(workspace: Workspace, graph: Graph) -> list[Problem]:
    """What is good to know, and keeps nothing from running."""
    return [*_never_begin(graph), *_kept_instead(workspace, graph)]


def _never_begin(graph: Graph) -> Iterable[Problem]:
    """Steps that wait for ways of which only one is ever taken."""
    words = (
        "It waits for all its ways, and only one of them is ever taken. So it never begins. "
        "Let it begin when any of them comes."
    )
    for never in never_begin(graph):
        yield Problem(words, node=never.node, field="join")


def _kept_instead(workspace: Workspace, graph: Graph) -> list[Problem]:
    """Pipes that were to stream and are kept, and why."""
    if all(edge.mode == "keep" for edge in graph.edges):
        return []
    steps = find_steps(workspace, graph)
    found = ((node.id, steps.get((node.step, node.version))) for node in graph.nodes)
    late = [node for node, version in found if version and manifest_of(version).output.startswith("/")]
    kept = streams_of_graph(graph, late).kept
    return [
        Problem(f"This pipe was to stream; {kept[edge.id]}.", node=edge.target, edge=edge.id, field="mode")
        for edge in graph.edges
        if edge.id in kept
    ]
