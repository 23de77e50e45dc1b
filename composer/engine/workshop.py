"""What all runs of one worker process share: the engine, the spool, threads that prepare, holders."""

import threading
import time
from collections.abc import Collection, Mapping
from functools import partial
from pathlib import Path

from composer.engine.carriers import Carrier, Wanted, choose
from composer.engine.docker_engine import HOLDER_IMAGE
from composer.engine.errors import EngineAway, NotOurs
from composer.engine.fetches import Fetches
from composer.engine.holders import HolderPool
from composer.engine.jobs import Jobs
from composer.engine.ports import ContainerEngine, Image, Mount, RunSpec
from composer.engine.spool import Spool
from composer.engine.streams import NO_FILES

IMAGE_KEPT = 30.0  # seconds for which an image's description is believed
REST = 0.3  # seconds before the engine clears up behind a step: the next one starts meanwhile
REMOVAL_SLACK = 2.0  # seconds by which a removal may wait behind preparations
BACK_OFF = (0.2, 0.5, 1.0, 2.0, 5.0)
LOOK_AGAIN, CLEAN_LOOKS = 0.05, 200  # seconds, and how often it is looked whether the last container is gone


def _nothing(_: str) -> None:
    """Where nothing is fetched, nobody hears how far it is."""


class Workshop:
    """Made once in a worker process; thread-safe."""

    def __init__(
        self,
        containers: ContainerEngine,
        spool: Spool,
        gate: Path,
        *,
        installation: str,
        instance: str,
        threads: int = 4,
        carrier: Wanted = "auto",
    ) -> None:
        self.containers = containers
        self.spool = spool
        self.gate = gate.parent.resolve() / gate.name
        self.labels: Mapping[str, str] = {
            "composer.installation": installation,
            "composer.instance": instance,
        }
        self.jobs = Jobs(threads)
        self.fetches = Fetches(containers)
        self._going: set[str] = set()  # containers that are to be removed and are not gone yet
        self.holders = HolderPool(
            containers,
            image=getattr(containers, "holder_image", lambda: HOLDER_IMAGE),
            gate=Mount(self.gate, "/.composer/hold", read_only=True),
            labels=self.labels,
        )
        self._wanted_carrier: Wanted = carrier
        self._carrier: Carrier | None = None
        self._carrier_lock = threading.Lock()
        self._images: dict[str, tuple[float, Image]] = {}
        self._images_lock = threading.Lock()

    @property
    def carrier(self) -> Carrier:
        """How the gates of steps are reached; found out at the first need. Raises EngineAway, NotOurs."""
        with self._carrier_lock:
            if self._carrier is None:
                self._carrier = choose(
                    self._wanted_carrier, self.containers, self.spool, self.gate, self.labels
                )
            return self._carrier

    def unable_to_stream(self, run: RunSpec) -> str:
        """Why no pipe of this run can stream here, if none can; also notes it. Raises EngineAway."""
        if all(edge.mode == "keep" for edge in run.edges):
            return ""
        try:
            if self.carrier.streams:
                return ""
        except NotOurs:
            return ""  # then no step starts, and each says why
        self.spool.keep_all(run.id)
        return NO_FILES

    def image(self, reference: str) -> Image:
        """An image that is here, asked anew when the answer is older than half a minute."""
        with self._images_lock:
            known = self._images.get(reference)
        if known and time.monotonic() - known[0] < IMAGE_KEPT:
            return known[1]
        image = self.containers.image(reference, may_pull=False, on_progress=_nothing)
        with self._images_lock:
            self._images[reference] = (time.monotonic(), image)
        return image

    def forget_image(self, reference: str) -> None:
        """The engine said that this image is gone."""
        with self._images_lock:
            self._images.pop(reference, None)

    def remove(self, container: str) -> None:
        """Removes a container soon, behind what runs are waiting for."""
        self._going.add(container)
        self.jobs.add(partial(self._remove, container, 0), slack=REMOVAL_SLACK, after=REST)

    def _remove(self, container: str, tries: int) -> None:
        try:
            self.containers.remove(container)
        except EngineAway:
            if tries < len(BACK_OFF):
                again = partial(self._remove, container, tries + 1)
                self.jobs.add(again, slack=REMOVAL_SLACK, after=BACK_OFF[tries])
            # Beyond that the sweeper finds it by its labels.
        else:
            self._going.discard(container)

    def release_holder(self, holder: str, *, joined: Collection[str] = (), clean: bool) -> None:
        """Gives a run's network namespace back, in the background.

        `clean`: it may serve another run, once the last of those who joined it is gone.
        """
        self.jobs.add(partial(self._release, holder, joined, clean, 0), slack=REMOVAL_SLACK, after=REST)

    def _release(self, holder: str, joined: Collection[str], clean: bool, looks: int) -> None:
        is_empty = not any(each in self._going for each in joined)
        if clean and not is_empty and looks < CLEAN_LOOKS:
            again = partial(self._release, holder, joined, clean, looks + 1)
            self.jobs.add(again, slack=REMOVAL_SLACK, after=LOOK_AGAIN)
        elif clean and is_empty:
            self.holders.give_back(holder)
        else:
            self.holders.forget(holder)
            self.remove(holder)

    def warm(self) -> None:
        """Has the carrier found out, and a network namespace ready, before the first run comes."""
        self.jobs.add(self._warm, slack=REMOVAL_SLACK)

    def _warm(self) -> None:
        if self.carrier.joins_network:
            self.holders.warm()

    def close(self) -> None:
        """Finishes what is queued and removes the idle holders."""
        self.jobs.close()
        self.holders.close()
