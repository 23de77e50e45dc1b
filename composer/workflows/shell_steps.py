"""A step as a function of a shell script: one `docker run`, locked up as in a run.

All names that begin with `composer_` are the script's own; no setting and no secret can have one.
"""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from composer.catalog.environment import environment
from composer.catalog.manifest import Manifest
from composer.catalog.manifest_output import STDERR
from composer.engine.graph import STDIN, STDOUT, Edge, Node
from composer.engine.values import LEAST_MEMORY, parse_size

NOBODY = "65534:65534"

#: What the functions of steps stand on; only what is called is written.
HELPERS = {
    "composer_run": """\
# A container that can do nothing but its work.
composer_run() {
  docker run --rm --interactive --log-driver none --no-healthcheck --cap-drop ALL \\
    --security-opt no-new-privileges --pids-limit 256 --tmpfs /tmp:exec,mode=1777 --env HOME=/tmp "$@"
}
""",
    "composer_file": """\
# An empty file that a container may write to, whoever it runs as.
composer_file() {
  : >"$composer_dir/$1"
  chmod 666 "$composer_dir/$1"
}
""",
    "composer_between": """\
# Of what comes in, only the lines between a line $1 and a line $2.
composer_between() {
  FIRST=$1 LAST=$2 LC_ALL=C awk '
    inside && $0 "" == ENVIRON["LAST"] "" { inside = 0; next }
    !inside && $0 "" == ENVIRON["FIRST"] "" { inside = 1; next }
    inside'
}
""",
}


@dataclass(frozen=True, slots=True)
class Placed:
    """The step of a node: its manifest, and the image that this version means."""

    manifest: Manifest
    image: str
    is_built_in: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A node on its way into the script."""

    number: int  # names its function and its files
    node: Node
    placed: Placed
    into: Sequence[Edge] = ()  # in the order in which it reads them

    @property
    def manifest(self) -> Manifest:
        """What its step says."""
        return self.placed.manifest

    @property
    def title(self) -> str:
        """What people call it."""
        return self.node.title or self.manifest.title

    @property
    def comes_late(self) -> bool:
        """Whether its data is there only when it has ended."""
        return self.manifest.output.startswith("/") or self.manifest.begin is not None


Parts = dict[str, Part]  # by node


def line(text: str) -> str:
    """A text as one line of a comment."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable())


def file_of(edge: Edge, parts: Parts) -> str:
    """The file that a pipe's reader reads, quoted."""
    name = "" if edge.output == STDOUT else f".{edge.output}"
    return f'"$composer_dir/{parts[edge.source].number}{name}"'


def taken(edge: Edge, parts: Parts) -> str:
    """The test whether this way is taken, in a script that notes how each step ended."""
    end = f'[ "$composer_end_{parts[edge.source].number}"'
    return {
        "success": f"{end} = success ]",
        "failure": f"{end} = failure ]",
        "always": f"{end} != skipped ]",
    }[edge.when]


def function(part: Part, parts: Parts, job: str) -> Iterator[str]:
    """The lines of the step's function: data in on standard input, data out on standard output."""
    manifest, number = part.manifest, part.number
    yield f"# {line(part.title)} ({part.node.id})"
    yield f"step_{number}() {{"
    made = [f"{number}.{port.name}" for port in manifest.outputs]
    if manifest.output.startswith("/"):
        made.append(f"{number}-left")
    yield from (f"  composer_file {name}" for name in made)
    told = list(_told(part, parts))
    if told:
        yield "  set --"
        yield from told
    call = ["composer_run", *_flags(part, parts, job), *(['"$@"'] if told else []), *_program(part)]
    yield from _call(part, f"  {_wrapped(call)}")
    yield "}"


