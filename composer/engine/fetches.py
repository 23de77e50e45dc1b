"""Fetches images, each in a thread of its own: a download takes minutes, and nobody else waits for it."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from composer.engine.errors import StepError
from composer.engine.ports import ContainerEngine

log = logging.getLogger(__name__)

Note = Callable[[str], None]
Then = Callable[[StepError | None], None]


@dataclass(frozen=True, slots=True)
class _Waiting:
    note: Note
    then: Then


class Fetches:
    """An image is fetched once at a time, however many wait for it. Thread-safe."""

    def __init__(self, containers: ContainerEngine) -> None:
        self._containers = containers
        self._waiting: dict[str, list[_Waiting]] = {}
        self._lock = threading.Lock()

    def add(self, reference: str, note: Note, then: Then) -> None:
        """Has the image fetched. `note` hears how far it is; `then` is told once it is over.

        It is told the error where the image cannot be had, and None where it is worth another look.
        Both are called in the fetching thread.
        """
        with self._lock:
            is_first = reference not in self._waiting
            self._waiting.setdefault(reference, []).append(_Waiting(note, then))
        if is_first:
            name = f"image-{reference[-40:]}"
            threading.Thread(target=self._fetch, args=[reference], name=name, daemon=True).start()

    def _fetch(self, reference: str) -> None:
        error: StepError | None = None
        try:
            self._containers.image(
                reference, may_pull=True, on_progress=lambda words: self._tell(reference, words)
            )
        except StepError as problem:
            error = problem
        except Exception as problem:  # such as an engine that does not answer: whoever waits looks again
            log.warning("Fetching %s was interrupted: %s", reference, problem)
        with self._lock:
            waiting = self._waiting.pop(reference)
        for each in waiting:
            each.then(error)

    def _tell(self, reference: str, words: str) -> None:
        with self._lock:
            waiting = list(self._waiting[reference])
        for each in waiting:
            each.note(words)
