"""What is told while Composer starts: one line per stage with its time, and trouble in one sentence."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Trouble(Exception):
    """Something is in the way. The message says what, and what to do."""


class Stage:
    """One stage; `say` notes how it was done."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.words = "ready"

    def say(self, words: str) -> None:
        """How it was done, in a few words."""
        self.words = words

    def busy(self, words: str) -> None:
        """Shows that something long has begun."""
        print(f"  {self.title:<22} {words}…", flush=True)


@contextmanager
def stage(title: str) -> Iterator[Stage]:
    """Tells how a stage went and how long it took."""
    began, told = time.monotonic(), Stage(title)
    try:
        yield told
    except Trouble:
        print(f"✗ {title}", flush=True)
        raise
    print(f"✓ {title:<22} {told.words:<52} {time.monotonic() - began:6.1f} s", flush=True)


def heading(words: str) -> None:
    """Begins a section."""
    print(f"\n── {words} ──", flush=True)


def fail(trouble: Trouble) -> int:
    """Tells what is in the way; returns the exit code."""
    print(f"\n{trouble}", file=sys.stderr, flush=True)
    return 1


def box(lines: list[str]) -> None:
    """Lines in a frame."""
    width = max(len(line) for line in lines)
    print("\n╭" + "─" * (width + 4) + "╮")
    for line in lines:
        print(f"│  {line:<{width}}  │")
    print("╰" + "─" * (width + 4) + "╯\n", flush=True)
