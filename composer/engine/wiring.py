"""How the containers of a run are joined: the files and FIFOs that each sees, and what its gate is told.

A kept pipe is a file that the step before has written and the next one reads. A stream is one FIFO
between the two. Only single files are ever shown to a container, never a folder.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from composer.engine.attempt import Attempt
from composer.engine.files import size_of
from composer.engine.gate.gate import Target, Wiring
from composer.engine.graph import STDIN, STDOUT, Edge
from composer.engine.plan import Plan, Taken
from composer.engine.ports import Mount, RunSpec
from composer.engine.spool import INSIDE

SAMPLE_BYTES = 256 * 1024  # of what streams and is not kept
INPUTS, OUTPUTS = "/inputs", "/outputs"


@dataclass(frozen=True, slots=True)
class Outlet:
    """One output of a node."""

    name: str
    channel: int
    is_kept: bool
    streams: tuple[Edge, ...]


def outlets(plan: Plan, node: str, run: RunSpec) -> list[Outlet]:
    """A node's outputs. One is kept unless it only streams; of that a sample is taken."""
    found = []
    for channel, name in enumerate((STDOUT, *run.steps[node].outputs)):
        edges = [edge for edge in plan.edges_from.get(node, ()) if edge.output == name]
        streams = tuple(edge for edge in edges if plan.is_stream(edge))
        only_streams = bool(edges) and all(plan.is_stream(edge) and edge.mode == "stream" for edge in edges)
        found.append(Outlet(name, channel, not only_streams, streams))
    return found


def create_files(plan: Plan, attempt: Attempt, run: RunSpec) -> None:
    """Makes the files of an attempt. Raises FileExistsError, OSError."""
    found = outlets(plan, attempt.node, run)
    files = attempt.files
    attempt.files.create(
        files=[files.output(o.name) if o.is_kept else files.sample(o.name) for o in found],
        fifos=[
            *(files.pipe(edge.id) for outlet in found for edge in outlet.streams),
            *(files.port(name) for name in run.steps[attempt.node].outputs),
        ],
    )


def mounts(
    plan: Plan, attempt: Attempt, run: RunSpec, attempts: Mapping[str, Attempt], gate: Path
) -> tuple[Mount, ...]:
    """All that the container of an attempt sees of the spool."""
    joined = [
        *_outputs(plan, attempt, run),
        *_inputs(plan, attempt, run, attempts),
        *_input_files(plan, attempt, attempts),
    ]
    return attempt.files.mounts(gate, joined)


def _outputs(plan: Plan, attempt: Attempt, run: RunSpec) -> Iterator[Mount]:
    files = attempt.files
    for outlet in outlets(plan, attempt.node, run):
        kept = files.output(outlet.name) if outlet.is_kept else files.sample(outlet.name)
        yield Mount(kept, f"{INSIDE}/{_inside(outlet)}")
        for edge in outlet.streams:
            inside = f"{INSIDE}/{_pipe_names(plan, attempt.node)[edge.id]}"
            yield Mount(files.pipe(edge.id), inside, is_fifo=True)
        if outlet.channel:
            yield Mount(files.port(outlet.name), f"{OUTPUTS}/{outlet.name}", is_fifo=True)


def _inputs(plan: Plan, attempt: Attempt, run: RunSpec, attempts: Mapping[str, Attempt]) -> Iterator[Mount]:
    if not run.steps[attempt.node].reads_input:
        return
    for edge, name in _input_names(plan, attempt.node):
        if (source := data_of(plan, edge, attempts)) is not None:
            yield Mount(source, f"{INSIDE}/{name}", read_only=True, is_fifo=plan.is_stream(edge))
    if run.input is not None and not plan.edges_into.get(attempt.node):
        yield Mount(run.input, f"{INSIDE}/stdin", read_only=True)


def _input_files(plan: Plan, attempt: Attempt, attempts: Mapping[str, Attempt]) -> Iterator[Mount]:
    for edge in plan.edges_into.get(attempt.node, ()):
        if edge.input != STDIN and (source := data_of(plan, edge, attempts)) is not None:
            yield Mount(source, f"{INPUTS}/{edge.input}", read_only=True)


