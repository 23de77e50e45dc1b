"""A container engine of the tests' own, in a folder of its own, that may be killed."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.engine.images import have_busybox
from tests.system.processes import family

PATIENCE = 60.0  # seconds
CONTAINERD = """\
version = 2
root = "{folder}/containerd/root"
state = "{folder}/containerd/state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
address = "{folder}/containerd.sock"
"""


class OwnEngine:
    """dockerd with a containerd beside it, as most systems have them. Needs root."""

    def __init__(self, folder: Path, *flags: str) -> None:
        self.folder, self.flags = folder, flags
        self.host = f"unix://{folder}/docker.sock"
        self._containerd: subprocess.Popen[bytes] | None = None
        self._dockerd: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "OwnEngine":
        settings = self.folder / "containerd.toml"
        settings.write_text(CONTAINERD.format(folder=self.folder))
        self._containerd = self._begin("containerd", "--config", str(settings))
        _until((self.folder / "containerd.sock").exists)
        self.start()
        self._load(have_busybox())
        return self

    def __exit__(self, *error: object) -> None:
        for process in (self._dockerd, self._containerd):
            if process is not None:
                process.send_signal(signal.SIGTERM)
                process.wait(PATIENCE)
        self._end_forgotten()
        # dockerd mounts its own folder over itself, and leaves that behind.
        subprocess.run(["umount", "-l", self.folder / "data"], check=False, capture_output=True)

    def start(self) -> None:
        """Starts dockerd and waits until it answers."""
        folder = self.folder
        # Without a bridge dockerd removes the one that the machine's own engine uses: so it gets a
        # network of its own, in which there is none.
        self._dockerd = self._begin(
            *("unshare", "--net", "dockerd"),
            *("--host", self.host, "--containerd", f"{folder}/containerd.sock"),
            *("--data-root", f"{folder}/data", "--exec-root", f"{folder}/exec"),
            *("--pidfile", f"{folder}/docker.pid", "--bridge", "none", "--iptables=false"),
            *self.flags,
        )
        _until(lambda: self._docker("version").returncode == 0)

    def kill(self) -> None:
        """SIGKILL for dockerd. containerd and the containers go on without it."""
        assert self._dockerd is not None
        self._dockerd.kill()
        self._dockerd.wait()
        self._dockerd = None

    def _end_forgotten(self) -> None:
        """What was being made when dockerd was killed is known to nobody. Their shims name us."""
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                arguments = (entry / "cmdline").read_bytes().split(b"\0")
                if f"{self.folder}/containerd.sock".encode() in arguments:
                    for pid in reversed(family(int(entry.name))):
                        os.kill(pid, signal.SIGKILL)

    def _load(self, image: str) -> None:
        saved = subprocess.run(["docker", "save", image], check=True, capture_output=True)
        loaded = self._docker("load", given=saved.stdout)
        assert loaded.returncode == 0, loaded.stderr

    def _docker(self, *arguments: str, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
        command = ["docker", "--host", self.host, *arguments]
        return subprocess.run(command, input=given, check=False, capture_output=True)

    def _begin(self, *command: str) -> "subprocess.Popen[bytes]":
        environment = {key: value for key, value in os.environ.items() if key != "DOCKER_HOST"}
        with (self.folder / f"{command[0]}.log").open("ab") as log:
            return subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment
            )


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "the engine of the tests does not answer"
        time.sleep(0.1)
