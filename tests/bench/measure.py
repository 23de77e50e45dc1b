"""Times two ways of doing the same work in turns, so that both meet the same machine."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, and its ratio to the yardstick in the same run."""

    name: str
    unit: str
    ours: list[float]
    yardstick: list[float]
    yardstick_name: str = ""
    goal: str = ""
    higher_is_better: bool = False

    @property
    def ratios(self) -> list[float]:
        return [mine / theirs for mine, theirs in zip(self.ours, self.yardstick, strict=False)]

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "ratios": self.ratios}

    def cells(self) -> list[str]:
        """min / median / max of ours, of the yardstick, and of the ratio."""
        return [
            self.name,
            spread(self.ours, self.unit),
            spread(self.yardstick, self.unit),
            spread(self.ratios, "×") if self.yardstick else "",
            self.goal,
        ]


def spread(values: Sequence[float], unit: str) -> str:
    """The least, the median and the greatest."""
    if not values:
        return ""
    numbers = (min(values), statistics.median(values), max(values))
    return (
        " / ".join(f"{number:,.3g}" if number < 1000 else f"{number:,.0f}" for number in numbers) + f" {unit}"
    )


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def in_turns(
    rounds: int, ours: Callable[[], float], yardstick: Callable[[], float]
) -> tuple[list[float], list[float]]:
    """Measures both `rounds` times, alternating which goes first, after one unmeasured round."""
    ours()
    yardstick()
    mine: list[float] = []
    theirs: list[float] = []
    for number in range(rounds):
        pair = [(mine, ours), (theirs, yardstick)]
        for values, measure in pair if number % 2 == 0 else reversed(pair):
            time.sleep(QUIET)  # lets removals of the one before end
            values.append(measure())
    return mine, theirs


QUIET = 1.5  # seconds


def table(rows: Sequence[Row]) -> str:
    """The rows as text, columns aligned."""
    head = ["", "Composer (min / median / max)", "yardstick", "ratio", "goal"]
    lines = [head, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
