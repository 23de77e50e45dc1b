"""What can be done to runs: start one, stop one, run one again."""

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone

from composer.accounts.models import User
from composer.catalog.selectors import find_versions
from composer.engine.graph import Graph, order
from composer.engine.graph_parse import parse
from composer.engine.spool import Spool
from composer.engine.states import Status
from composer.runs import arming, dispatch, eventlog, hints, keeping
from composer.runs.intake import Given, fill, pieces, store
from composer.runs.journal import run_entry
from composer.runs.models import OVER, ArmedRun, Run, RunEvent, StepRun
from composer.runs.wire import PROGRESS, STEP_STATUS, Entry
from composer.workflows.models import Workflow, WorkflowVersion
from composer.workflows.services import current_version, ensure_runnable, hold

KEY_HOLDS = timedelta(hours=24)


class KeyReused(Exception):
    """The idempotency key came before with another input."""


class NotOver(Exception):
    """The run still works; it can be run again once it is over."""


class NoSuchNode(Exception):
    """The run has no node of that id."""


@dataclass(frozen=True, slots=True)
class _Fresh:
    """A run that is about to be written."""

    id: uuid.UUID
    version: WorkflowVersion
    input: Mapping[str, object] | None
    user: User | None
    key: str = ""
    digest: str = ""
    retry_of: Run | None = None
    kept: Mapping[str, StepRun] | None = None
    armed: ArmedRun | None = None


def create_run(
    workflow: Workflow, *, given: Given | None = None, user: User | None = None, key: str = ""
) -> Run:
    """Starts a run of the workflow as it is now, with the given input or else its own sample.

    With a key, the same request within a day starts nothing and returns the first run.
    Raises what `ensure_runnable` raises, KeyReused, InputTooLarge, SpoolFull, arming.Gone.
    """
    if key and (before := _by_key(workflow, key)) is not None:
        return _same(before, _fingerprint(given))
    ensure_runnable(workflow)
    version = current_version(workflow)
    chosen = given or _sample(workflow)
    armed = arming.take(version, has_input=chosen is not None) if workflow.armed else None
    spool, run_id = Spool(settings.COMPOSER_SPOOL), armed.id if armed else uuid.uuid4()
    digest = ""
    try:
        about, stored = _keep(spool, run_id, chosen, armed)
        digest = stored if given else ""
        return _write(workflow, _Fresh(run_id, version, about, user, key, digest, armed=armed))
    except BaseException as error:
        if armed:
            arming.give_back(armed)
        else:
            spool.remove_run(str(run_id))
        before = _by_key(workflow, key) if key and isinstance(error, IntegrityError) else None
        if before is None:
            raise
        return _same(before, digest)


def _keep(
    spool: Spool, run_id: uuid.UUID, chosen: Given | None, armed: ArmedRun | None
) -> tuple[dict[str, object] | None, str]:
    """Puts the input where the run will read it; returns what is said of it, and its digest."""
    if chosen is None:
        return None, ""
    put = fill if armed else store
    stored = put(spool, run_id, chosen, settings.COMPOSER_INPUT_MAX)
    return {"kind": chosen.kind, "name": chosen.name, "bytes": stored.size}, stored.digest


def cancel_run(run: Run) -> Run:
    """Stops a run: at once where nobody works on it yet, else its worker is told."""
    now = timezone.now()
    begun = StepRun.objects.filter(run=OuterRef("pk")).exclude(claimed_epoch=None)
    unclaimed = Q(~Exists(begun), status=Status.QUEUED.value, started_at=None, owner_instance="")
    with transaction.atomic():
        idle = Run.objects.filter(unclaimed | Q(status=Status.WAITING.value), id=run.id)
        if idle.update(status=Status.CANCELED.value, finished_at=now, cancel_requested_at=now):
            _cancel_steps(run, now)
        else:
            Run.objects.filter(id=run.id, cancel_requested_at=None).exclude(status__in=OVER).update(
                cancel_requested_at=now
            )
        transaction.on_commit(partial(hints.look, str(run.id)))
    run.refresh_from_db()
    return run


