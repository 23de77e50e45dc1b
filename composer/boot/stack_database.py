"""The database of a stack: which it is, and how it is saved and brought back.

What is brought back goes into a new database beside the one that is used. They change places by their names,
in one move; so the old one is whole until then, and nothing that only it has can get into the new one.
"""

import json
import time
from dataclasses import dataclass
from typing import IO

from composer.boot import compose
from composer.boot.telling import Trouble

USER = "composer"
PATIENCE = 90.0  # seconds
#: Asked of the settings themselves, as there are several ways to say it.
ASK = """
import json
from django.conf import settings
found = settings.DATABASES["default"]
print(json.dumps([found["ENGINE"], str(found.get("HOST", "")), str(found["NAME"])]))
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Which database the services use."""

    engine: str
    host: str
    name: str

    @property
    def is_the_stacks(self) -> bool:
        """Whether it is the one of the service `database`."""
        return self.engine.endswith(".postgresql") and self.host == "database"

    def __str__(self) -> str:
        return f"{self.name} on {self.host}" if self.host else self.name


def used_by(container: str) -> Place:
    """The database that a container of web or its like uses. Raises Trouble."""
    command = ["python3", "-c", ASK]
    said = compose.answer(container, command, trouble="The settings of the stack cannot be read:")
    engine, host, name = json.loads(said.splitlines()[-1])
    return Place(engine, host, name)


class StackDatabase:
    """One database of the service `database`. Everything raises Trouble."""

    def __init__(self, container: str, name: str) -> None:
        self.container, self.name = container, name
        self._new, self._before = f"{name}_new", f"{name}_before"

    def wait(self) -> None:
        """Until the server answers."""
        ready = ["pg_isready", "--quiet", "--host", "127.0.0.1", "--username", USER]
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                compose.into(self.container, ready, trouble="The database does not answer.")
            except Trouble:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)
            else:
                return

    def size(self) -> int:
        """How many bytes of the disk it takes."""
        return int(self._ask(f"SELECT pg_database_size({_text(self.name)})", "Its size is not known:"))

    def save(self, taken: IO[bytes]) -> None:
        """Writes all of it, as of one moment."""
        command = ["pg_dump", "--username", USER, "--format", "custom", "--dbname", self.name]
        compose.into(self.container, command, stdout=taken, trouble="The database could not be saved:")

    def bring(self, given: IO[bytes]) -> None:
        """Makes a new one of what was saved; nothing is left of it where that does not succeed."""
        trouble = "The database could not be brought back:"
        self.drop_new()
        made = ["createdb", "--username", USER, "--template", "template0", self._new]
        compose.into(self.container, made, trouble=trouble)
        flags = ["--no-owner", "--single-transaction", "--exit-on-error", "--dbname", self._new]
        try:
            command = ["pg_restore", "--username", USER, *flags]
            compose.into(self.container, command, stdin=given, trouble=trouble)
            self._ask("SELECT 'composer' FROM django_migrations LIMIT 1", trouble, database=self._new)
        except BaseException:
            self.drop_new()
            raise

    def take_place(self) -> None:
        """The new one becomes the one that is used; the old one is kept beside it."""
        self._drop(self._before)
        self._rename((self.name, self._before), (self._new, self.name))

    def put_back(self) -> None:
        """The old one is used again."""
        self._rename((self.name, self._new), (self._before, self.name))
        self.drop_new()

    def drop_new(self) -> None:
        """What was made beside the one that is used goes away."""
        self._drop(self._new)

    def forget(self) -> None:
        """The old one is needed no more."""
        self._drop(self._before)

    def _rename(self, *pairs: tuple[str, str]) -> None:
        """All or none: statements in one string are one transaction. Who is connected is cut off."""
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN ({})"
        moves = [f"ALTER DATABASE {_name(old)} RENAME TO {_name(new)}" for old, new in pairs]
        statements = [ended.format(", ".join(_text(old) for old, _ in pairs)), *moves]
        self._ask("; ".join(statements), "The database could not change places with the old one:")

    def _drop(self, name: str) -> None:
        command = ["dropdb", "--username", USER, "--if-exists", "--force", name]
        compose.into(self.container, command, trouble=f"The database {name} could not be removed:")

    def _ask(self, sql: str, trouble: str, *, database: str = "template1") -> str:
        flags = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1"]
        command = ["psql", "--username", USER, "--dbname", database, *flags, "--command", sql]
        return compose.answer(self.container, command, trouble=trouble).strip()


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
