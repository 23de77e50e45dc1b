"""The database of one installation under test: a file of its own, or a database of its own on a server."""

import os
import sqlite3
import uuid
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


class Database:
    """`settings` is what its installation needs in the environment."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "composer.sqlite3"
        server = os.environ.get("DATABASE_URL", "")
        self._url = _made_on(server) if server.startswith("postgresql:") else None
        self.settings = {"DATABASE_URL": self._url} if self._url else {}

    def rows_of_run(self, table: str, column: str, run: str) -> list[dict[str, Any]]:
        """All that a table has of a run, in order."""
        query = f"SELECT * FROM {table} WHERE {column} = %s ORDER BY id"
        if self._url:
            import psycopg
            from psycopg.rows import dict_row

            with psycopg.connect(self._url, row_factory=dict_row) as connection:
                return list(connection.execute(query, [run]))
        with closing(sqlite3.connect(self._file)) as database:
            database.row_factory = sqlite3.Row
            found = database.execute(query.replace("%s", "?"), [run.replace("-", "")])
            return [dict(row) for row in found]


def _made_on(server: str) -> str:
    """Beside the others: what two installations shared, each would take for its own."""
    import psycopg

    name = f"composer_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return urlsplit(server)._replace(path=f"/{name}").geturl()