def data_of(plan: Plan, edge: Edge, attempts: Mapping[str, Attempt]) -> Path | None:
    """The file or FIFO that a pipe's reader reads; None where its writer never got so far."""
    files = attempts[edge.source].files
    path = files.pipe(edge.id) if plan.is_stream(edge) else files.output(edge.output)
    return path if path.exists() else None


def input_names(plan: Plan, attempt: Attempt, run: RunSpec, taken: Taken) -> list[str]:
    """All that this node reads, by its place in the container: on standard input in order, then files."""
    if not plan.edges_into.get(attempt.node):
        reads = run.input is not None and run.steps[attempt.node].reads_input
        return [f"{INSIDE}/stdin"] if reads else []
    wanted = {edge.id for edge in plan.inputs(attempt.node, taken)}
    read = [f"{INSIDE}/{name}" for edge, name in _input_names(plan, attempt.node) if edge.id in wanted]
    files = [
        f"{INPUTS}/{edge.input}"
        for edge in plan.edges_into[attempt.node]
        if edge.input != STDIN and taken.get(edge.id, False)
    ]
    return [*(read if run.steps[attempt.node].reads_input else ()), *files]


def wiring(plan: Plan, attempt: Attempt, run: RunSpec, taken: Taken, absent: Collection[str]) -> Wiring:
    """What the gate is told. `absent`: nodes that will not run, so nobody may wait for them."""
    step = run.steps[attempt.node]
    wanted = input_names(plan, attempt, run, taken)
    return Wiring(
        inputs=tuple(name.removeprefix(f"{INSIDE}/") for name in wanted if name.startswith(INSIDE)),
        targets=tuple(target for target, _ in targets(plan, attempt.node, run, absent)),
        ports=tuple(f"{OUTPUTS}/{name}" for name in step.outputs),
        take=step.take,
        between=step.between,
    )


def targets(
    plan: Plan, node: str, run: RunSpec, absent: Collection[str] = ()
) -> Iterator[tuple[Target, Edge | None]]:
    """Where the outputs of a node go, and over which pipe; in the order of the meter's bits."""
    names = _pipe_names(plan, node)
    for outlet in outlets(plan, node, run):
        most = 0 if outlet.is_kept else SAMPLE_BYTES
        yield Target(_inside(outlet), outlet.channel, most), None
        for edge in outlet.streams:
            if edge.target not in absent:
                yield Target(names[edge.id], outlet.channel), edge


def kept_bytes(
    plan: Plan, attempt: Attempt, run: RunSpec, attempts: Mapping[str, Attempt], taken: Taken
) -> int:
    """The size of what a node is given in files, when its turn has come."""
    paths: list[Path | None] = [
        data_of(plan, edge, attempts)
        for edge in plan.edges_into.get(attempt.node, ())
        if not plan.is_stream(edge) and taken.get(edge.id, False)
    ]
    if run.steps[attempt.node].reads_input and not plan.edges_into.get(attempt.node):
        paths.append(run.input)
    return sum(size_of(path) or 0 for path in paths if path is not None)


def _inside(outlet: Outlet) -> str:
    """The name of the file that keeps an outlet's bytes, or a sample of them, in the container."""
    if outlet.is_kept:
        return f"output.{outlet.channel}" if outlet.channel else "stdout"
    return f"sample.{outlet.channel}"


def _pipe_names(plan: Plan, node: str) -> dict[str, str]:
    streams = (edge for edge in plan.edges_from.get(node, ()) if plan.is_stream(edge))
    return {edge.id: f"out.{number}" for number, edge in enumerate(streams)}


def _input_names(plan: Plan, node: str) -> list[tuple[Edge, str]]:
    edges = (edge for edge in plan.edges_into.get(node, ()) if edge.input == STDIN)
    return [(edge, f"in.{number}") for number, edge in enumerate(edges)]
