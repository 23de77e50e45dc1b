"""What keeps a well-shaped graph from being run, in plain words, by node."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from composer.engine.graph import STDIN, STDOUT, Edge, Graph, Node, Problem, edges_into, order
from composer.engine.rule_reading import rule_faults
from composer.engine.streams import MOST_STREAMS
from composer.engine.values import (
    LEAST_CPUS,
    LEAST_MEMORY,
    LEAST_SECONDS,
    MOST_CPUS,
    MOST_SECONDS,
    parse_size,
)

MOST_READ = 256  # pipes that one step reads, one after the other


@dataclass(frozen=True, slots=True)
class StepFacts:
    """What the graph's rules need to know of a library step."""

    title: str
    takes: str
    gives: str
    inputs: Mapping[str, str] = field(default_factory=dict)  # further ones: name and what it takes
    outputs: Mapping[str, str] = field(default_factory=dict)


FindStep = Callable[[str, str | None], StepFacts | None]


def problems(graph: Graph, find_step: FindStep) -> list[Problem]:
    """Everything that keeps this graph from being run, in the order a person meets it."""
    if not graph.nodes:
        return [Problem("There is nothing to run yet. Add a step.")]
    found = [*_double_ids(graph), *_loose_edges(graph)]
    if found:
        return found  # the rules below assume edges that end somewhere
    steps = {node.id: find_step(node.step, node.version) for node in graph.nodes}
    return [
        *_unknown_steps(graph, find_step),
        *_limits(graph),
        *_pipes(graph, steps),
        *_rules(graph),
        *_choices(graph),
        *_too_many_streams(graph),
        *_cycles(graph),
    ]


def _double_ids(graph: Graph) -> Iterable[Problem]:
    for node_id in _repeated(node.id for node in graph.nodes):
        yield Problem(f"Two steps have the id “{node_id}”. Give each its own.", node=node_id, field="id")
    for edge_id in _repeated(edge.id for edge in graph.edges):
        yield Problem(f"Two pipes have the id “{edge_id}”. Give each its own.", edge=edge_id, field="id")


