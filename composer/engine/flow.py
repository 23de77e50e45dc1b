"""How much went through the pipes since the last look: reads the meters, tells only what changed."""

import time
from collections.abc import Iterable
from dataclasses import replace

from composer.engine.attempt import Attempt
from composer.engine.events import EdgeFlow, Progress, StepFlow
from composer.engine.failures import fraction_done, read_tail
from composer.engine.gate.gate import Meter, read_meter
from composer.engine.plan import Plan

TICK = 0.25  # seconds


class FlowWatch:
    """Looks at the meters of a run, at most four times a second."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._looked = time.monotonic()
        self._meters: dict[str, Meter] = {}

    def look(self, running: Iterable[Attempt]) -> Progress | None:
        """What changed since the last look; None where it is too early or nothing moved."""
        passed = time.monotonic() - self._looked
        if passed < TICK:
            return None
        self._looked += passed
        steps: dict[str, StepFlow] = {}
        edges: dict[str, EdgeFlow] = {}
        for attempt in running:
            before, now = self._meters.get(attempt.node), read_meter(attempt.files)
            if now == before:
                continue
            self._meters[attempt.node] = now
            steps[attempt.node] = self._step_flow(attempt, before, now)
            sent = now.bytes_out - (before.bytes_out if before else 0)
            flow = EdgeFlow(now.bytes_out, max(0.0, sent / passed))
            edges.update((edge.id, flow) for edge in self._plan.edges_from.get(attempt.node, ()))
        return Progress(steps, edges) if steps else None

    def _step_flow(self, attempt: Attempt, before: Meter | None, now: Meter) -> StepFlow:
        flow = StepFlow(attempt.bytes_in, now.bytes_out, now.log_bytes)
        if before is None or before.log_bytes != now.log_bytes:
            attempt.fraction = fraction_done(read_tail(attempt.files.log))
        return replace(flow, fraction=attempt.fraction)