def retry_run(run: Run, *, from_node: str | None = None, user: User | None = None) -> Run:
    """A new run of the same version and input. What succeeded and does not follow `from_node` is kept.

    Without a node everything is done again. Raises NotOver, NoSuchNode, SpoolFull.
    """
    if not run.is_repeatable:
        raise NotOver
    graph = parse(run.version.graph)
    if from_node is not None and from_node not in {node.id for node in graph.nodes}:
        raise NoSuchNode(from_node)
    if run.status == Status.WAITING:  # this is the person's decision that it waited for
        run = cancel_run(run)
    if not run.is_over:  # a worker took it at this moment
        raise NotOver
    spool, run_id = Spool(settings.COMPOSER_SPOOL), uuid.uuid4()
    try:
        kept = keeping.keep(spool, run, run_id, graph, from_node)
        fresh = _Fresh(run_id, run.version, run.input, user, retry_of=run, kept=kept)
        return _write(run.workflow, fresh)
    except BaseException:
        spool.remove_run(str(run_id))
        raise


@transaction.atomic
def _write(workflow: Workflow, fresh: _Fresh) -> Run:
    """The run, its steps and its first event, in one transaction; then it is sent.

    Raises IntegrityError where somebody else has used the key.
    """
    hold(workflow)  # so that nobody else counts on from the same number
    last = Run.objects.filter(workflow=workflow).aggregate(last=Max("number"))["last"] or 0
    now = timezone.now()
    run = Run.objects.create(
        id=fresh.id,
        workspace_id=workflow.workspace_id,
        workflow=workflow,
        version=fresh.version,
        number=last + 1,
        input=fresh.input,
        started_by=fresh.user,
        retry_of=fresh.retry_of,
        idempotency_key=fresh.key,
        request_hash=fresh.digest,
        sent_at=now,
    )
    StepRun.objects.bulk_create(_steps(run, workflow, parse(fresh.version.graph), fresh.kept or {}))
    eventlog.append(run.id, [run_entry(Status.QUEUED)], now)
    run.last_seq = 1
    if fresh.armed:
        arming.use_up(fresh.armed)
    transaction.on_commit(partial(dispatch.send, run.id, fresh.armed.instance if fresh.armed else ""))
    return run


def _steps(run: Run, workflow: Workflow, graph: Graph, kept: Mapping[str, StepRun]) -> Iterable[StepRun]:
    nodes = {node.id: node for node in graph.nodes}
    found = find_versions(workflow.workspace, [(node.step, node.version) for node in graph.nodes])
    for place, node_id in enumerate(order(graph)):
        node = nodes[node_id]
        version = found.get((node.step, node.version))
        if version is None:
            raise NoSuchNode(node_id)  # ensure_runnable has looked; it vanished this moment
        title = node.title or str(version.manifest["title"])
        step = StepRun(run=run, node=node_id, place=place, title=title, step_version=version)
        if before := kept.get(node_id):
            keeping.carry_over(before, step)
        yield step


def _cancel_steps(run: Run, now: datetime) -> None:
    steps = StepRun.objects.filter(run=run).exclude(status__in=OVER)
    entries = [
        Entry(
            STEP_STATUS,
            node,
            {"status": Status.CANCELED.value, "attempt": attempt, "exit_code": None, "error": None},
        )
        for node, attempt in steps.values_list("node", "attempt")
    ]
    steps.update(status=Status.CANCELED.value, finished_at=now)
    RunEvent.objects.filter(run=run, type=PROGRESS).delete()
    eventlog.append(run.id, [*entries, run_entry(Status.CANCELED)], now)


def _sample(workflow: Workflow) -> Given | None:
    about = workflow.input
    sample = about.get("sample")
    if about.get("kind", "none") == "none" or sample is None:
        return None
    return Given("sample", str(about.get("name") or ""), pieces(sample))


def _by_key(workflow: Workflow, key: str) -> Run | None:
    """The run of that key; a key that is older than a day is forgotten."""
    runs = Run.objects.filter(workflow=workflow, idempotency_key=key)
    runs.filter(created_at__lt=timezone.now() - KEY_HOLDS).update(idempotency_key="")
    return runs.first()


def _same(run: Run, digest: str) -> Run:
    if run.request_hash != digest:
        raise KeyReused
    return run


def _fingerprint(given: Given | None) -> str:
    if given is None:
        return ""
    fingerprint = hashlib.sha256()
    for chunk in given.chunks:
        fingerprint.update(chunk)
    return fingerprint.hexdigest()
