"""`make compose-test` and `make test-postgres`: what takes too long for each time."""

from composer.boot import compose, places, postgres, shell, test
from composer.boot.telling import heading, stage


def compose_test(arguments: list[str]) -> int:
    """The stack of docker-compose.yml, from its images to its end."""
    with test.everything():
        with stage("Compose") as told:
            compose.ensure(told)
        heading("The stack")
        return shell.show(
            [places.python(), "-m", "tests.compose", *arguments], environment=test.environment()
        )


#: A thread that ends leaves its connection to be collected, as Django does; psycopg would rather not.
LEFT_OPEN = "ignore:<psycopg.Connection object:ResourceWarning"


def test_postgres(arguments: list[str]) -> int:
    """The same tests as on SQLite, on a server of PostgreSQL that lives as long as they take."""
    with test.everything(), postgres.server() as url:
        heading("Tests on PostgreSQL")
        environment = {**test.environment(), "DATABASE_URL": url}
        flags = [*test.AT_ONCE, "-W", LEFT_OPEN]
        return shell.show([places.python(), "-m", "pytest", *flags, *arguments], environment=environment)
