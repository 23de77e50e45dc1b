"""A workflow as a shell script that does the same with `docker run`, pipes and files.

What a script cannot do is named at its top. Where that is part of what the workflow does (a rule),
the script stops there: it never does half a workflow in silence.
"""

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from composer.engine.graph import STDIN, STDOUT, Edge, Graph, edges_into, order
from composer.engine.rules import in_words
from composer.workflows.shell_steps import HELPERS, Part, Parts, Placed, file_of, function, line, taken
from composer.workflows.shell_words import comment, differences, missing_in

SMALL = 16 * 1024  # characters of a sample that a script still carries

_INTRODUCTION = (
    "Does with docker what this workflow does in Composer: it reads standard input where the workflow takes "
    "an input, writes the result to standard output, and what the steps say to standard error."
)


def shell_script(
    name: str, description: str, given: Mapping[str, Any], graph: Graph, steps: Mapping[str, Placed]
) -> str:
    """The script; `graph` has nothing to mend, and `steps` holds each of its nodes."""
    return "\n".join(_Script(name, description, given, graph, steps).lines()) + "\n"


class _Script:
    def __init__(
        self, name: str, description: str, given: Mapping[str, Any], graph: Graph, steps: Mapping[str, Placed]
    ) -> None:
        self.name, self.description, self.given, self.graph = name, description, given, graph
        into = edges_into(graph.edges)
        self.parts: Parts = {
            node: Part(number, graph.node(node), steps[node], into[node])
            for number, node in enumerate(order(graph), 1)
        }
        # Without another ending than success the first failure ends the script; else each end is noted.
        self.notes_ends = any(e.when != "success" for e in graph.edges) or any(
            part.node.join == "any" and part.into for part in self.parts.values()
        )
        sources = {edge.source for edge in graph.edges}
        self.ends = [part for node, part in self.parts.items() if node not in sources]
        self.chains = self._chains()

    def lines(self) -> Iterator[str]:
        yield "#!/bin/sh"
        yield from self._head()
        yield from self._frame()
        body = [*self._functions(), *self._input(), *self._steps(), *self._result()]
        called = "\n".join(body)
        for helper, text in HELPERS.items():
            if helper in called:
                yield text
        yield from body

    # What it is, and what it is not.

    def _head(self) -> Iterator[str]:
        yield from comment(self.name)
        if self.description:
            yield "#"
            yield from comment(self.description)
        yield "#"
        yield from comment(_INTRODUCTION)
        yield "#"
        yield "# Not as in Composer:"
        piped = {edge.id for chain in self.chains for part in chain[1:] for edge in part.into}
        for words in differences(self.graph, self.parts, piped):
            yield from comment(words, "- ")
        missing = list(missing_in(self.graph, self.parts))
        if missing:
            yield "#"
            yield "# MISSING:"
            for words in missing:
                yield from comment(words, "- ")
        yield "set -eu"
        yield ""
        if missing:
            yield "# So it would do half of the work, and does nothing. Delete these lines to run it anyway."
            yield "echo 'This script is not all of the workflow: its first lines say what is missing.' >&2"
            yield "exit 1"
            yield ""

    # What every script begins with.

    def _frame(self) -> Iterator[str]:
        secrets = {s.name: s.title for part in self.parts.values() for s in part.manifest.secrets}
        for name, title in secrets.items():
            yield f'# {line(title)}\n: "${{{name}:?set it}}"\nexport {name}\n'
        if len(self.ends) > 1 and not self.notes_ends:
            yield "# Several steps give a result, so they go into a folder."
            yield "composer_results=${1:?name a folder for the results}\n"
        elif len(self.ends) > 1:
            yield "# Where several steps may give a result, they can go into a folder."
            yield "composer_results=${1:-}\n"
        yield "composer_have() {"
        yield '  docker image inspect "$1" >/dev/null 2>&1 || docker pull "$1" >&2'
        yield "}"
        images = dict.fromkeys(shlex.quote(part.placed.image) for part in self.parts.values())
        yield from (f"composer_have {image}" for image in images)
        yield ""
        yield "umask 022"
        yield "composer_dir=$(mktemp -d)"
        yield 'composer_name=$(basename "$composer_dir")'
        names = " ".join(f'"$composer_name-{part.number}"' for part in self.parts.values())
        yield "# Nothing is left behind, however it ends."
        yield "composer_tidy() {"
        yield f"  docker rm --force {names} >/dev/null 2>&1 || true"
        yield '  rm -rf "$composer_dir"'
        yield "}"
        yield "trap composer_tidy EXIT"
        yield "trap 'exit 130' INT"
        yield "trap 'exit 143' HUP TERM\n"
        yield "composer_fail() {"
        yield "  printf '“%s” failed.\\n' \"$1\" >&2"
        yield "  exit 1"
        yield "}\n"

    def _functions(self) -> Iterator[str]:
        for part in self.parts.values():
            yield from function(part, self.parts, self.name)
            yield ""

    def _input(self) -> Iterator[str]:
        """The run's input as a file: what comes in, or else the workflow's sample."""
        if not any(self._reads_the_input(part) for part in self.parts.values()):
            return
        sample = str(self.given.get("sample") or "")
        title = line(str(self.given.get("title") or ""))
        yield f"# The input{f': {title}' if title else ''}"
        yield "if [ -t 0 ]; then"
        if sample and len(sample) <= SMALL:
            yield f"  printf '%s' {shlex.quote(sample)} >\"$composer_dir/input\""
        else:
            yield "  echo 'Give it its input: sh SCRIPT <FILE' >&2"
            yield "  exit 1"
        yield "else"
        yield '  cat >"$composer_dir/input"'
        yield "fi\n"

    def _reads_the_input(self, part: Part) -> bool:
        takes_some = self.given.get("kind", "none") != "none" and part.manifest.takes != "nothing"
        return takes_some and not part.into

    # The steps, one after the other; those that stream, together.

    def _chains(self) -> list[list[Part]]:
        """The nodes in order; those in a list are joined by a pipe of the shell."""
        chains: dict[str, list[Part]] = {}
        for node, part in self.parts.items():
            edge = part.into[0] if len(part.into) == 1 else None
            if edge is not None and self._is_piped(edge):
                chains[node] = chains[edge.source]
                chains[node].append(part)
            else:
                chains[node] = [part]
        return list({id(chain): chain for chain in chains.values()}.values())

    def _is_piped(self, edge: Edge) -> bool:
        beside = [each for each in self.graph.edges if each.source == edge.source]
        plain = (edge.output, edge.input, edge.when, edge.rule) == (STDOUT, STDIN, "success", None)
        late = self.parts[edge.source].comes_late
        return edge.mode != "keep" and plain and not late and beside == [edge]

    def _steps(self) -> Iterator[str]:
        if any(len(chain) > 1 for chain in self.chains):
            yield _PIPES
        for chain in self.chains:
            yield from (f"# Only if {line(in_words(e.rule))}: MISSING" for e in chain[0].into if e.rule)
            yield from self._noted(chain) if self.notes_ends else self._plain(chain)

    def _plain(self, chain: list[Part]) -> Iterator[str]:
        if len(chain) == 1:
            yield f"{self._call(chain)} || composer_fail {shlex.quote(line(chain[0].title))}"
            return
        yield self._call(chain)
        yield from (
            f"composer_went_well {p.number} || composer_fail {shlex.quote(line(p.title))}" for p in chain
        )

    def _noted(self, chain: list[Part]) -> Iterator[str]:
        head = chain[0]
        glue = " || " if head.node.join == "any" else " && "
        condition = glue.join(taken(edge, self.parts) for edge in head.into) or "true"
        call = self._call(chain)
        if len(chain) > 1:
            call += "".join(f" && composer_went_well {part.number}" for part in chain)
        ends = {how: "; ".join(f"composer_end_{part.number}={how}" for part in chain) for how in _ENDS}
        yield ends["skipped"]
        yield f"if {condition}; then"
        yield f"  if {call}; then {ends['success']}; else {ends['failure']}; fi"
        yield "fi"

    def _call(self, chain: list[Part]) -> str:
        source, number = self._source(chain[0]), chain[-1].number
        before, redirect = ("", source) if source.startswith("<") else (f"{source} | ", "")
        if len(chain) == 1:
            return f"{before}step_{number} {redirect}".rstrip() + f' >"$composer_dir/{number}"'
        readers = [*(part.number for part in chain[1:]), "none"]
        calls = [f"composer_part {part.number} {reader}" for part, reader in zip(chain, readers, strict=True)]
        calls[0] = f"{calls[0]} {redirect}".rstrip()
        return f'{before}{" | ".join(calls)} >"$composer_dir/{number}"'

    def _source(self, part: Part) -> str:
        """Where standard input comes from: a redirection, or a command before a pipe."""
        edges = [edge for edge in part.into if edge.input == STDIN]
        if self._reads_the_input(part):
            return '<"$composer_dir/input"'
        if part.manifest.takes == "nothing" or not edges:
            return "</dev/null"
        if part.node.join == "any":
            tests = (f"! {taken(edge, self.parts)} || cat {file_of(edge, self.parts)};" for edge in edges)
            return f"{{ {' '.join(tests)} }}"
        if len(edges) == 1:
            return f"<{file_of(edges[0], self.parts)}"
        return f"cat {' '.join(file_of(edge, self.parts) for edge in edges)}"

    def _result(self) -> Iterator[str]:
        """What the step gave that nothing follows; of several, the one that ran."""
        yield ""
        if self.notes_ends:
            yield from (_unless_seen_to(chain) for chain in self.chains if not self._is_seen_to(chain))
        if len(self.ends) == 1:
            yield f'cat "$composer_dir/{self.ends[0].number}"'
            return
        yield 'mkdir "$composer_dir/results"'
        for part in self.ends:
            test = f'[ "$composer_end_{part.number}" != success ] || ' if self.notes_ends else ""
            yield f'{test}mv "$composer_dir/{part.number}" "$composer_dir/results/{part.node.id}"'
        yield _RESULTS

    def _is_seen_to(self, chain: list[Part]) -> bool:
        """Whether a way for failures leads on from it, so that its failure is not the workflow's."""
        nodes = {part.node.id for part in chain}
        return any(edge.source in nodes and edge.when != "success" for edge in self.graph.edges)


_ENDS = ("success", "failure", "skipped")

_PIPES = """\
# Step $1, whose output step $2 reads. In a pipe only the last exit code counts, so each step notes that
# it went well; so it did where its reader went well before it and wanted no more.
composer_part() {
  if "step_$1" || [ -e "$composer_dir/$2-well" ]; then : >"$composer_dir/$1-well"; fi
}
composer_went_well() {
  [ -e "$composer_dir/$1-well" ]
}
"""

_RESULTS = """\
set -- "$composer_dir/results"/*
if [ -n "$composer_results" ]; then
  mkdir -p -- "$composer_results"
  [ ! -e "$1" ] || mv -- "$@" "$composer_results/"
elif [ $# -eq 1 ]; then
  [ ! -e "$1" ] || cat "$1"
else
  echo 'Several steps gave a result. Name a folder for them: sh SCRIPT FOLDER' >&2
  exit 1
fi"""


def _unless_seen_to(chain: list[Part]) -> str:
    part = chain[0]
    return f'[ "$composer_end_{part.number}" != failure ] || composer_fail {shlex.quote(line(part.title))}'
