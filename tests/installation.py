"""An installation without Redis and workers, for commands that do without them."""

import os
import subprocess
import sys
import uuid
from pathlib import Path

from tests.databases import Database
from tests.ports import free_port
from tests.stack import ROOT

Result = subprocess.CompletedProcess[bytes]


class Installation:
    """A state of its own in a folder; `manage` runs commands in it."""

    def __init__(self, folder: Path) -> None:
        self.environment = {
            **os.environ,
            "COMPOSER_VAR": str(folder),
            "COMPOSER_INSTALLATION": f"commands-{uuid.uuid4().hex}",
            "REDIS_URL": f"redis://127.0.0.1:{free_port()}/0",  # nobody listens there
            **Database(folder).settings,
        }
        self.must("migrate")

    def manage(self, *arguments: str | Path) -> Result:
        """Runs a management command, however it ends."""
        command = [sys.executable, "manage.py", *map(str, arguments)]
        return subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, check=False)

    def must(self, *arguments: str | Path) -> bytes:
        """Runs one that has to succeed; returns what it printed."""
        done = self.manage(*arguments)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout
