"""A run's progress in a terminal: one line per step, drawn anew in place; plain lines elsewhere."""

import shutil
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import TextIO

from composer.runs.models import Run, StepRun

WORDS = {
    "queued": "Waiting",
    "preparing": "Getting ready",
    "running": "Working",
    "waiting": "Needs you",
    "succeeded": "Done",
    "failed": "Failed",
    "skipped": "Not started",
    "canceled": "Stopped",
}
_MARKS = {"succeeded": "✓", "failed": "✗", "running": "•", "preparing": "·", "canceled": "■", "skipped": "–"}
_COLORS = {"succeeded": "32", "failed": "31", "running": "36", "canceled": "33"}
_UNITS = ("bytes", "kB", "MB", "GB", "TB")


class Terminal:
    """Shows a run as it goes."""

    def __init__(self, out: TextIO = sys.stderr) -> None:
        self._out = out
        self._lively = out.isatty()
        self._drawn = 0
        self._told: dict[str, str] = {}

    def show(self, steps: Sequence[StepRun], now: datetime) -> None:
        """Brings what is on the screen up to date."""
        if self._lively:
            self._redraw(steps, now)
        else:
            self._tell_changes(steps, now)

    def conclude(self, run: Run) -> None:
        """The last line, in words."""
        seconds = _seconds(run.started_at or run.created_at, run.finished_at)
        words = f"Run {run.number}: {WORDS[run.status].lower()}{f' after {seconds}' if seconds else ''}"
        print(_colored(words, run.status) if self._lively else words, file=self._out)
        if run.failure:
            print(f"  {run.failure['message']}", file=self._out)
            for line in run.failure.get("log_tail", []):
                print(f"  | {line}", file=self._out)

    def _redraw(self, steps: Sequence[StepRun], now: datetime) -> None:
        width = shutil.get_terminal_size().columns - 1
        if self._drawn:
            self._out.write(f"\x1b[{self._drawn}A")
        for step in steps:
            self._out.write(f"\x1b[2K{_colored(line(step, steps, now)[:width], step.status)}\n")
        self._drawn = len(steps)
        self._out.flush()

    def _tell_changes(self, steps: Sequence[StepRun], now: datetime) -> None:
        for step in steps:
            if step.status not in ("queued", self._told.get(step.node)):
                self._told[step.node] = step.status
                print(line(step, steps, now).rstrip(), file=self._out, flush=True)


def line(step: StepRun, steps: Sequence[StepRun], now: datetime) -> str:
    """One step in one line: mark, title, word, bytes, time."""
    wide = min(40, max(len(each.title) for each in steps))
    flow = ""
    if step.bytes_out is not None:
        flow = f"{size(step.bytes_in or 0)} → {size(step.bytes_out)}"
    elif step.bytes_in is not None:
        flow = f"{size(step.bytes_in)} →"
    title = f"{step.title[:wide]:<{wide}}"
    spent = _seconds(step.started_at, step.finished_at or now)
    note = step.note if step.status in ("preparing", "succeeded") else ""
    return f"{_MARKS.get(step.status, ' ')} {title}  {WORDS[step.status]:<13} {flow:<24} {spent}  {note}"


def size(count: int) -> str:
    """Bytes as a person reads them."""
    number, unit = float(count), 0
    while number >= 1000 and unit < len(_UNITS) - 1:
        number, unit = number / 1000, unit + 1
    return f"{count} bytes" if unit == 0 else f"{number:.1f} {_UNITS[unit]}"


def _seconds(start: datetime | None, end: datetime | None) -> str:
    return f"{(end - start).total_seconds():.1f} s" if start and end else ""


def _colored(text: str, status: str) -> str:
    color = _COLORS.get(status)
    return f"\x1b[{color}m{text}\x1b[0m" if color else text
