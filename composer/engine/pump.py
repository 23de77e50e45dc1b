"""Carries for one container what the worker and its gate have to say to each other.

A thread of its own: it waits for the order, puts the inputs into the container, sends the message,
and brings back what comes. In the spool it stands for the gate: it holds `alive` open, keeps the
`meter`, and leaves `ended` there once the output is complete to the last byte, and only then.
"""

import logging
import os
import select
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from composer.engine.attempt import Attempt
from composer.engine.errors import EngineAway, Unwanted
from composer.engine.failures import KILLED, is_no_room
from composer.engine.files import open_at, open_write, write_record, write_whole
from composer.engine.gate.gate import Ended, Meter, Order, ended_of, message
from composer.engine.layout import Layout
from composer.engine.ports import AttachableEngine, Line
from composer.engine.spool import INSIDE, RECORD_BYTES

log = logging.getLogger(__name__)

METER_EVERY = 0.1  # seconds
SILENCE = 5.0  # seconds without a word after which the engine is asked whether the container runs
PATIENCE = 60.0  # seconds beyond a step's time after which its line is given up
LOOK_AGAIN = 1.0  # seconds, where the engine does not answer


class Pump:
    """`open` may be called from another thread; all else happens in its own."""

    def __init__(
        self,
        containers: AttachableEngine,
        container: str,
        line: Line,
        attempt: Attempt,
        layout: Layout,
        on_end: Callable[["Pump"], None],
    ) -> None:
        self.container = container
        self._containers = containers
        self._line = line
        self._attempt = attempt
        self._files = attempt.files
        self._layout = layout
        self._on_end = on_end
        self._order: Order | None = None
        with ExitStack() as opened:  # all or none: the files may be removed at any moment
            self._bell = _closing(opened, os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC))
            _closing(opened, open_at(self._files.alive, os.O_RDWR | os.O_NONBLOCK))
            outputs = enumerate((self._files.stdout, self._files.log), 1)
            self._outputs = {stream: _closing(opened, open_write(path)) for stream, path in outputs}
            self._opened = opened.pop_all()
        self._counts = {1: 0, 2: 0}
        self._told = Meter()
        self._tell_at = 0.0
        self._has_room = True
        self._thread = threading.Thread(target=self._work, name=f"attach-{container[:12]}", daemon=True)

    def start(self) -> None:
        """Begins to wait for the order."""
        self._thread.start()

    def open(self, order: Order) -> None:
        """Has the gate opened."""
        self._order = order
        os.eventfd_write(self._bell, 1)

    def close(self) -> None:
        """Nothing more comes from here; whoever watches is told."""
        self._opened.close()

    def _work(self) -> None:
        try:
            if (order := self._await_order()) is not None:
                if self._hand_over(order):
                    self._carry(order)
                self._line.close()
                self._conclude()
        except Exception:
            log.exception("Carrying for a container failed")
        finally:
            self._line.close()
            self._on_end(self)

    # Before the gate is opened.

    def _await_order(self) -> Order | None:
        """None where the container ended before its turn."""
        poller = select.poll()
        poller.register(self._line.fileno(), select.POLLIN)
        poller.register(self._bell, select.POLLIN)
        while self._order is None:
            poller.poll()
            if self._order is None and not self._listen():
                return None
        return self._order

    def _listen(self) -> bool:
        """False where the line ended. What a gate says that cannot even wait belongs in the log."""
        try:
            piece = self._line.receive(METER_EVERY)
        except TimeoutError:
            return True
        except OSError:
            return False
        if piece is not None:
            self._keep(*piece)
        return piece is not None

    def _hand_over(self, order: Order) -> bool:
        """False where the step was not given its message, or may not have been."""
        targets = tuple(t if t.channel else replace(t, file="-") for t in order.wiring.targets)
        told = replace(order, wiring=replace(order.wiring, targets=targets))
        try:
            self._containers.put(self.container, self._layout.read_by(order.wiring.inputs), self._is_wanted)
            if not self._is_wanted():
                return False
            # From here on it counts as begun, until the container itself says that it was not.
            now = time.time_ns().to_bytes(8, sys.byteorder)
            write_record(self._files.started, now + now)
            self._line.send(message(told))
        except (OSError, EngineAway, Unwanted) as error:
            log.info("A gate could not be opened: %s", error)
            if isinstance(error, OSError) and is_no_room(error):
                self._has_room = False
            return False
        return True

    def _is_wanted(self) -> bool:
        return not self._attempt.stopped and not self._attempt.dropped.is_set()

    # While the step runs.

    def _carry(self, order: Order) -> None:
        """Until the line ends, or is given up."""
        most = order.seconds + PATIENCE
        give_up_at = time.monotonic() + most if order.seconds > 0 else float("inf")
        was_gone = False
        while True:
            is_told = self._meter() == self._told
            try:
                piece = self._line.receive(SILENCE if is_told else METER_EVERY)
            except TimeoutError:
                self._tell_meter()
                if not is_told:
                    continue
                is_gone = self._is_gone()
                if (is_gone and was_gone) or time.monotonic() > give_up_at:
                    return
                was_gone = is_gone
                continue
            except OSError as error:
                log.warning("The line to a container broke: %s", error)
                return
            if piece is None:
                return
            self._keep(*piece)
            if time.monotonic() >= self._tell_at:
                self._tell_meter()

    def _is_gone(self) -> bool:
        try:
            state = self._containers.inspect(self.container)
        except EngineAway:
            return False
        return state is None or not state.running

    def _keep(self, stream: int, data: bytes) -> None:
        if stream not in self._outputs or not self._has_room:
            return
        try:
            write_whole(self._outputs[stream], data)
        except OSError as error:
            log.warning("What a step wrote could not be kept: %s", error)
            self._has_room = False
            # Not here: a container ends only when its output is taken, and nobody else takes it.
            threading.Thread(target=self._kill, name="attach-kill", daemon=True).start()
        else:
            self._counts[stream] += len(data)

    def _meter(self) -> Meter:
        return Meter(bytes_out=self._counts[1], log_bytes=self._counts[2])

    def _tell_meter(self) -> None:
        self._told = self._meter()
        self._tell_at = time.monotonic() + METER_EVERY
        write_record(self._files.meter, self._told.record())

    # Its end.

    def _conclude(self) -> None:
        """Leaves an end in the spool only where it is known and nothing of the output is missing."""
        ended = ended_of(self._small(f"{INSIDE}/ended"))
        is_whole = ended is not None and self._has_room and self._is_complete(ended)
        if ended is not None and is_whole:
            write_record(self._files.meter, ended.meter.record())
            write_record(self._files.ended, ended.record())
            return
        self._kill()
        if not self._has_room:
            end = replace(ended or KILLED, disk_full=True, meter=self._meter())
            write_record(self._files.ended, end.record())
            return
        started = self._small(f"{INSIDE}/started")
        if len(started) == RECORD_BYTES and not any(started[:8]):
            write_record(self._files.started, bytes(16))

    def _is_complete(self, ended: Ended) -> bool:
        """Whether all has arrived that the gate has sent. Its standard output has one reader: us."""
        expected_log = self._counts[2] if ended.log_cut else ended.meter.log_bytes
        if ended.broken_pipe or (self._counts[1], self._counts[2]) != (ended.bytes_out, expected_log):
            log.warning("Output of a container was lost on its way")
            return False
        return all(
            self._fetch(place, into, ended.meter.of_channel(channel))
            for channel, (place, into) in self._layout.outputs.items()
        )

    def _fetch(self, place: str, into: Path, length: int) -> bool:
        """Brings in a further output; true where it has the length that the gate has counted."""
        fd = open_write(into)
        try:
            got = 0
            for data in self._read(place):
                got += len(data)
                if got > length:
                    break
                write_whole(fd, data)
        except OSError as error:
            log.warning("An output could not be fetched: %s", error)
            self._has_room = not is_no_room(error)
            return False
        else:
            return got == length
        finally:
            os.close(fd)

    def _small(self, place: str) -> bytes:
        """A record of the container; nothing where it cannot be had."""
        data = b""
        try:
            for chunk in self._read(place):
                data += chunk
                if len(data) > RECORD_BYTES:
                    return b""
        except OSError:
            return b""
        return data

    def _read(self, place: str) -> Iterator[bytes]:
        """A file of the container. Waits for an engine that does not answer at first."""
        while True:
            has_begun = False
            try:
                for chunk in self._containers.get(self.container, place):
                    has_begun = True
                    yield chunk
            except EngineAway as error:
                if has_begun or not self._may_ask_again():
                    raise OSError(str(error)) from error
            else:
                return

    def _kill(self) -> None:
        while True:
            try:
                self._containers.kill(self.container)
            except EngineAway:
                if not self._may_ask_again():
                    return
            else:
                return

    def _may_ask_again(self) -> bool:
        """After a while, whether an engine that did not answer is worth another try."""
        return not self._attempt.stopped and not self._attempt.dropped.wait(LOOK_AGAIN)


def _closing(opened: ExitStack, fd: int) -> int:
    opened.callback(os.close, fd)
    return fd
