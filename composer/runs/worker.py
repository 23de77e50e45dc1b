"""One worker process: its name, the runs that it holds, and the thread that keeps them honest.

The supervision thread has its own database connection. It renews all leases in one statement,
hears of cancel requests and of leases that were lost, and tells the runs through their inboxes.
"""

import logging
import threading
import uuid
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.db import DatabaseError, connection

from composer.engine.docker_engine import DockerEngine
from composer.engine.docker_paths import HostPaths
from composer.engine.errors import EngineAway
from composer.engine.gate import build
from composer.engine.ports import Inbox
from composer.engine.spool import Spool
from composer.engine.workshop import Workshop
from composer.runs import leases, liveness, reconcile, sweeping
from composer.runs.armory import Armory

log = logging.getLogger(__name__)

TICK = 0.25  # seconds between looks for cancel requests
GRAVES_EVERY = 1.0  # seconds between looks for dead workers of this host
# Beat has workers reconcile every 5 s and sweep every 30 s, but its messages wait behind long runs: then
# this thread does the one, and has another thread do the other.
RECONCILE_AT_LEAST_EVERY = 7.0
SWEEP_AT_LEAST_EVERY = 60.0


class Worker:
    """What all runs of this process share."""

    def __init__(self, spool: Path) -> None:
        self.spool = spool
        self.life = liveness.Life(spool)
        self.reconciled_at = self.swept_at = 0.0  # by `leases.clock`
        self._held: dict[uuid.UUID, tuple[int, Inbox]] = {}
        self._lock = threading.Lock()
        self._engine = DockerEngine(host_paths=host_paths(spool))
        self._workshop: Workshop | None = None
        self._leaving = threading.Event()
        self._closing = threading.Event()
        self.armory = Armory(spool, self.life.instance)
        self._renewed_at = self._renew_due = self._graves_due = 0.0
        self._supervisor = threading.Thread(target=self._supervise, name="run-supervision", daemon=True)

    @property
    def instance(self) -> str:
        """This process's name as an owner of runs."""
        return self.life.instance

    @property
    def is_leaving(self) -> bool:
        """True once the process is to end: it takes no more runs."""
        return self._leaving.is_set()

    @property
    def workshop(self) -> Workshop:
        """Made at the first need."""
        with self._lock:
            if self._workshop is None:
                self._workshop = self._make_workshop()
            return self._workshop

    def start(self) -> None:
        """Begins to supervise; takes over what dead workers left."""
        self._renewed_at = self.swept_at = leases.clock()
        self._supervisor.start()

    def leave(self) -> None:
        """The process is to end: every run is left to the next worker, its containers running."""
        self._leaving.set()

    def close(self) -> None:
        """Gives everything back, once no run is held any more."""
        self.leave()
        self._closing.set()
        if self._supervisor.is_alive():
            self._supervisor.join()
        self.armory.close()
        if self._workshop is not None:
            self._workshop.close()
            self._engine.close()
        self.life.end()

    def hold(self, run_id: uuid.UUID, epoch: int, inbox: Inbox) -> Inbox:
        """Supervises a run that was just claimed; word from outside comes into the inbox."""
        with self._lock:
            before = self._held.get(run_id)
            self._held[run_id] = (epoch, inbox)
        if before is not None:  # its lease ran out, and another thread of this process was the quickest
            before[1].lose_lease()
        if self.is_leaving:
            inbox.leave()
        return inbox

    def let_go(self, run_id: uuid.UUID, epoch: int, inbox: Inbox) -> None:
        """The run is over, or no longer this worker's in that epoch."""
        with self._lock:
            if self._held.get(run_id) == (epoch, inbox):
                del self._held[run_id]
            inbox.close()

    def renew(self) -> None:
        """Prolongs the leases of all runs that are held here."""
        now = leases.clock()
        with self._lock:
            mine = list(self._held)
        leases.renew(self.instance, mine)
        self.life.touch()
        self._renewed_at, self._renew_due = now, now + leases.RENEW_EVERY

    def _make_workshop(self) -> Workshop:
        if not settings.COMPOSER_GATE.exists():
            build.build(settings.COMPOSER_GATE)
        return Workshop(
            containers=self._engine,
            spool=Spool(self.spool),
            gate=settings.COMPOSER_GATE,
            installation=settings.COMPOSER_INSTALLATION,
            instance=self.instance,
            carrier=settings.COMPOSER_CARRIER,
        )

    def _supervise(self) -> None:
        try:
            while not self._closing.is_set():
                try:
                    self._tick(leases.clock())
                except DatabaseError:
                    log.exception("The database did not answer the supervision of runs")
                    connection.close()
                except Exception:
                    log.exception("The supervision of runs met a fault")
                self._be_honest()
                (self._closing if self.is_leaving else self._leaving).wait(TICK)
        finally:
            connection.close()

    def _tick(self, now: float) -> None:
        if now >= self._renew_due:
            self.renew()
        self._bring_word()
        if self.is_leaving:
            return
        self._tend_armory(now)
        if now >= self._graves_due:
            self._graves_due = now + GRAVES_EVERY
            overdue = now - self.reconciled_at > RECONCILE_AT_LEAST_EVERY
            if overdue or liveness.dead_instances(self.spool):
                self.reconciled_at = now
                reconcile.reconcile(self.spool)
        if now - self.swept_at > SWEEP_AT_LEAST_EVERY:
            self.swept_at = now
            threading.Thread(target=self._sweep, name="sweeper", daemon=True).start()

    def _sweep(self) -> None:
        try:
            sweeping.sweep(self)
        except Exception:
            log.exception("The sweeper met a fault")
        finally:
            connection.close()

    def _tend_armory(self, now: float) -> None:
        try:
            self.armory.tend(self.workshop, now)
        except EngineAway as error:
            log.warning("Nothing can be kept ready: %s", error)

    def _bring_word(self) -> None:
        """Tells each run what has happened to it outside."""
        with self._lock:
            mine = dict(self._held)
        known = leases.held(mine) if mine else {}
        with self._lock:  # an inbox is closed under this lock, so what is in `_held` is open
            for run_id in mine.keys() & self._held.keys():
                epoch, inbox = self._held[run_id]
                row = known.get(run_id)
                if mine[run_id][0] != epoch:
                    continue  # given back and claimed anew since
                if row is None or (row.epoch, row.owner) != (epoch, self.instance):
                    inbox.lose_lease()
                elif row.cancel_requested and not inbox.canceled.is_set():
                    inbox.cancel()
                if self.is_leaving and not inbox.leaving.is_set():
                    inbox.leave()

    def _be_honest(self) -> None:
        """Where renewing fails, every run counts as lost before its lease can run out."""
        if leases.clock() - self._renewed_at < leases.HONEST_FOR:
            return
        with self._lock:
            for _, inbox in self._held.values():
                inbox.lose_lease()


def host_paths(spool: Path) -> HostPaths | None:
    """Where the spool lies on the engine's host, if somebody said so; else the engine is asked."""
    given = settings.COMPOSER_SPOOL_ON_ENGINE
    return {PurePosixPath(spool): PurePosixPath(given)} if given else None


_current: Worker | None = None


def current() -> Worker:
    """This process's worker; started at the first need."""
    global _current  # noqa: PLW0603 - one per process
    if _current is None:
        _current = Worker(settings.COMPOSER_SPOOL)
        _current.start()
    return _current


def leave() -> None:
    """This process is to end: its runs are left to the next worker."""
    if _current is not None:
        _current.leave()


def retire() -> None:
    """Ends this process's worker, if it has one."""
    global _current
    worker, _current = _current, None
    if worker is not None:
        worker.close()
