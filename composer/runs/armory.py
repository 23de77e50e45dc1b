"""What one worker keeps ready: the waiting runs of armed workflows, made, renewed and given up in time."""

import logging
import threading
import uuid
from pathlib import Path

from django.conf import settings

from composer.catalog.selectors import find_versions
from composer.engine.arming import State, WaitingRun
from composer.engine.errors import EngineAway
from composer.engine.graph import GraphError
from composer.engine.graph_parse import parse
from composer.engine.spool import Spool
from composer.engine.workshop import Workshop
from composer.runs import arming, leases
from composer.runs.models import ArmedRun, Run
from composer.runs.resolve import Unresolvable, resolve_with
from composer.web.problems import Conflict, Refused
from composer.workflows.models import Workflow, WorkflowVersion
from composer.workflows.services import current_version, ensure_runnable

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds
REST = 60.0  # seconds before a workflow that could not be prepared is tried again


class Armory:
    """Belongs to a worker; its supervision thread tends it, run threads take from it."""

    def __init__(self, spool: Path, instance: str) -> None:
        self._spool = Spool(spool)
        self._instance = instance
        self._waiting: dict[uuid.UUID, WaitingRun] = {}
        self._sizes: dict[uuid.UUID, int] = {}
        self._announced: set[uuid.UUID] = set()
        self._resting: dict[uuid.UUID, float] = {}  # by workflow: until when
        self._lock = threading.Lock()
        self._look_due = self._sign_due = 0.0

    def take(self, run_id: uuid.UUID) -> WaitingRun | None:
        """What was prepared for this run, if anything; it is the caller's from now on."""
        with self._lock:
            self._announced.discard(run_id)
            self._sizes.pop(run_id, None)
            return self._waiting.pop(run_id, None)

    def tend(self, workshop: Workshop, now: float) -> None:
        """Goes on preparing what is not ready; now and then looks what there should be."""
        for run_id, waiting in list(self._waiting.items()):
            self._tend_one(run_id, waiting)
        if now >= self._sign_due:
            self._sign_due = now + arming.SEEN_EVERY
            if self._waiting:
                arming.sign_of_life(self._instance)
        if now >= self._look_due:
            self._look_due = now + LOOK_EVERY
            self._match(workshop, now)

    def close(self) -> None:
        """The worker ends: what it kept ready goes with it."""
        for run_id in list(self._waiting):
            is_taken = not arming.let_go(run_id, self._instance)
            self._discard(run_id, keep_files=is_taken)  # its run is being written, and reads its input there

    def _tend_one(self, run_id: uuid.UUID, waiting: WaitingRun) -> None:
        with self._lock:
            if run_id not in self._waiting:
                return  # its run has begun
            state = waiting.tend()
        if state is State.READY and run_id not in self._announced:
            self._announced.add(run_id)
            arming.ready(run_id)
        elif state is State.BROKEN:
            row = ArmedRun.objects.filter(id=run_id).first()
            if row is not None:
                self._resting[row.workflow_id] = leases.clock() + REST
            self._give_up(run_id)

    def _match(self, workshop: Workshop, now: float) -> None:
        """Gives up what is no longer wanted, and begins to prepare what is missing."""
        workflows = {workflow.id: workflow for workflow in arming.armed_workflows()}
        versions = {key: self._version(workflow, now) for key, workflow in workflows.items()}
        rows = {row.id: row for row in ArmedRun.objects.filter(instance=self._instance)}
        for run_id in list(self._waiting):
            row = rows.get(run_id)
            if row is None:
                if not Run.objects.filter(id=run_id, owner_instance="", started_at=None).exists():
                    self._discard(run_id)  # its run is another worker's, or over
            elif not arming.is_current(row, workflows.get(row.workflow_id), versions.get(row.workflow_id)):
                self._give_up(run_id)
        for run_id in rows.keys() - self._waiting.keys():
            arming.let_go(run_id, self._instance)
        for key, workflow in workflows.items():
            version = versions[key]
            if version is not None:
                self._arm(workflow, version, workshop)

    def _version(self, workflow: Workflow, now: float) -> WorkflowVersion | None:
        """What its next run would be; None where it cannot be run."""
        if self._resting.get(workflow.id, 0) > now:
            return None
        try:
            newest = workflow.versions.first()
            if newest is None or newest.graph != workflow.graph:
                ensure_runnable(workflow)
                newest = current_version(workflow)
        except (Refused, Conflict, GraphError):
            self._resting[workflow.id] = now + REST / 10
            return None
        else:
            return newest

    def _arm(self, workflow: Workflow, version: WorkflowVersion, workshop: Workshop) -> None:
        size = arming.cost(len(version.graph["nodes"]))
        for slot in arming.free_slots(workflow):
            if sum(self._sizes.values()) + size > settings.COMPOSER_ARMED_MEMORY:
                return
            has_input = arming.takes_input(workflow)
            row = arming.hold_slot(version, slot, self._instance, has_input=has_input)
            if row is not None:
                self._begin(row, workflow, size, workshop)

    def _begin(self, row: ArmedRun, workflow: Workflow, size: int, workshop: Workshop) -> None:
        graph = parse(row.version.graph)
        found = find_versions(workflow.workspace, [(node.step, node.version) for node in graph.nodes])
        versions = {node.id: found[node.step, node.version] for node in graph.nodes}
        run = Run(id=row.id, workspace=workflow.workspace, workflow=workflow, version=row.version)
        given = self._spool.input(str(row.id))
        given.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if row.has_input:
            given.touch(mode=0o644, exist_ok=False)
        try:
            waiting = WaitingRun(resolve_with(run, versions, self._spool), workshop)
        except (Unresolvable, EngineAway) as problem:
            log.info("Workflow %s cannot be kept ready: %s", workflow.id, problem)
            self._resting[workflow.id] = leases.clock() + REST
            arming.let_go(row.id, self._instance)
            self._spool.remove_run(str(row.id))
            return
        with self._lock:
            self._waiting[row.id] = waiting
            self._sizes[row.id] = size

    def _give_up(self, run_id: uuid.UUID) -> None:
        """Unless it was just taken: then its run will come for it."""
        if arming.let_go(run_id, self._instance):
            self._discard(run_id)

    def _discard(self, run_id: uuid.UUID, *, keep_files: bool = False) -> None:
        waiting = self.take(run_id)
        if waiting is None:
            return
        waiting.give_up()
        if not keep_files and not Run.objects.filter(id=run_id).exists():
            self._spool.remove_run(str(run_id))
