"""Reading for watchers goes on over a database that was away in between."""

import pytest
from django.db import InterfaceError, OperationalError

from composer.runs import feed


@pytest.mark.parametrize("gone", [OperationalError, InterfaceError])
async def test_a_connection_that_died_meanwhile_is_not_told_to_the_watcher(gone: type[Exception]) -> None:
    died = [gone("terminating connection due to administrator command")]

    def read() -> str:
        if died:
            raise died.pop()
        return "read"

    assert await feed.in_thread(read) == "read"


async def test_a_database_that_stays_away_is_told() -> None:
    def read() -> str:
        raise OperationalError("it is away")

    with pytest.raises(OperationalError, match="away"):
        await feed.in_thread(read)
