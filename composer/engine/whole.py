"""Whether all that a step's gate says it wrote is still there.

The gate counts a byte when it has moved it into the file that keeps an output, and nothing else: what was
held back by delimiters is not counted, a sample is not the output. So a kept file that is shorter has lost
something since: to a disk that was cut off, a copy that was brought back, somebody's hand.
"""

from composer.engine.files import size_of
from composer.engine.gate.gate import Ended
from composer.engine.graph import STDOUT
from composer.engine.ports import StepSpec
from composer.engine.spool import AttemptFiles


def what_is_missing(files: AttemptFiles, step: StepSpec, end: Ended) -> str:
    """In words, of the first output that is shorter than the gate's count; nothing where all is there."""
    for channel, name in enumerate((STDOUT, *step.outputs)):
        wrote = end.meter.of_channel(channel)
        if wrote and (kept := _kept(files, name)) is not None and kept < wrote:
            called = "its output" if name == STDOUT else f"its output “{name}”"
            return f"Of {wrote:,} bytes of {called}, {kept:,} are still there."
    return ""


def _kept(files: AttemptFiles, name: str) -> int | None:
    """The size of what keeps an output; None where only a sample was to be kept."""
    size = size_of(files.output(name))
    if size is None and size_of(files.sample(name)) is not None:
        return None
    return size or 0