def _call(part: Part, call: str) -> Iterator[str]:
    """The call, and what makes the data out of what the program wrote."""
    manifest, raw = part.manifest, f'"$composer_dir/{part.number}-raw"'
    if manifest.output == STDERR:
        call += " 3>&1 1>&2 2>&3 3>&-"  # the one is the log now, the other the data
    source = raw
    if manifest.output.startswith("/"):
        call, source = f"{call} >&2", f'"$composer_dir/{part.number}-left"'
    elif manifest.begin is not None:
        call = f"  {{ {call.lstrip()}; }} >{raw}"
    if not part.comes_late:
        yield call
        return
    yield f"{call} || return"
    if manifest.begin is not None and manifest.end is not None:
        yield f"  composer_between {shlex.quote(manifest.begin)} {shlex.quote(manifest.end)} <{source}"
    else:
        yield f"  cat {source}"


def _told(part: Part, parts: Parts) -> Iterator[str]:
    """What the container gets only where a way was taken: input files, and word of what failed."""
    for edge in reversed(part.into):  # of two words, docker takes the last
        if edge.when != "success":
            words = shlex.quote(f"COMPOSER_FAILED_STEP={parts[edge.source].title}")
            test = f'[ "$composer_end_{parts[edge.source].number}" != failure ]'
            yield f"  {test} || set -- \"$@\" --env {words} --env 'COMPOSER_ERROR=It failed.'"
    if part.node.join == "any":
        for edge in part.into:
            if edge.input != STDIN:
                yield f'  ! {taken(edge, parts)} || set -- "$@" {_input(edge, parts)}'


def _input(edge: Edge, parts: Parts) -> str:
    return f"--mount type=bind,readonly,source={file_of(edge, parts)},target=/inputs/{edge.input}"


def _flags(part: Part, parts: Parts, job: str) -> Iterator[str]:
    manifest, own = part.manifest, part.node.limits
    memory = max(parse_size(own.get("memory")) or manifest.limits.memory, LEAST_MEMORY)
    yield f'--name "$composer_name-{part.number}"'
    yield f"--network {'bridge' if manifest.network == 'internet' else 'none'}"
    if not manifest.writable:
        yield "--read-only"
    yield f"--user {shlex.quote(manifest.user or NOBODY)}"
    yield f"--memory {memory} --memory-swap {memory}"
    yield f"--cpus {float(own.get('cpus') or manifest.limits.cpus):g}"
    for port in manifest.outputs:
        yield _output(f"{part.number}.{port.name}", f"/outputs/{port.name}")
    if manifest.output.startswith("/"):
        yield _output(f"{part.number}-left", manifest.output)
    if part.node.join != "any":
        yield from (_input(edge, parts) for edge in part.into if edge.input != STDIN)
    for name, value in environment(manifest, part.node.params).items():
        yield f"--env {shlex.quote(f'{name}={value}')}"
    for secret in manifest.secrets:
        yield f"--env {secret.name}"
    if manifest.dray:
        yield from _dray(part, job)


def _output(file: str, target: str) -> str:
    field = f"target={target}"
    if "," in field or '"' in field:  # docker reads the fields of a CSV line
        field = '"' + field.replace('"', '""') + '"'
    return f'--mount type=bind,source="$composer_dir/{file}",{shlex.quote(field)}'


def _dray(part: Part, job: str) -> Iterator[str]:
    yield '--env DRAY_JOB_ID="$composer_name"'
    yield f"--env {shlex.quote(f'DRAY_JOB_NAME={job}')}"
    yield f"--env DRAY_CURRENT_STEP_INDEX={part.number - 1}"
    yield f"--env {shlex.quote(f'DRAY_CURRENT_STEP_NAME={part.title}')}"


def _program(part: Part) -> Iterator[str]:
    """The image and its arguments, as the engine combines them."""
    entrypoint, command = part.manifest.entrypoint, part.manifest.command or ()
    if entrypoint is not None:
        yield f"--entrypoint {shlex.quote(entrypoint[0] if entrypoint else '')}"
    yield " ".join(shlex.quote(each) for each in (part.placed.image, *(entrypoint or ())[1:], *command))


def _wrapped(words: Sequence[str]) -> str:
    """Several flags on a line while they fit, the next line indented."""
    lines = [words[0]]
    for word in words[1:]:
        if len(lines[-1]) + len(word) < 100 and "\n" not in lines[-1]:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return " \\\n    ".join(lines)
