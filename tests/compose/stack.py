"""The stack of docker-compose.yml as the tests have it: a project, a port and a state of its own."""

import json
import os
import subprocess
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from composer.boot import engine, image
from composer.boot.telling import Stage, stage
from composer.catalog.docker_cli import image_id
from composer.engine.docker_engine import DockerEngine
from tests.ports import free_port
from tests.stack import ROOT

Json = dict[str, Any]
PATIENCE = 180.0  # seconds
IMAGES = Path(__file__).with_name("images")
NAMES = {"composer": "composer-compose-test/composer:1", "steps": "composer-compose-test/steps:1"}
SERVERS = {
    "postgres": os.environ.get("POSTGRES_IMAGE") or "composer-compose-test/postgres:1",
    "redis": os.environ.get("REDIS_IMAGE") or "composer-compose-test/redis:1",
}


class ComposeStack:
    """`url`, `token` and `manage` are as those of tests.stack.Stack, so the same tests can be run on both."""

    def __init__(self, command: list[str], project: str = "", port: int = 0, token: str = "") -> None:
        self.command = command
        self.project = project or f"composer-test-{uuid.uuid4().hex[:8]}"
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.token = token
        self.installation = "-"
        self._volumes_before = dangling_volumes()
        self.environment: dict[str, str] = {
            **os.environ,
            "COMPOSE_PROJECT_NAME": self.project,
            "COMPOSER_PUBLISH": f"127.0.0.1:{self.port}",
            "COMPOSER_ADDRESS": self.url,
            "COMPOSER_IMAGE": NAMES["composer"],
            "COMPOSER_STEPS_IMAGE": NAMES["steps"],
            "POSTGRES_IMAGE": SERVERS["postgres"],
            "REDIS_IMAGE": SERVERS["redis"],
        }

    def compose(self, *arguments: str) -> str:
        """Runs a compose command; returns what it printed."""
        return ran([*self.command, *arguments], self.environment)

    def start(self, workers: int) -> None:
        """Everything, from nothing to healthy."""
        self.environment["WORKERS"] = str(workers)
        self.compose("up", "--detach", "--no-build")
        self.wait_until_healthy({"database", "redis", "web", "worker", "beat"})

    def wait_until_healthy(self, services: Iterable[str]) -> None:
        """Raises AssertionError with the logs where one does not get so far."""
        deadline = time.monotonic() + PATIENCE
        while True:
            states = {name: self.health(name) for name in services}
            if all(found and set(found) == {"healthy"} for found in states.values()):
                return
            assert time.monotonic() < deadline, f"{states}\n{self.compose('logs', '--tail', '40')}"
            time.sleep(0.3)

    def health(self, service: str) -> list[str]:
        """Of each container of a service."""
        return [state["State"]["Health"]["Status"] for state in self.described(service)]

    def described(self, service: str) -> list[Json]:
        """What `docker inspect` says of the containers of a service that run."""
        ids = self.containers(service)
        return list(json.loads(ran(["docker", "inspect", *ids]))) if ids else []

    def containers(self, service: str = "", *, stopped: bool = False) -> list[str]:
        """The ids of the stack's own containers."""
        labels = [f"label=com.docker.compose.project={self.project}"]
        labels += [f"label=com.docker.compose.service={service}"] if service else []
        filters = [part for label in labels for part in ("--filter", label)]
        return ran(["docker", "ps", "--quiet", *(["--all"] if stopped else []), *filters]).split()

    def know_installation(self) -> None:
        """Remembers by which label the containers of its steps are known."""
        self.installation = self.inside(self.containers("web")[0], "cat", "/state/installation").strip()

    def leftovers(self) -> dict[str, list[str]]:
        """What of this stack is still there; of volumes also those without a name, that bear no label."""
        label = f"label=com.docker.compose.project={self.project}"
        steps = DockerEngine().find({"composer.installation": self.installation})
        return {
            "containers": [*self.containers(stopped=True), *(state.id for state in steps)],
            "volumes": ran(["docker", "volume", "ls", "--quiet", "--filter", label]).split(),
            "volumes that nobody uses": sorted(dangling_volumes() - self._volumes_before),
            "networks": ran(["docker", "network", "ls", "--quiet", "--filter", label]).split(),
        }

    def inside(self, container: str, *command: str) -> str:
        """Runs a command in a container; returns what it printed."""
        return ran(["docker", "exec", container, "python3", "-m", "composer.boot.inside", *command])

    def manage(self, *arguments: str) -> str:
        """Runs a management command in web; returns what it printed."""
        return self.inside(self.containers("web")[0], "python3", "manage.py", *arguments)

    def ask(self, code: str) -> str:
        """Runs Python in web's Django; returns what it printed."""
        return self.manage("shell", "--no-imports", "--command", code).strip()

    def client(self) -> httpx.Client:
        """A client of the API, signed in as the owner."""
        return httpx.Client(
            base_url=self.url, headers={"Authorization": f"Token {self.token}"}, timeout=PATIENCE
        )

    def kill(self, name: str) -> None:
        """SIGKILL to a service's containers. What was killed by hand is not started again by the engine."""
        ran(["docker", "kill", *self.containers(name)])

    def start_web(self) -> None:
        """Starts it after that."""
        self.compose("start", "web")

    def instances(self) -> dict[str, str]:
        """The worker of each instance that lives, by the lock that its container holds."""
        code = (
            "from composer.boot import health; from pathlib import Path; "
            "print(*[p.stem for p in Path('/spool/workers').glob('*.lock') if health.is_held(p)])"
        )
        found = {worker: self.inside(worker, "python3", "-c", code) for worker in self.containers("worker")}
        return {instance: worker for worker, said in found.items() for instance in said.split()}

    def destroy(self) -> None:
        """Takes everything down, data and step containers too."""
        self.compose("down", "--volumes", "--remove-orphans", "--timeout", "10")
        engine.remove_containers(self.installation)

    def destroy_all(self) -> None:
        """The same, and looks whether anything is left."""
        self.destroy()
        self.is_gone()

    def is_gone(self) -> None:
        """Looks whether anything is left. Volumes of others go a moment after their containers."""
        deadline = time.monotonic() + 20
        while any((left := self.leftovers()).values()):
            assert time.monotonic() < deadline, left
            time.sleep(0.5)

    @contextmanager
    def in_environment(self) -> Iterator[None]:
        """For what reads the project's name and settings from the environment."""
        kept = dict(os.environ)
        os.environ.update(self.environment)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(kept)


def ran(command: list[str], environment: Mapping[str, str] | None = None) -> str:
    """What a command printed. Raises AssertionError with its last words."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return done.stdout


def dangling_volumes() -> set[str]:
    """The volumes of this engine that no container has."""
    return set(ran(["docker", "volume", "ls", "--quiet", "--filter", "dangling=true"]).split())


def build_images() -> None:
    """All four; what they replace is removed, and what they are made of stays for the next time."""
    before = {name: image_id(name) for name in (*NAMES.values(), *SERVERS.values())}
    image.build_all(NAMES)
    debian = image.base(Stage("Debian"))
    for server, name in SERVERS.items():
        if name.startswith("composer-compose-test/"):
            with stage(f"Image {server}"):
                flags = ["--network", "host", "--build-arg", f"DEBIAN={debian}", "--tag", name]
                command = ["docker", "build", "--quiet", *flags, str(IMAGES / server)]
                ran(command, {**os.environ, "DOCKER_BUILDKIT": "0"})
    for name, old in before.items():
        if old and old != image_id(name):
            subprocess.run(["docker", "rmi", old], capture_output=True, check=False)
