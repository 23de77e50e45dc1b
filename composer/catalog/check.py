"""Runs the examples of a step in the real container and says what came out otherwise.

The containers are locked up as in a run (no network, read-only root, no rights), but are started
by plain `docker run`: examples hold no secrets, and an author needs neither a worker nor a run.
"""

import difflib
import json
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from composer.catalog.docker_cli import DockerFailed, DockerTooSlow, attempt, docker
from composer.catalog.environment import environment
from composer.catalog.manifest import Manifest
from composer.catalog.manifest_examples import Example, Picture
from composer.catalog.sizes import format_size
from composer.catalog.taking import data_of

PNG = b"\x89PNG\r\n\x1a\n"
PORT = 8000
NO_PAGES: Mapping[str, str] = MappingProxyType({})
ERROR = "composer:error "
# Serves the pages of an example inside the step's own network, where nothing else is.
SERVER = f"""
import json, os
from http.server import BaseHTTPRequestHandler, HTTPServer
pages = json.loads(os.environ["PAGES"])
class Pages(BaseHTTPRequestHandler):
    def do_GET(self):
        page = pages.get(self.path)
        body = (page if page is not None else "no such page").encode()
        kind = "text/html" if body.lstrip().startswith(b"<") else "text/plain"
        self.send_response(200 if page is not None else 404)
        self.send_header("Content-Type", kind + "; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
server = HTTPServer(("127.0.0.1", {PORT}), Pages)
print("ready", flush=True)
server.serve_forever()
"""


@dataclass(frozen=True, slots=True)
class Checked:
    """How one example went; `problem` is empty where it came out as it should."""

    example: Example
    problem: str


@dataclass(frozen=True, slots=True)
class Came:
    """What came out of a container."""

    code: int
    output: bytes
    log: str


