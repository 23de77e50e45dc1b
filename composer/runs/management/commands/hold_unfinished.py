"""`manage.py hold_unfinished`: after a backup was brought back, and before a worker starts."""

from typing import Any

from django.core.management.base import BaseCommand

from composer.runs.holding import hold_unfinished


class Command(BaseCommand):
    """Prints what became of the runs that were under way when the backup was made."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """One line; nothing where no run was under way."""
        held, going_on = hold_unfinished()
        if held or going_on:
            self.stdout.write(f"of runs under way, {held} wait for a person, {going_on} go on")
