"""`manage.py create_token [EMAIL]`: a token for programs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from composer.accounts.finding import person_called
from composer.accounts.services import create_token


class Command(BaseCommand):
    """Prints a new API token, once; of the owner where no e-mail address is given."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """One optional name."""
        parser.add_argument("email", nargs="?")

    def handle(self, *args: Any, **options: Any) -> None:
        """Makes and prints it."""
        self.stdout.write(create_token(person_called(options["email"])))
