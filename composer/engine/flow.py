"""How much went through the pipes since the last look: reads the meters, tells only what changed."""

import time
from dataclasses import replace

from composer.engine.attempt import Attempt
from composer.engine.board import Board
from composer.engine.events import EdgeFlow, Progress, StepFlow
from composer.engine.failures import fraction_done, read_tail
from composer.engine.gate.gate import Meter, read_meter
from composer.engine.states import Status
from composer.engine.wiring import outlets, targets

TICK = 0.25  # seconds


def bytes_in(board: Board, attempt: Attempt) -> int:
    """What a node was given: files whole, and of streams what came through so far."""
    streamed = 0
    for edge in board.plan.edges_into.get(attempt.node, ()):
        if board.plan.is_stream(edge):
            writer = board.attempts[edge.source]
            streamed += read_meter(writer.files).of_channel(_channel(writer, edge.output))
    return attempt.kept_in + streamed


def _channel(writer: Attempt, output: str) -> int:
    return (["stdout", *writer.step.outputs]).index(output)


class FlowWatch:
    """Looks at the meters of a run, at most four times a second."""

    def __init__(self, board: Board) -> None:
        self._board, self._plan, self._run = board, board.plan, board.run
        self._looked = time.monotonic()
        self._meters: dict[str, Meter] = {}
        self._flows: dict[str, EdgeFlow] = {}
        self._steps: dict[str, StepFlow] = {}

    def look(self) -> Progress | None:
        """What changed since the last look; None where it is too early or nothing moved."""
        passed = time.monotonic() - self._looked
        if passed < TICK:
            return None
        self._looked += passed
        steps: dict[str, StepFlow] = {}
        edges: dict[str, EdgeFlow] = {}
        for attempt in self._board.running():
            before, now = self._meters.get(attempt.node), read_meter(attempt.files)
            self._meters[attempt.node] = now
            flow = self._step_flow(attempt, before, now)
            if flow != self._steps.get(attempt.node):
                self._steps[attempt.node] = steps[attempt.node] = flow
            edges.update(self._changed_edges(attempt, before or Meter(), now, passed))
        return Progress(steps, edges) if steps or edges else None

    def _step_flow(self, attempt: Attempt, before: Meter | None, now: Meter) -> StepFlow:
        given = bytes_in(self._board, attempt)
        flow = StepFlow(given, now.bytes_out, now.log_bytes)
        if before is None or before.log_bytes != now.log_bytes:
            attempt.fraction = fraction_done(read_tail(attempt.files.log))
        return replace(flow, fraction=attempt.fraction)

    def _changed_edges(
        self, attempt: Attempt, before: Meter, now: Meter, passed: float
    ) -> dict[str, EdgeFlow]:
        found = {}
        full = self._full(attempt, now)
        for outlet in outlets(self._plan, attempt.node, self._run):
            moved = now.of_channel(outlet.channel)
            rate = max(0.0, (moved - before.of_channel(outlet.channel)) / passed)
            for edge in self._plan.edges_from.get(attempt.node, ()):
                if edge.output != outlet.name:
                    continue
                waits = None
                if self._plan.is_stream(edge):
                    waits = "reader" if edge.id in full else None if rate else "writer"
                flow = EdgeFlow(moved, rate, waits)
                if flow != self._flows.get(edge.id, EdgeFlow(0)):
                    self._flows[edge.id] = found[edge.id] = flow
        return found

    def _full(self, attempt: Attempt, now: Meter) -> set[str]:
        """The streams whose reader does not keep up."""
        if not now.full:
            return set()
        absent = [node for node, status in self._board.statuses.items() if status is Status.SKIPPED]
        places = enumerate(targets(self._plan, attempt.node, self._run, absent))
        return {edge.id for bit, (_, edge) in places if edge is not None and now.full >> bit & 1}
