"""The stack is saved while it works, and brought back: over one that went on, and into nothing."""

import io
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest

from composer.boot import backup, restore
from composer.boot.compose import into
from composer.boot.stack_database import used_by
from composer.boot.telling import Trouble, stage
from composer.engine.docker_engine import DockerEngine
from tests.compose.stack import NAMES, ComposeStack, ran
from tests.stack import Stack
from tests.system.flows import Flows, step_of, until

OWN = "postgresql://me:secret@db.example.org/mine"
BEGUN = "cat; echo begun >&2; sleep {}; echo ended"
SERVICES = {"database", "redis", "web", "worker", "beat"}


class Saving:
    """What is tried, in order."""

    def __init__(self, stack: ComposeStack, workers: int) -> None:
        self.stack, self.workers = stack, workers

    def everything(self) -> None:
        with stage("A server of one's own") as told:
            told.say(self.own_server())
        self.work()
        with tempfile.TemporaryDirectory(prefix="with space ") as folder, self.stack.in_environment():
            saved = Path(folder) / "saved.tar"
            assert backup.backup([str(saved)]) == 0
            assert os.listdir(folder) == ["saved.tar"]
            self.go_on()
            with stage("Restores that fail") as told:
                told.say(self.fail(saved))
            assert restore.restore([str(saved)]) == 0
            with stage("Over what there was") as told:
                told.say(self.look())
            with stage("Destroyed") as told:
                self.stack.destroy()
                self.stack.is_gone()
                told.say("database, data and keys")
            self.workers += 1
            assert restore.restore([str(saved)]) == 0
        with stage("Into nothing") as told:
            told.say(self.look())

    def flows(self) -> Flows:
        return Flows(cast(Stack, self.stack), self.stack.client())

    def own_server(self) -> str:
        """A database that is elsewhere is found out, however it is said."""
        settings = {"DATABASE_URL": OWN, "SECRET_KEY": "x"}
        flags = [part for name, value in settings.items() for part in ("--env", f"{name}={value}")]
        name = f"{self.stack.project}-own"
        ran(["docker", "run", "--detach", "--rm", "--name", name, *flags, NAMES["composer"], "sleep", "600"])
        try:
            place = used_by(name)
        finally:
            ran(["docker", "rm", "--force", "--volumes", name])
        assert str(place) == "mine on db.example.org"
        with pytest.raises(Trouble, match=r"of your own \(mine on db\.example\.org\).*PARTS=files"):
            backup.check(place, only_files=False)
        return "is not taken for the stack's"

    def work(self) -> None:
        """One run that is over, and some that are under way while all is saved."""
        flows = self.flows()
        self.kept = flows.start(flows.line(only="cat; echo kept"), "to be kept\n")
        flows.end(self.kept)
        acts = flows.add_step(BEGUN.format(600), repeatable=False)
        slow = flows.add_step(BEGUN.format(600))
        self.acting = flows.start(flows.add({"act": acts}))
        self.before_acting = flows.start(flows.add({"slow": slow, "act": acts}))
        self.going_on = flows.start(flows.add({"slow": flows.add_step(BEGUN.format(30))}))
        self.begun(flows, self.acting, "act")
        self.begun(flows, self.before_acting, "slow")
        self.begun(flows, self.going_on, "slow")
        self.runs = self.known(flows)

    def begun(self, flows: Flows, run: str, node: str) -> None:
        log = f"/api/runs/{run}/steps/{node}/log"
        until(lambda: b"begun" in flows.http.get(log).content, "a step that works")

    def known(self, flows: Flows) -> list[str]:
        return sorted(each["id"] for each in flows.get("/api/runs/?page_size=100")["results"])

    def go_on(self) -> None:
        """What a newer version may have made, what has come in since, and one worker less."""
        self.workers -= 1
        scale = ["--no-recreate", "--scale", f"worker={self.workers}"]
        self.stack.compose("up", "--detach", "--no-build", *scale)
        flows = self.flows()
        self.later = flows.start(flows.line(only="cat"), "later\n")
        flows.end(self.later)
        self.sql("CREATE TABLE later (run uuid REFERENCES runs_run (id))")
        self.sql(f"INSERT INTO later VALUES ('{self.later}')")

    def sql(self, *statements: str) -> str:
        code = "from django.db import connection; cursor = connection.cursor()\n"
        code += "".join(f"cursor.execute({each!r})\n" for each in statements)
        return self.stack.ask(code + "print(cursor.fetchall() if cursor.description else '')")

    def fail(self, saved: Path) -> str:
        """What was there is all there, and works."""
        self.fails(saved, "SECRET_KEY is set", SECRET_KEY="of-another-stack")
        self.fails(saved, r"of your own \(mine on db\.example\.org\)", DATABASE_URL=OWN)
        with self.a_copy():
            self.fails(saved, "The stack that was saved runs on this engine")
        bad = saved.with_name("bad.tar")
        ran(["sh", "-c", f"head --bytes={saved.stat().st_size // 2} '{saved}' > '{bad}'"])
        self.fails(bad, "not a whole one")
        parts = saved.with_name("parts")
        parts.mkdir()
        self.pack(saved, parts, bad, {"about": json.dumps({"database_bytes": 10**15}).encode()})
        self.fails(bad, r"The disk of the stack’s volumes has .* are missing")
        self.pack(saved, parts, bad, cut="spool.tar")
        self.fails(bad, "data of runs could not be brought back")
        self.pack(saved, parts, bad, cut="database")
        self.fails(bad, "database could not be brought back")
        keys = {"secret-key": b"of-another-stack", "installation": b"another"}
        self.pack(saved, parts, bad, {**keys, "database": self.odd_database()})
        self.fails(bad, "migrate failed on what was brought back")
        assert len(self.stack.containers("worker")) == self.workers
        flows = self.flows()
        assert self.later in self.known(flows)
        assert flows.http.get(f"/api/runs/{self.later}/output").content == b"later\n"
        return "change nothing: another key, half of it, a migration that fails"

    @contextmanager
    def a_copy(self) -> Iterator[None]:
        """Another stack that bears the same mark."""
        name = f"{self.stack.project}-copy"
        flags = ["--name", name, "--volume", f"{self.stack.project}_state:/state:ro"]
        ran(["docker", "run", "--detach", "--rm", *flags, NAMES["composer"], "sleep", "600"])
        try:
            yield
        finally:
            ran(["docker", "rm", "--force", "--volumes", name])

    def pack(
        self, saved: Path, parts: Path, target: Path, others: Mapping[str, bytes] | None = None, cut: str = ""
    ) -> None:
        """The same backup with other parts, or with one of which half is missing."""
        ran(["tar", "-xf", str(saved), "-C", str(parts)])
        if cut:
            os.truncate(parts / cut, (parts / cut).stat().st_size // 2)
        for name, content in (others or {}).items():
            (parts / name).write_bytes(content)
        ran(["tar", "-cf", str(target), "-C", str(parts), *os.listdir(parts)])

    def odd_database(self) -> bytes:
        """One that no migration can go over."""
        container, user = self.stack.containers("database")[0], ["--username", "composer"]
        inside = ["docker", "exec", container]
        ran([*inside, "createdb", *user, "odd"])
        ran([*inside, "sh", "-c", "pg_dump -U composer composer | psql -U composer --quiet odd"])
        ran([*inside, "psql", *user, "--command", "DELETE FROM django_migrations", "odd"])
        saved = io.BytesIO()
        into(container, ["pg_dump", *user, "--format", "custom", "odd"], stdout=saved, trouble="odd:")
        ran([*inside, "dropdb", *user, "odd"])
        return saved.getvalue()

    def fails(self, saved: Path, words: str, **environment: str) -> None:
        before = self.stack.inside(self.stack.containers("web")[0], "cat", "/state/secret-key")
        with pytest.MonkeyPatch.context() as given:
            for name, value in environment.items():
                given.setenv(name, value)
            with pytest.raises(Trouble, match=words):
                restore.restore([str(saved)])
        self.stack.wait_until_healthy(SERVICES)
        assert self.stack.inside(self.stack.containers("web")[0], "cat", "/state/secret-key") == before
        self.nothing_beside()

    def nothing_beside(self) -> None:
        """Of what stood beside something while it was brought back."""
        assert self.sql("SELECT datname FROM pg_database WHERE datname LIKE 'composer%'") == "[('composer',)]"
        folders = self.stack.inside(self.stack.containers("web")[0], "ls", "/spool").split()
        assert [name for name in folders if name.startswith("runs")] == ["runs"]

    def steps(self) -> list[str]:
        labels = {"composer.installation": self.stack.installation, "composer.role": "step"}
        return [state.id for state in DockerEngine().find(labels)]

    def look(self) -> str:
        """All that was saved and nothing else; what may not be done twice waits for a person."""
        self.stack.wait_until_healthy(SERVICES)
        assert len(self.stack.containers("worker")) == self.workers
        self.stack.know_installation()
        self.nothing_beside()
        assert self.sql("SELECT to_regclass('later')") == "[(None,)]"
        flows = self.flows()
        assert self.known(flows) == self.runs
        assert flows.http.get(f"/api/runs/{self.kept}/output").content == b"to be kept\nkept\n"
        for run in (self.acting, self.before_acting):
            found = flows.get(f"/api/runs/{run}/")
            assert found["status"] == "waiting", found
            assert found["failed_node"] == "act"
            assert "backup" in step_of(found, "act")["error"]
        ended = flows.end(self.going_on)
        assert ended["status"] == "succeeded", ended
        assert flows.http.get(f"/api/runs/{self.going_on}/output").content == b"x\nended\n"
        until(lambda: not self.steps(), "the end of all steps: none lived on, none was begun again")
        again = flows.start(flows.get(f"/api/runs/{self.kept}/")["workflow"], "more\n")
        assert flows.end(again)["status"] == "succeeded"
        return f"{len(self.runs)} runs with their data, 2 of them wait; work goes on"
