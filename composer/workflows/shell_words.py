"""What a shell script says of itself: where it differs from the workflow, and what of it is missing."""

import textwrap
from collections import Counter
from collections.abc import Collection, Iterator

from composer.engine.graph import Graph
from composer.engine.rules import in_words
from composer.workflows.shell_steps import Parts, line


def comment(text: str, lead: str = "") -> list[str]:
    """A text as lines of comment."""
    first, others = f"# {lead}", f"# {' ' * len(lead)}"
    return textwrap.wrap(line(text), 100, initial_indent=first, subsequent_indent=others) or ["#"]


def differences(graph: Graph, parts: Parts, piped: Collection[str]) -> Iterator[str]:
    """What is done in another way, with the same result. `piped`: edges that are pipes of the shell."""
    yield "Nothing limits how long a step works and how much it writes. Nothing is tried again."
    yield "The variables COMPOSER_RUN, COMPOSER_NODE and COMPOSER_ATTEMPT are not set."
    if any(part.placed.is_built_in for part in parts.values()):
        yield (
            "The images of built-in steps are in no registry: on another machine “manage.py step build” "
            "of Composer makes them."
        )
    if any(edge.mode != "keep" and edge.id not in piped for edge in graph.edges):
        yield "Some pipes that stream there go through files here, one step after the other."
    for part in parts.values():
        if part.manifest.begin is not None:
            yield f"“{part.title}”: awk finds the lines that are passed on, and each gets a line end."
        if part.manifest.output.startswith("/"):
            yield (
                f"“{part.title}” finds an empty {part.manifest.output} when it begins. It may write to it, "
                "but not put another file in its place."
            )


def missing_in(graph: Graph, parts: Parts) -> Iterator[str]:
    """What a script cannot do, though the workflow does it."""
    for edge in graph.edges:
        if edge.rule is not None:
            yield (
                f"The rule of the pipe from “{parts[edge.source].title}” to “{parts[edge.target].title}”: "
                f"{in_words(edge.rule)}. A script cannot decide it, and goes this way always."
            )
    for part in parts.values():
        if part.manifest.command == () and part.manifest.entrypoint is None:
            yield f"“{part.title}” runs without its image’s command; docker run cannot leave that out."
    chosen = {
        (secret.name, part.node.connections.get(secret.name))
        for part in parts.values()
        for secret in part.manifest.secrets
    }
    for name, times in Counter(name for name, _ in chosen).items():
        if times > 1:
            yield f"Several values for the secret {name}: the script gives all steps the same one."
