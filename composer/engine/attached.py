"""The carrier for a container engine that shares no files with the worker.

The gate is copied into the container, the worker is attached before the container starts, and a
thread per container carries: inputs in, the message, output and log back, and at the end what the
gate wrote down. In the spool it leaves what a gate that shares files would have left there.

Nothing of this goes on without the worker. Where it dies, the attempt is lost.
"""

import threading
from dataclasses import replace

from composer.engine.attempt import Attempt
from composer.engine.errors import CommandRefused, GateLost, NoRoom
from composer.engine.failures import DISK_FULL, is_no_room
from composer.engine.gate.gate import Order
from composer.engine.layout import Layout
from composer.engine.ports import AttachableEngine, ContainerSpec
from composer.engine.pump import Pump
from composer.engine.sources import ensure_ours

LABEL = "composer.carrier"  # on containers that mean nothing without their worker
ATTACH = "attach"


class Attached:
    """See carriers.Carrier."""

    streams = False
    joins_network = False

    def __init__(self, containers: AttachableEngine) -> None:
        self._containers = containers
        self._pumps: dict[str, Pump] = {}
        self._lock = threading.Lock()

    def start(self, attempt: Attempt, spec: ContainerSpec) -> str:
        """See carriers.Carrier."""
        ensure_ours(spec.mounts)
        layout = Layout.of(spec.mounts)
        attached = replace(
            spec,
            mounts=(),
            volumes=layout.volumes,
            is_attached=True,
            labels={**spec.labels, LABEL: ATTACH},
        )
        try:
            container, line = self._containers.start_attached(attached, layout.entries)
        except OSError as error:
            if is_no_room(error):
                raise NoRoom(DISK_FULL, str(error)) from error
            words = "The container engine did not take what the step's container needs."
            raise CommandRefused(words, str(error)) from error
        try:
            pump = Pump(self._containers, container, line, attempt, layout, self._forget)
        except OSError:  # the files of the run were removed meanwhile
            line.close()
            self._containers.remove(container)
            raise
        with self._lock:
            self._pumps[container] = pump
        pump.start()
        return container

    def open(self, attempt: Attempt, order: Order) -> None:
        """See carriers.Carrier. The pump does it; its end tells whether that went well."""
        with self._lock:
            pump = self._pumps.get(attempt.container or "")
            if pump is None:
                raise GateLost("its container is gone")
            pump.open(order)

    def is_busy(self, container: str) -> bool:
        """See carriers.Carrier."""
        with self._lock:
            return container in self._pumps

    def _forget(self, pump: Pump) -> None:
        with self._lock:
            del self._pumps[pump.container]
            pump.close()
