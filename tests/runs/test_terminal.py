"""What a person sees in a terminal while a run works."""

import io
from datetime import UTC, datetime, timedelta

import pytest

from composer.runs.models import StepRun
from composer.runs.terminal import Terminal, line, size

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def step(**values: object) -> StepRun:
    return StepRun(**{"node": "a", "title": "Sort lines", "status": "queued", **values})


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 bytes"), (999, "999 bytes"), (1500, "1.5 kB"), (2_000_000_000, "2.0 GB")]
)
def test_sizes_are_rounded_for_people(count: int, words: str) -> None:
    assert size(count) == words


def test_a_line_has_the_word_the_bytes_and_the_time() -> None:
    done = step(
        status="succeeded",
        bytes_in=10,
        bytes_out=2500,
        started_at=NOW - timedelta(seconds=2),
        finished_at=NOW,
    )
    assert " ".join(line(done, [done], NOW).split()) == "✓ Sort lines Done 10 bytes → 2.5 kB 2.0 s"


def test_without_a_terminal_each_change_is_one_plain_line() -> None:
    out = io.StringIO()
    terminal = Terminal(out)
    for status in ("queued", "running", "running", "succeeded"):
        terminal.show([step(status=status)], NOW)
    lines = out.getvalue().splitlines()
    assert [text.split()[3] for text in lines] == ["Working", "Done"]
    assert "\x1b" not in out.getvalue()
