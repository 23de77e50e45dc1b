"""A container engine in memory: for what a real one cannot be made to do at will."""

import itertools
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace

from composer.engine.errors import CommandRefused, EngineAway, ImageMissing
from composer.engine.ports import ContainerSpec, ContainerState, Image


class FakeEngine:
    """Its containers run for ever, until killed. `away` makes it not answer."""

    def __init__(self, images: Mapping[str, Image]) -> None:
        self.images = dict(images)
        self.containers: dict[str, ContainerState] = {}
        self.specs: dict[str, ContainerSpec] = {}
        self.away = threading.Event()
        self._ids = itertools.count(1)
        self._lock = threading.Lock()

    def image(self, reference: str, *, may_pull: bool, on_progress: Callable[[str], None]) -> Image:
        self._answer()
        by_id = {image.id: image for image in self.images.values()}
        found = self.images.get(reference) or by_id.get(reference)
        if found is None:
            raise ImageMissing(f"{reference} is not here")
        return found

    def holder_image(self) -> str:
        return next(iter(self.images))

    def start(self, spec: ContainerSpec) -> str:
        self._answer()
        self.image(spec.image, may_pull=False, on_progress=lambda _: None)
        if spec.user.startswith("nobody-of-that-name"):
            raise CommandRefused("no such user")
        with self._lock:
            name = f"fake-{next(self._ids)}"
            self.containers[name] = ContainerState(name, dict(spec.labels), running=True, exit_code=None)
            self.specs[name] = spec
        return name

    def inspect(self, container: str) -> ContainerState | None:
        self._answer()
        return self.containers.get(container)

    def find(self, labels: Mapping[str, str]) -> list[ContainerState]:
        self._answer()
        return [
            state
            for state in list(self.containers.values())
            if all(key in state.labels and value in ("", state.labels[key]) for key, value in labels.items())
        ]

    def kill(self, container: str, signal: str = "KILL") -> None:
        self._answer()
        if state := self.containers.get(container):
            self.containers[container] = replace(state, running=False, exit_code=137)

    def remove(self, container: str) -> None:
        self._answer()
        self.containers.pop(container, None)

    def _answer(self) -> None:
        if self.away.is_set():
            raise EngineAway("switched off for a test")
