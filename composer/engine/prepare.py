"""Makes the container of an attempt and leaves it waiting at its gate.

Runs in a thread of the workshop, ahead of the step's turn.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType

from composer.engine.attempt import Attempt, Prepared
from composer.engine.errors import CommandRefused, EngineAway, ImageMissing, NothingToRun, Unwanted
from composer.engine.gate.gate import check_environment
from composer.engine.ports import ContainerSpec, Image, Mount, RunSpec, StepSpec
from composer.engine.workshop import BACK_OFF, Workshop

NOBODY = "65534:65534"
DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

NOTHING: Mapping[str, str] = MappingProxyType({})

Note = Callable[[str], None]


class RunNamespace:
    """The one empty network namespace that the network-less steps of a run share."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._lock = threading.Lock()
        self._holder: str | None = None
        self._joined: list[str] = []  # containers, those that are gone among them
        self._joining = 0
        self._is_over = False

    @contextmanager
    def joining(self) -> Iterator[str]:
        """The id of the run's holder, for a container that is made meanwhile; then `joined` names it.

        The first to ask takes it from the pool. Raises Unwanted once the run is over.
        """
        with self._lock:
            if self._is_over:
                raise Unwanted
            if self._holder is None:
                self._holder = self._workshop.holders.acquire()
            holder = self._holder
            self._joining += 1
        try:
            yield holder
        finally:
            with self._lock:
                self._joining -= 1

    def joined(self, container: str) -> None:
        """This container lives in the namespace."""
        with self._lock:
            self._joined.append(container)

    def discard_if_dead(self, holder: str) -> bool:
        """True where that holder no longer runs, so that a new one must be taken."""
        with self._lock:
            state = self._workshop.containers.inspect(holder)
            if state is not None and state.running:
                return False
            if self._holder == holder:
                self._holder = None
            self._workshop.release_holder(holder, clean=False)
            return True

    def release(self, *, clean: bool) -> None:
        """Gives the holder back, for good. `clean`: all that joined is gone, or is being removed."""
        with self._lock:
            self._is_over = True
            holder, self._holder = self._holder, None
            clean = clean and not self._joining
        if holder is not None:
            self._workshop.release_holder(holder, joined=tuple(self._joined), clean=clean)


def prepare(
    attempt: Attempt,
    run: RunSpec,
    mounts: tuple[Mount, ...],
    workshop: Workshop,
    space: RunNamespace,
    note: Note,
) -> Prepared | None:
    """The container of this attempt, waiting at its gate; None where the attempt was dropped meanwhile.

    Raises StepError where the step cannot start as it is described, ImageMissing among them. While the
    engine does not answer it waits and looks again: that is never the step's failure.
    """
    step = attempt.step
    while not attempt.dropped.is_set():
        try:
            image = workshop.image(step.image)
            check_environment(environment_of(step, image, run, attempt))
            return Prepared(_start(attempt, run, mounts, workshop, space, image), image)
        except EngineAway:
            note("The container engine does not answer. Looking again…")
            wait_a_while(attempt.dropped)
        except ImageMissing:
            workshop.forget_image(step.image)
            raise
        except Unwanted:
            return None
    return None


def wait_a_while(dropped: threading.Event) -> None:
    """Backs off from an engine that does not answer, but not from a person who presses Stop."""
    dropped.wait(BACK_OFF[2])


def _start(
    attempt: Attempt,
    run: RunSpec,
    mounts: tuple[Mount, ...],
    workshop: Workshop,
    space: RunNamespace,
    image: Image,
) -> str:
    step = attempt.step
    spec = ContainerSpec(
        image=image.id,
        arguments=arguments_of(step, image),
        mounts=mounts,
        labels={**workshop.labels, **labels_of(run, attempt)},
        limits=step.limits,
        network="bridge" if step.network == "internet" else "none",
        user=step.user or NOBODY,
        writable=step.writable,
    )
    if step.network == "internet" or not workshop.carrier.joins_network:
        return workshop.carrier.start(attempt, spec)
    while True:
        with space.joining() as holder:
            try:
                container = workshop.carrier.start(attempt, replace(spec, network=f"container:{holder}"))
            except CommandRefused:
                if not space.discard_if_dead(holder):
                    raise
            else:
                space.joined(container)
                return container


def labels_of(run: RunSpec, attempt: Attempt) -> Mapping[str, str]:
    """How a container is found again: by the worker that takes over, and by the sweeper."""
    return {
        "composer.role": "step",
        "composer.workspace": run.workspace,
        "composer.run": run.id,
        "composer.node": attempt.node,
        "composer.attempt": str(attempt.number),
    }


def arguments_of(step: StepSpec, image: Image) -> tuple[str, ...]:
    """The program and its arguments, as Docker would combine them. Raises NothingToRun."""
    entrypoint = image.entrypoint if step.entrypoint is None else step.entrypoint
    # As in `docker run --entrypoint`: an own entrypoint drops the image's command.
    command = (image.command if step.entrypoint is None else ()) if step.command is None else step.command
    arguments = (*entrypoint, *command)
    if not arguments or not arguments[0]:
        raise NothingToRun(
            f"The image “{step.image}” does not say which program to run.",
            "Give the step a “command” or an “entrypoint”.",
        )
    return arguments


def environment_of(
    step: StepSpec,
    image: Image,
    run: RunSpec,
    attempt: Attempt,
    told: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, str]:
    """The whole environment of the step; it travels through the gate and nowhere else.

    `told`: what is known only when its turn has come.
    """
    return {
        "PATH": DEFAULT_PATH,
        **image.environment,
        "HOME": "/tmp",  # noqa: S108 - inside the container
        **step.environment,
        **step.secrets,
        **told,
        "COMPOSER_RUN": run.id,
        "COMPOSER_NODE": attempt.node,
        "COMPOSER_ATTEMPT": str(attempt.number),
    }
