"""What becomes, after a backup was brought back, of runs that were under way when it was made.

They went on after that, and nothing here knows how far. A step that may be done twice is simply done again.
One that may not (it sent something, or changed the world) is begun by nobody but a person: its run waits.
"""

from collections.abc import Iterable

from composer.catalog.selectors import manifest_of
from composer.engine.events import Change, Failure, RunChanged, StepChanged
from composer.engine.states import Status
from composer.runs import leases
from composer.runs.journal import DatabaseJournal
from composer.runs.models import ACTIVE, OVER, ArmedRun, Run, StepRun

FAILURE = Failure(
    "infrastructure",
    "Composer was brought back from a backup, and this may have been done since the backup was made. "
    "Look before you run it again.",
)


def hold_unfinished() -> tuple[int, int]:
    """Only while no worker works. Returns how many runs wait for a person now, and how many will go on."""
    ArmedRun.objects.all().delete()  # their containers are gone
    held = going_on = 0
    for run in Run.objects.filter(status__in=ACTIVE, cancel_requested_at=None).order_by("created_at"):
        steps = list(run.steps.exclude(status__in=OVER).select_related("step_version"))
        once = [step for step in steps if not manifest_of(step.step_version).repeatable]
        if once:
            _hold(run, steps, once)
            held += 1
        else:
            going_on += 1
    # Nobody who held one lives any more.
    nobodys = {"owner_instance": "", "lease_expires_at": None, "sent_at": None, "sends": 0}
    Run.objects.filter(status__in=ACTIVE).update(**nobodys)
    return held, going_on


def _hold(run: Run, steps: Iterable[StepRun], once: list[StepRun]) -> None:
    changes: list[Change] = [
        StepChanged(step.node, Status.WAITING, step.attempt, failure=FAILURE) for step in once
    ]
    # The others were interrupted, and would be done anew.
    changes += [
        StepChanged(step.node, Status.QUEUED, step.attempt + 1)
        for step in steps
        if step not in once and step.status in (Status.PREPARING, Status.RUNNING)
    ]
    first = once[0]
    words = f"“{first.title}”: {FAILURE.message}"
    changes.append(RunChanged(Status.WAITING, Failure(FAILURE.kind, words), first.node))
    DatabaseJournal(run.id, run.epoch).commit(*changes)
    leases.lay_down(run.id, run.epoch)
