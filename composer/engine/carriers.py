"""How the worker and the gates of its steps reach each other.

Where worker and container engine see the same disk they share single files and FIFOs, and nothing
stands between two steps but the kernel (`SharedFiles`). Elsewhere the worker is attached to every
container and carries the bytes itself (`Attached`, in attached.py). Which of the two it is, is
found out once in a worker, by trying.
"""

import logging
import os
import select
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Protocol

from composer.engine.attached import ATTACH, LABEL, Attached
from composer.engine.attempt import Attempt
from composer.engine.errors import CommandRefused, GateLost
from composer.engine.gate.gate import Order, open_gate, read_ended, watch
from composer.engine.ports import AttachableEngine, ContainerEngine, ContainerSpec, Limits, Mount
from composer.engine.spool import INSIDE, AttemptFiles, Spool

log = logging.getLogger(__name__)

Wanted = Literal["auto", "files", "attach"]

PROBE_SECONDS = 5.0  # in which a gate takes its message, and comes to its end
_PROBE_LIMITS = Limits(memory=8 * 1024 * 1024, pids=8)


class Carrier(Protocol):
    """Makes the containers of attempts and opens their gates. Thread-safe.

    However it does that: the attempt's files in the spool say how far the step is and how it ended,
    and their `alive` hangs up when there is nothing more to come.
    """

    @property
    def streams(self) -> bool:
        """Whether one step can read what another one is still writing."""

    @property
    def joins_network(self) -> bool:
        """Whether containers of one run share an empty network namespace."""

    def start(self, attempt: Attempt, spec: ContainerSpec) -> str:
        """Makes the container, waiting at its gate. Raises StepError, EngineAway."""

    def open(self, attempt: Attempt, order: Order) -> None:
        """Hands the order over; does not wait for long. Raises GateLost."""

    def is_busy(self, container: str) -> bool:
        """Whether something of this container is still being brought in, so that its end is not known."""


class SharedFiles:
    """The container sees the attempt's own files; the gate needs no worker once it is open."""

    streams = True
    joins_network = True

    def __init__(self, containers: ContainerEngine) -> None:
        self._containers = containers

    def start(self, attempt: Attempt, spec: ContainerSpec) -> str:
        """See Carrier."""
        return self._containers.start(spec)

    def open(self, attempt: Attempt, order: Order) -> None:
        """See Carrier."""
        open_gate(attempt.files, order)

    def is_busy(self, container: str) -> bool:
        """See Carrier. The gate brings everything in by itself."""
        return False


def choose(
    wanted: Wanted, containers: ContainerEngine, spool: Spool, gate: Path, labels: Mapping[str, str]
) -> Carrier:
    """The carrier that works here, or the one that is wanted. Raises EngineAway, NotOurs."""
    if wanted == "files" or not isinstance(containers, AttachableEngine):
        return SharedFiles(containers)
    if wanted == "attach" or not shares_files(containers, spool, gate, labels):
        return Attached(containers)
    return SharedFiles(containers)


def outlives_worker(labels: Mapping[str, str]) -> bool:
    """Whether a container goes on to a known end without the worker that made it."""
    return labels.get(LABEL) != ATTACH


def shares_files(containers: AttachableEngine, spool: Spool, gate: Path, labels: Mapping[str, str]) -> bool:
    """Tries it: whether a gate in a container takes its message from the spool and leaves its end there.

    A mount alone would prove little: there are engines that show a file of this machine, and of a
    FIFO only its name. Raises EngineAway, NotOurs.
    """
    name = f"probe-{uuid.uuid4().hex}"
    files = spool.attempt(name, "probe", 1)
    files.create()
    try:
        container = containers.start(_probe(containers.holder_image(), files, gate, labels))
    except CommandRefused as refusal:
        log.info("The container engine does not see the spool: %s", refusal.failure.detail)
        return False
    else:
        try:
            return _comes_to_its_end(files)
        finally:
            containers.remove(container)
    finally:
        spool.remove_run(name)


def _probe(image: str, files: AttemptFiles, gate: Path, labels: Mapping[str, str]) -> ContainerSpec:
    return ContainerSpec(
        image=image,
        arguments=("/there/is/no/such/program",),
        mounts=files.mounts(gate, [Mount(files.stdout, f"{INSIDE}/stdout")]),
        labels={**labels, "composer.role": "holder"},  # so it is swept like one
        limits=_PROBE_LIMITS,
        network="none",
        user="65534:65534",
        writable=False,
    )


def _comes_to_its_end(files: AttemptFiles) -> bool:
    fd = watch(files)
    try:
        open_gate(files, Order(environment={}, seconds=1, output=0), PROBE_SECONDS)
        poller = select.poll()
        poller.register(fd, 0)  # a hang-up is always told
        poller.poll(PROBE_SECONDS * 1000)
    except GateLost as error:
        log.info("The container engine sees files of the spool, but no FIFO of it: %s", error)
        return False
    finally:
        os.close(fd)
    return read_ended(files) is not None