def _repeated(ids: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    twice: dict[str, None] = {}
    for each in ids:
        if each in seen:
            twice[each] = None
        seen.add(each)
    return list(twice)


def _loose_edges(graph: Graph) -> Iterable[Problem]:
    known = {node.id for node in graph.nodes}
    for edge in graph.edges:
        for end, name in (("source", edge.source), ("target", edge.target)):
            if name not in known:
                message = f"This pipe’s {end} is “{name}”, and no step has that id."
                other_end = edge.target if end == "source" else edge.source
                yield Problem(message, node=other_end, edge=edge.id, field=end)
        if edge.source == edge.target:
            yield Problem(
                "A step cannot read its own output.", node=edge.source, edge=edge.id, field="target"
            )


def _unknown_steps(graph: Graph, find_step: FindStep) -> Iterable[Problem]:
    for node in graph.nodes:
        if find_step(node.step, node.version) is not None:
            continue
        if node.version is not None and find_step(node.step, None) is not None:
            message = f"The step “{node.step}” has no version {node.version} in the library."
            yield Problem(message, node=node.id, field="version")
        else:
            message = f"The library has no step “{node.step}”. Choose another one."
            yield Problem(message, node=node.id, field="step")


def _limits(graph: Graph) -> Iterable[Problem]:
    """What no container can be given."""
    for node in graph.nodes:
        own = node.limits
        memory, cpus, seconds = parse_size(own.get("memory")), own.get("cpus"), own.get("seconds")
        if memory is not None and memory < LEAST_MEMORY:
            yield Problem("A step needs at least 8m of memory.", node=node.id, field="limits.memory")
        if cpus is not None and not LEAST_CPUS <= cpus <= MOST_CPUS:
            message = f"A step can have {LEAST_CPUS} to {MOST_CPUS:,} processors."
            yield Problem(message, node=node.id, field="limits.cpus")
        if seconds is not None and not LEAST_SECONDS <= seconds <= MOST_SECONDS:
            message = f"A step can have {LEAST_SECONDS} to {MOST_SECONDS:,} seconds (24 days) for its work."
            yield Problem(message, node=node.id, field="limits.seconds")


Steps = Mapping[str, StepFacts | None]


def _pipes(graph: Graph, steps: Steps) -> Iterable[Problem]:
    into = edges_into(graph.edges)
    for node in graph.nodes:
        step = steps[node.id]
        for edge in into[node.id]:
            if step is not None and (words := _cannot_enter(edge, step)):
                yield Problem(words, node=node.id, edge=edge.id, field="input")
            before = steps[edge.source]
            if before is not None and (words := _cannot_leave(edge, before)):
                yield Problem(words, node=edge.source, edge=edge.id, field="output")
            elif before is not None and step is not None and _gives(edge, before) == "nothing":
                words = f"“{before.title}” gives nothing on, so “{step.title}” would get no data."
                yield Problem(words, node=node.id, edge=edge.id, field="input")
        yield from _crowded_files(node, into[node.id])


def _cannot_enter(edge: Edge, step: StepFacts) -> str | None:
    if edge.input == STDIN:
        # A way that is taken when something failed, or by a rule, is a signal even to what takes no data.
        if step.takes == "nothing" and edge.when == "success" and edge.rule is None:
            return f"“{step.title}” takes no input, so no pipe can lead into it. Make it the first step."
        return None
    if edge.input in step.inputs:
        return None
    return f"“{step.title}” has no input “{edge.input}”. It has: {', '.join((STDIN, *step.inputs))}."


def _cannot_leave(edge: Edge, step: StepFacts) -> str | None:
    if edge.output == STDOUT or edge.output in step.outputs:
        return None
    return f"“{step.title}” has no output “{edge.output}”. It has: {', '.join((STDOUT, *step.outputs))}."


def _gives(edge: Edge, step: StepFacts) -> str:
    """What comes out of that end; a way that is a signal may carry nothing."""
    if edge.output != STDOUT:
        return step.outputs[edge.output]
    return "any" if edge.when != "success" or edge.rule is not None else step.gives


def _crowded_files(node: Node, edges: list[Edge]) -> Iterable[Problem]:
    """Standard input reads one pipe after the other; an input file is one pipe's."""
    read = [edge for edge in edges if edge.input == STDIN]
    if len(read) > MOST_READ:
        message = f"At most {MOST_READ} pipes can lead into one step. Join some of them before."
        yield Problem(message, node=node.id, edge=read[MOST_READ].id, field="input")
    first: dict[str, Edge] = {}
    for edge in edges:
        if edge.input != STDIN and first.setdefault(edge.input, edge) is not edge:
            message = f"Only one pipe can lead into the input “{edge.input}”. Remove the others."
            yield Problem(message, node=node.id, edge=edge.id, field="input")


def _rules(graph: Graph) -> Iterable[Problem]:
    """Values that nothing can be compared with."""
    for edge in graph.edges:
        for path, message in rule_faults(edge.rule) if edge.rule else ():
            yield Problem(message, node=edge.source, edge=edge.id, field=f"rule.{path}")


def _choices(graph: Graph) -> Iterable[Problem]:
    """Where rules choose a way there is at most one “otherwise”, and something to choose it over."""
    choices: dict[tuple[str, str], list[Edge]] = defaultdict(list)
    for edge in graph.edges:
        if edge.rule is not None:
            choices[edge.source, edge.when].append(edge)
    for edges in choices.values():
        others = [edge for edge in edges if edge.rule is not None and edge.rule.how == "else"]
        for edge in others[1:]:
            message = "Only one way can be “otherwise”. Give this one a rule of its own."
            yield Problem(message, node=edge.source, edge=edge.id, field="rule")
        if others and len(edges) == len(others):
            message = "“Otherwise” needs another way with a rule beside it. Add one, or remove this rule."
            yield Problem(message, node=others[0].source, edge=others[0].id, field="rule")


def _too_many_streams(graph: Graph) -> Iterable[Problem]:
    count = sum(edge.mode != "keep" for edge in graph.edges)
    if count > MOST_STREAMS:
        yield Problem(
            f"At most {MOST_STREAMS:,} pipes can stream; here {count:,} do. Let some be kept.", field="edges"
        )


def _cycles(graph: Graph) -> Iterable[Problem]:
    backwards = Graph(graph.nodes, tuple(Edge(e.id, e.target, e.source) for e in graph.edges))
    # What can be reached neither from the front nor from the back is held up by a circle.
    free = {*order(graph), *order(backwards)}
    for node in graph.nodes:
        if node.id not in free:
            message = "These steps wait for each other in a circle. Remove one of the pipes between them."
            yield Problem(message, node=node.id, field="input")
