"""`manage.py bootstrap`: the owner, the built-in steps and the sample workflows."""

from typing import Any

from django.core.management.base import BaseCommand

from composer.accounts.services import bootstrap_owner
from composer.catalog.services import install_builtin_steps
from composer.workflows.files import install_samples


class Command(BaseCommand):
    """Makes what a new installation needs; changes nothing where it is there."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """In the order in which one needs the other."""
        owner = bootstrap_owner()
        steps = install_builtin_steps()
        samples = install_samples(owner.workspace)
        self.stdout.write(f"{steps} new steps, {samples} new sample workflows")
