"""Run -> the engine's RunSpec: manifests and settings become images, environments and limits.

Secrets are decrypted here, in the worker, and nowhere else.
"""

from collections.abc import Mapping

from django.conf import settings

from composer.accounts.selectors import connection_secret
from composer.catalog.environment import environment
from composer.catalog.manifest import Manifest
from composer.catalog.models import StepVersion
from composer.catalog.registries import registry_of
from composer.catalog.selectors import manifest_of
from composer.engine.errors import EnvironmentRefused
from composer.engine.events import Failure
from composer.engine.files import size_of
from composer.engine.graph import Node, order
from composer.engine.graph_parse import parse
from composer.engine.ports import Limits, RunSpec, StepRecord, StepSpec
from composer.engine.spool import Spool
from composer.engine.states import Status
from composer.engine.values import parse_size
from composer.runs.models import Run, StepRun


class Unresolvable(Exception):
    """The run cannot be executed as it is; `failure` says why, `node` where."""

    def __init__(self, node: str | None, failure: Failure) -> None:
        super().__init__(failure.message)
        self.node = node
        self.failure = failure


def resolve(run: Run, spool: Spool) -> RunSpec:
    """All that the engine needs to know. Raises Unresolvable."""
    steps = run.steps.select_related("step_version__step")
    return resolve_with(run, {step.node: step.step_version for step in steps}, spool)


def resolve_with(run: Run, versions: Mapping[str, StepVersion], spool: Spool) -> RunSpec:
    """The same for a run that may not be written yet. Raises Unresolvable."""
    graph = parse(run.version.graph)
    place = {node: number for number, node in enumerate(order(graph))}
    given = spool.input(str(run.id))
    there = size_of(given)
    if run.input is not None and (there is None or there < run.input["bytes"]):
        words = "What it was given to read is no longer all there. Start it anew, with its input."
        raise Unresolvable(None, Failure("input", words))
    return RunSpec(
        id=str(run.id),
        workspace=str(run.workspace_id),
        steps={node.id: _step(node, versions[node.id], run, place[node.id]) for node in graph.nodes},
        edges=graph.edges,
        joins={node.id: node.join for node in graph.nodes},
        input=given if there is not None else None,
        status=Status(run.status),
        taken_over=run.epoch > 1,
    )


def records(run: Run) -> dict[str, StepRecord]:
    """Where each node stands, for a worker that takes the run."""
    rows = StepRun.objects.filter(run=run).values_list(
        "node", "status", "attempt", "claimed_epoch", "exit_code"
    )
    return {
        node: StepRecord(Status(status), attempt, claimed=epoch is not None, exit_code=code)
        for node, status, attempt, epoch, code in rows
    }


def _step(node: Node, version: StepVersion, run: Run, place: int) -> StepSpec:
    manifest = manifest_of(version)
    try:
        values = environment(manifest, node.params)
        if manifest.dray:
            values = values | _told_by_dray(run, node.title or manifest.title, place)
    except EnvironmentRefused as refused:
        raise Unresolvable(node.id, refused.failure) from refused
    image = manifest.image or ""
    built_in = version.step.is_built_in
    if version.image_digest and not built_in:
        # Built-in images are made on each machine from the same files: there the name is the pin.
        image = version.image_digest
    return StepSpec(
        image=image,
        title=node.title or manifest.title,
        entrypoint=manifest.entrypoint,
        command=manifest.command,
        environment=values,
        secrets=_secrets(node, manifest, run),
        user=manifest.user,
        writable=manifest.writable,
        network="internet" if manifest.network == "internet" else "none",
        limits=_limits(node, manifest),
        reads_input=manifest.takes != "nothing",
        repeatable=manifest.repeatable,
        gives=manifest.gives,
        outputs={port.name: port.data for port in manifest.outputs},
        take=manifest.output,
        between=(manifest.begin, manifest.end) if manifest.begin and manifest.end else None,
        may_pull=not built_in and registry_of(image) in settings.COMPOSER_ALLOWED_REGISTRIES,
    )


def _told_by_dray(run: Run, title: str, place: int) -> dict[str, str]:
    """What Dray told its containers (github.com/CenturyLinkLabs/dray, README); it counted from 0."""
    return {
        "DRAY_JOB_ID": str(run.id),
        "DRAY_JOB_NAME": run.workflow.name,
        "DRAY_CURRENT_STEP_INDEX": str(place),
        "DRAY_CURRENT_STEP_NAME": title,
    }


def _secrets(node: Node, manifest: Manifest, run: Run) -> dict[str, str]:
    found = {}
    for secret in manifest.secrets:
        chosen = node.connections.get(secret.name)
        value = connection_secret(run.workspace, chosen) if chosen else None
        if value is None:
            message = f"It needs “{secret.title or secret.name}”, and no connection is chosen for it."
            raise Unresolvable(node.id, Failure("environment", message))
        found[secret.name] = value
    return found


def _limits(node: Node, manifest: Manifest) -> Limits:
    most, own = manifest.limits, node.limits
    return Limits(
        memory=parse_size(own.get("memory")) or most.memory,
        cpus=float(own.get("cpus") or most.cpus),
        seconds=float(own.get("seconds") or most.seconds),
        output=parse_size(own.get("output")) or most.output,
    )
