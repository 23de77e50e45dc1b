"""`manage.py sign_in_link [EMAIL]`: a page that signs a person in, once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from composer.accounts.finding import person_called
from composer.accounts.services import create_sign_in_link


class Command(BaseCommand):
    """Prints the path of a new one-time link; for the owner where no e-mail address is given."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """One optional name."""
        parser.add_argument("email", nargs="?")
        parser.add_argument("--first", action="store_true", help="only where they never signed in before")

    def handle(self, *args: Any, **options: Any) -> None:
        """Makes and prints it."""
        person = person_called(options["email"])
        if not (options["first"] and person.last_login):
            self.stdout.write(create_sign_in_link(person))
