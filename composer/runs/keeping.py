"""What a run that is run again keeps of the run before: outputs that would come out the same."""

import os
import shutil
import uuid
from pathlib import Path

from composer.engine.files import size_of
from composer.engine.graph import STDOUT, Edge, Graph
from composer.engine.spool import Spool
from composer.engine.states import Status
from composer.runs.intake import SpoolFull
from composer.runs.models import Run, StepRun

_CARRIED = ("status", "exit_code", "ways", "bytes_in", "bytes_out", "started_at", "finished_at")


def keep(
    spool: Spool, run: Run, new_id: uuid.UUID, graph: Graph, from_node: str | None
) -> dict[str, StepRun]:
    """Links the input and the outputs to be kept into the new run's folder; returns the steps kept.

    Raises SpoolFull.
    """
    try:
        return _keep(spool, run, new_id, graph, from_node)
    except OSError as error:
        raise SpoolFull from error


def _keep(
    spool: Spool, run: Run, new_id: uuid.UUID, graph: Graph, from_node: str | None
) -> dict[str, StepRun]:
    old, new = str(run.id), str(new_id)
    target = spool.input(new)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if spool.input(old).exists():
        _link(spool.input(old), target)
    kept = {}
    for step in _reusable(spool, run, graph, from_node) if from_node is not None else []:
        before = spool.attempt(old, step.node, step.attempt)
        after = spool.attempt(new, step.node, 1)
        after.folder.mkdir(mode=0o700, parents=True)
        for name in _data_of(before.folder):
            _link(before.folder / name, after.folder / name)
        kept[step.node] = step
    return kept


def carry_over(before: StepRun, after: StepRun) -> None:
    """The step counts as done in the new run, with the figures of the old one."""
    for name in _CARRIED:
        setattr(after, name, getattr(before, name))
    after.note = "Kept from the run before"


def _reusable(spool: Spool, run: Run, graph: Graph, from_node: str | None) -> list[StepRun]:
    """Steps that succeeded, follow nothing that is done again, and kept what is read again."""
    steps = {step.node: step for step in run.steps.all()}
    done = {node for node, step in steps.items() if step.status == Status.SUCCEEDED}
    there = {node for node in done if spool.attempt(str(run.id), node, steps[node].attempt).exists()}
    again = {node for node in steps if node not in there or node == from_node}
    found = -1
    while len(again) != found:
        found = len(again)
        for edge in graph.edges:
            if edge.source in again:
                again.add(edge.target)
            elif edge.target in again and not _kept(spool, run, steps[edge.source], edge):
                again.add(edge.source)
    return [step for node, step in steps.items() if node not in again]


def _kept(spool: Spool, run: Run, step: StepRun, edge: Edge) -> bool:
    """Whether what goes along this pipe is there; of standard output it is known whether all of it is."""
    there = size_of(spool.attempt(str(run.id), step.node, step.attempt).output(edge.output))
    wrote = step.bytes_out if edge.output == STDOUT else None
    return there is not None and there >= (wrote or 0)


def _data_of(folder: Path) -> list[str]:
    """The outputs and the log of an attempt; nothing of what its gate needed."""
    names = (path.name for path in folder.iterdir() if path.is_file() and not path.is_symlink())
    return [name for name in names if name in ("stdout", "log") or name.startswith("output.")]


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except FileNotFoundError:
        raise
    except OSError:  # another file system, or one without hard links
        shutil.copyfile(source, target, follow_symlinks=False)
        target.chmod(source.stat().st_mode & 0o777)