class Checker:
    """Runs examples for one installation; its containers bear that installation's label."""

    def __init__(self, installation: str, server_image: str) -> None:
        self.labels = ("--label", f"composer.installation={installation}", "--label", "composer.role=check")
        self.server_image = server_image

    def check(self, manifest: Manifest, image: str) -> Iterator[Checked]:
        """Each example, one after the other. Raises DockerFailed where no container can be run."""
        for example in manifest.examples:
            try:
                came = self.run(manifest, image, example.params, example.input.encode(), example.pages)
                problem = difference(example, came)
            except DockerTooSlow:
                problem = f"It did not end within {manifest.limits.seconds:g} seconds."
            yield Checked(example, problem)

    def run(
        self,
        manifest: Manifest,
        image: str,
        params: Mapping[str, Any],
        data: bytes,
        pages: Mapping[str, str] = NO_PAGES,
    ) -> Came:
        """The step over these bytes, in a container of its own."""
        with self._network(manifest, pages) as network, self._named() as name:
            limits = manifest.limits
            arguments = [
                *("run", "--interactive", "--name", name, *self.labels, "--network", network, *HARDENED),
                *(LASTING_TMP if manifest.output.startswith("/") else TMP),
                *("--memory", str(limits.memory), "--memory-swap", str(limits.memory)),
                *("--cpus", str(limits.cpus), "--user", manifest.user or "65534:65534"),
                *([] if manifest.writable else ["--read-only"]),
                *(f"--env={key}={value}" for key, value in environment(manifest, params).items()),
                *(["--entrypoint", manifest.entrypoint[0]] if manifest.entrypoint else []),
                *(image, *(manifest.entrypoint or ())[1:], *(manifest.command or ())),
            ]
            with tempfile.TemporaryFile() as stdin:
                stdin.write(b"" if manifest.takes == "nothing" else data)
                stdin.seek(0)
                done = attempt(*arguments, stdin=stdin, seconds=limits.seconds)
            output, said = data_of(manifest, name, done.stdout, done.stderr)
            log = said.decode(errors="replace")
            if (
                done.returncode == 137
                and docker("inspect", "--format", "{{.State.OOMKilled}}", name) == "true"
            ):
                log += f"It needed more than the {format_size(limits.memory)} of memory it may use.\n"
        if done.returncode == 125:  # docker's own: the container was never made
            raise DockerFailed(f"The container could not be started: {log.strip()}", log)
        return Came(done.returncode, output, log)

    @contextmanager
    def _network(self, manifest: Manifest, pages: Mapping[str, str]) -> Iterator[str]:
        """None at all; or, for a step that reads the web, one with nothing but the example's pages."""
        if manifest.network == "none" or not pages:
            yield "none"
            return
        with self._named() as name:
            arguments = ["run", "--name", name, *self.labels, "--network", "none", *HARDENED, *TMP]
            arguments += [
                "--read-only",
                f"--env=PAGES={json.dumps(dict(pages))}",
                self.server_image,
                "python3",
                "-c",
                SERVER,
            ]
            with subprocess.Popen(
                ["docker", *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            ) as server:
                if server.stdout is None or server.stdout.readline() != b"ready\n":
                    raise DockerFailed("The pages of the example could not be served.")
                yield f"container:{name}"
                docker("kill", name)

    @contextmanager
    def _named(self) -> Iterator[str]:
        name = f"composer-check-{uuid4().hex[:12]}"
        try:
            yield name
        finally:
            attempt("rm", "--force", "--volumes", name)


HARDENED = (
    *("--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--pids-limit", "256"),
    *("--env", "HOME=/tmp", "--no-healthcheck", "--log-driver", "none"),
)
TMP = ("--tmpfs", "/tmp:exec")  # noqa: S108 - inside the container
LASTING_TMP = ("--volume", "/tmp")  # noqa: S108 - a file that is left there can be fetched at the end


def difference(example: Example, came: Came) -> str:
    """What is not as the example says, in words with a diff; empty where all is well."""
    if example.error is not None:
        return _error_difference(example.error, came)
    if came.code != 0:
        return f"It failed with exit code {came.code}.\n{came.log.strip()}"
    if example.picture is not None:
        return _picture_difference(example.picture, came.output)
    if example.output_starts is not None:
        begin = example.output_starts.encode()
        return "" if came.output.startswith(begin) else text_difference(begin, came.output[: len(begin)])
    if example.output is not None:
        return text_difference(example.output.encode(), came.output)
    return ""


def _error_difference(wanted: str, came: Came) -> str:
    if came.code == 0:
        return f"It should fail with “{wanted}”, but it ended well."
    said = [line.removeprefix(ERROR) for line in came.log.splitlines() if line.startswith(ERROR)]
    if any(wanted in line for line in said):
        return ""
    return f"It should say “{wanted}”, but said:\n{came.log.strip() or 'nothing'}"


def _picture_difference(wanted: Picture, output: bytes) -> str:
    size = png_size(output)
    if size is None:
        return "What came out is not a PNG picture."
    if size == (wanted.width, wanted.height):
        return ""
    return f"The picture is {size[0]} × {size[1]} pixels, not {wanted.width} × {wanted.height}."


def text_difference(wanted: bytes, came: bytes) -> str:
    """A diff by lines in which line ends can be seen; empty where the bytes are the same."""
    if wanted == came:
        return ""
    lines = difflib.unified_diff(
        _visible(wanted), _visible(came), "the example", "what came out", lineterm=""
    )
    return "\n".join(lines)


def _visible(data: bytes) -> list[str]:
    text = data.decode(errors="backslashreplace")
    lines = text.split("\n")
    shown = [line.replace("\r", "␍").replace("\t", "→\t") for line in lines]
    if shown[-1] == "":
        return shown[:-1]
    return [*shown[:-1], f"{shown[-1]}⏹ (no line end)"]


def png_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, None for anything else."""
    if not data.startswith(PNG) or data[12:16] != b"IHDR" or not data.endswith(b"IEND\xaeB`\x82"):
        return None
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
