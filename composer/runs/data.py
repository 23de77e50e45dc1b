"""Which file of the spool is meant: the input, output or log of a step, the input or output of a run."""

import re
from dataclasses import dataclass
from pathlib import Path

from composer.engine.graph import STDOUT
from composer.engine.spool import Spool
from composer.runs import selectors
from composer.runs.models import OVER, Run, StepRun

PORTS = ("output", "input", "log")


class SeveralInputs(Exception):
    """More than one pipe led into the step, so “the input” is not one thing."""

    def __init__(self, edges: list[str]) -> None:
        super().__init__(", ".join(edges))
        self.edges = edges


class SeveralEnds(Exception):
    """More than one of the last steps ran, so “the output” is not one thing."""

    def __init__(self, nodes: list[str]) -> None:
        super().__init__(", ".join(nodes))
        self.nodes = nodes


@dataclass(frozen=True, slots=True)
class Data:
    """A file with bytes of a run, and what is known of them."""

    path: Path
    gives: str
    name: str
    complete: bool
    is_sample: bool = False  # it streamed on and was not kept; these are its first bytes


def of_step(spool: Spool, run: Run, node: str, port: str, which: str = "") -> Data | None:
    """What went into or came out of a step; None where it never ran or there is no such step.

    `which` names one of several outputs, or for an input the pipe. Raises SeveralInputs.
    """
    step = run.steps.select_related("step_version").filter(node=node).first()
    if step is None:
        return None
    if port == "input":
        return _input_of(spool, run, node, which)
    if step.started_at is None:
        return None
    if port == "log":
        files = spool.attempt(str(run.id), node, step.attempt)
        return Data(files.log, "text", _name(run, step, port), step.status in OVER)
    return _output_of(spool, run, step, which or STDOUT)


def _input_of(spool: Spool, run: Run, node: str, edge_id: str) -> Data | None:
    edges = selectors.pipes_into(run, node)
    if not edges:
        return None if edge_id else run_input(spool, run)
    chosen = [edge for edge in edges if edge.id == edge_id] if edge_id else edges
    if len(chosen) > 1:
        raise SeveralInputs([edge.id for edge in chosen])
    if not chosen:
        return None
    which = "" if chosen[0].output == STDOUT else chosen[0].output
    return of_step(spool, run, chosen[0].source, "output", which)


def _output_of(spool: Spool, run: Run, step: StepRun, output: str) -> Data | None:
    manifest = step.step_version.manifest
    further = {str(port["name"]): str(port["gives"]) for port in manifest.get("outputs", [])}
    if output != STDOUT and output not in further:
        return None
    files = spool.attempt(str(run.id), step.node, step.attempt)
    gives = str(manifest.get("gives", "any")) if output == STDOUT else further[output]
    kept, sample = files.output(output), files.sample(output)
    is_sample = sample.exists() and not kept.exists()
    name = _name(run, step, "output" if output == STDOUT else output)
    return Data(sample if is_sample else kept, gives, name, step.status in OVER, is_sample)


def run_input(spool: Spool, run: Run) -> Data | None:
    """What the run was given at its start."""
    if run.input is None:
        return None
    name = str(run.input.get("name", ""))
    given = Path(name).suffix.lower().lstrip(".")
    named = {"csv": "csv", "json": "json", "jsonl": "jsonl", "html": "html", "txt": "text"}.get(given)
    gives = named or _taken_by_readers(run)
    return Data(spool.input(str(run.id)), gives, _name(run, None, "input"), complete=True)


def _taken_by_readers(run: Run) -> str:
    """What a typed text is, as its name does not tell: what the steps take that read it, if they agree."""
    readers = selectors.first_nodes(run)
    steps = run.steps.select_related("step_version").filter(node__in=readers)
    taken = {str(step.step_version.manifest.get("takes", "any")) for step in steps} - {"nothing"}
    return taken.pop() if len(taken) == 1 else "any"


def run_output(spool: Spool, run: Run) -> Data | None:
    """The output of the node nothing follows; of several, of the one that ran. Raises SeveralEnds."""
    ends = selectors.last_nodes(run)
    ran = [step.node for step in run.steps.all() if step.node in ends and step.started_at is not None]
    if len(ran) > 1:
        raise SeveralEnds(ran)
    return of_step(spool, run, ran[0], "output") if ran else None


def _name(run: Run, step: StepRun | None, port: str) -> str:
    """A file name that a person finds again: workflow, number of the run, step."""
    parts = [run.workflow.name, str(run.number)]
    if step is not None:
        parts.append(step.title)
    if port != "output":
        parts.append(port)
    plain = (re.sub(r"[^\w.-]+", "-", part).strip("-.")[:60] for part in parts)
    return "-".join(part for part in plain if part)
