"""What to call the end of a step, in words for a person.

Lines on standard error that begin with `composer:` speak to the person:
`composer:error The table has no column "town"` and `composer:progress 0.4 reading`.
"""

import errno
import os
import re
import signal
from pathlib import Path

from composer.engine.events import Failure
from composer.engine.files import open_read
from composer.engine.gate.gate import Ended, Meter
from composer.engine.ports import ContainerState, StepSpec

TAIL_BYTES = 64 * 1024
TAIL_LINES = 20
_SPOKEN = re.compile(r"^composer:(\w+) ?(.*)$")
_MEGABYTE = 1024 * 1024
_INTERRUPTED = "It was interrupted from outside before it could finish."
DISK_FULL = "The disk where Composer keeps its data is full. Make room, then run again."

#: What is told of a step whose gate could tell nothing, because it was made to end.
KILLED = Ended(
    code=None,
    signal=signal.SIGKILL,
    exec_errno=None,
    meter=Meter(),
    oom=False,
    limit=None,
    broken_pipe=False,
    disk_full=False,
    log_cut=False,
    unread=False,
    told=False,
    started_ns=0,
    ended_ns=0,
)


def read_tail(log: Path) -> list[str]:
    """The last lines of a log, as text; bytes that are no UTF-8 are replaced."""
    try:
        fd = open_read(log)
    except OSError:
        return []
    try:
        size = os.fstat(fd).st_size
        data = os.pread(fd, TAIL_BYTES, max(0, size - TAIL_BYTES))
    finally:
        os.close(fd)
    return data.decode("utf-8", "replace").replace("\0", "\ufffd").splitlines()


def spoken(lines: list[str], word: str) -> str | None:
    """The text of the last `composer:<word>` line, if there is one."""
    for line in reversed(lines):
        match = _SPOKEN.match(line)
        if match and match[1] == word and match[2].strip():
            return match[2].strip()
    return None


def fraction_done(lines: list[str]) -> float | None:
    """How far the step says it is, 0 to 1, from its last `composer:progress` line."""
    words = (spoken(lines, "progress") or "").split()
    try:
        return min(1.0, max(0.0, float(words[0]))) if words else None
    except ValueError:
        return None


def failure_of(ended: Ended, step: StepSpec, log: Path) -> Failure | None:
    """Why an attempt whose end is fully known did not succeed; None where it did."""
    lines = read_tail(log)
    plain = tuple(line for line in lines if not _SPOKEN.match(line))[-TAIL_LINES:]
    last = next((line.strip() for line in reversed(plain) if line.strip()), "")
    found = _kind_and_words(ended, step)
    if found is None:
        return None
    kind, message = found
    if kind == "exit":
        own_words = spoken(lines, "error")
        message = own_words or message
        last = "" if own_words else last
    return Failure(kind, message, last, plain)


def _kind_and_words(ended: Ended, step: StepSpec) -> tuple[str, str] | None:
    """The first of these that is true is what happened; the later ones follow from it."""
    memory, output = (f"{size // _MEGABYTE:,} MB" for size in (step.limits.memory, step.limits.output))
    refused, number = ended.exec_errno or 0, ended.signal or 0
    what_happened = (
        (
            ended.disk_full,
            "disk",
            DISK_FULL,
        ),
        (ended.oom, "memory", f"It needed more memory than its limit of {memory}."),
        (ended.limit == "time", "time", f"It took longer than its limit of {step.limits.seconds:g} seconds."),
        (ended.limit == "output", "output", f"It wrote more than its limit of {output} and was stopped."),
        (refused, "command", f"Its program could not be started: {os.strerror(refused)}."),
        (number, "signal", f"It crashed: the system stopped it with {_signal_name(number)}."),
        (ended.code, "exit", f"It stopped with an error (exit code {ended.code})."),
    )
    return next(((kind, words) for true, kind, words in what_happened if true), None)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def is_no_room(error: OSError) -> bool:
    """Whether this is what a full disk says."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


def no_room(error: OSError) -> Failure:
    """The files of an attempt could not be made."""
    if is_no_room(error):
        return Failure("disk", DISK_FULL)
    words = "Composer could not write its files. Whoever looks after Composer can find out why."
    return Failure("infrastructure", words, str(error))


def interrupted(state: ContainerState | None) -> Failure:
    """An end nobody saw: the container vanished, or was killed from outside."""
    if state is not None and state.oom_killed:
        return Failure("memory", "The system stopped it because memory ran out.")
    detail = (
        "Its container is gone." if state is None else f"Its container ended with code {state.exit_code}."
    )
    return Failure("infrastructure", _INTERRUPTED, detail)


def data_lost(missing: str) -> Failure:
    """It had ended well, and what it wrote did not outlast the time in which nobody watched."""
    return Failure("infrastructure", "Part of what it wrote was lost while nobody watched.", missing)


def cut_short(missing: str) -> Failure:
    """It ended well a moment ago, and what it wrote is not all there."""
    words = (
        "Part of what it wrote is missing from the disk where Composer keeps its data. Run it again; if that "
        "does not help, whoever looks after Composer should check the disk."
    )
    return Failure("infrastructure", words, missing)


def told_to_end() -> Failure:
    """Somebody stopped its container, as an engine does that is shut down."""
    return Failure("infrastructure", _INTERRUPTED, "Its container was told to end.")
