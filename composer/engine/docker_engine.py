"""The container engine, for real: Docker through its SDK. The only `import docker`."""

import errno
import io
import posixpath
import re
import tarfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Any

import docker
import requests
from docker.errors import APIError, DockerException, ImageNotFound, NotFound
from docker.utils import kwargs_from_env

from composer.engine.docker_attach import SocketLine, file_of_tar, tar_of
from composer.engine.docker_config import container_config
from composer.engine.docker_paths import HostPaths, found_by_inspection, on_host
from composer.engine.errors import CommandRefused, EngineAway, ImageMissing, WrongArchitecture
from composer.engine.ports import ContainerSpec, ContainerState, Entry, Image, Line
from composer.engine.sources import ensure_ours

HOLDER_IMAGE = "composer/holder:1"
_SAME_ARCHITECTURE = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm"}


@contextmanager
def _reachable() -> Iterator[None]:
    """Turns every way of not being answered into EngineAway."""
    try:
        yield
    except APIError as error:
        if error.response is not None and error.response.status_code in (502, 503, 504):
            raise EngineAway(str(error)) from error
        raise
    except (requests.exceptions.RequestException, DockerException) as error:
        raise EngineAway(str(error)) from error


class DockerEngine:
    """`ports.ContainerEngine` on the engine behind DOCKER_HOST or the local socket.

    `host_paths`: where our folders lie on the engine's host; found out where that is not said.
    """

    def __init__(
        self, base_url: str | None = None, *, connections: int = 32, host_paths: HostPaths | None = None
    ) -> None:
        self._base_url = base_url
        self._connections = connections
        self._host_paths = host_paths and {_resolved(ours): theirs for ours, theirs in host_paths.items()}
        self._client: docker.APIClient | None = None
        self._architecture: str | None = None

    @property
    def _api(self) -> docker.APIClient:
        if self._client is None:
            with _reachable():
                arguments: dict[str, Any] = dict(kwargs_from_env())
                if self._base_url:
                    arguments["base_url"] = self._base_url
                self._client = docker.APIClient(version="auto", max_pool_size=self._connections, **arguments)
        return self._client

    def architecture(self) -> str:
        """The engine's own, as images name it: amd64, arm64…"""
        if self._architecture is None:
            with _reachable():
                name = str(self._api.version()["Arch"])
            self._architecture = _SAME_ARCHITECTURE.get(name, name)
        return self._architecture

    def image(self, reference: str, *, may_pull: bool, on_progress: Callable[[str], None]) -> Image:
        """See ports.ContainerEngine."""
        with _reachable():
            try:
                found = self._api.inspect_image(reference)
            except (ImageNotFound, NotFound):
                if not may_pull:
                    raise _missing(reference) from None
                self._pull(reference, on_progress)
                found = self._api.inspect_image(reference)
            except APIError as error:
                raise _missing(reference, _explanation(error)) from error
        image = _image(found)
        if image.os != "linux" or image.architecture != self.architecture():
            raise WrongArchitecture(
                f"The program “{reference}” is made for {image.os}/{image.architecture}, "
                f"and this machine is linux/{self.architecture()}.",
                "Use an image that is made for this kind of machine.",
            )
        return image

    def _pull(self, reference: str, on_progress: Callable[[str], None]) -> None:
        name, _, tag = reference.partition("@") if "@" in reference else _split_tag(reference)
        try:
            layers: dict[str, tuple[int, int]] = {}
            for line in self._api.pull(name, tag=tag or "latest", stream=True, decode=True):
                if "error" in line:
                    raise _missing(reference, str(line["error"]))
                detail = line.get("progressDetail") or {}
                if detail.get("total"):
                    layers[line.get("id", "")] = (detail.get("current", 0), detail["total"])
                    on_progress(_pull_words(layers))
        except APIError as error:
            raise _missing(reference, _explanation(error)) from error

    def start(self, spec: ContainerSpec) -> str:
        """See ports.ContainerEngine. What could not be started is removed again. Raises NotOurs too."""
        return self._start(spec, lambda container: None)

    def _start(self, spec: ContainerSpec, make_ready: Callable[[str], None]) -> str:
        container = ""
        with _reachable():
            try:
                ensure_ours(spec.mounts)
                config = container_config(spec, self._source)
                container = str(self._api.create_container_from_config(config)["Id"])
                make_ready(container)
                self._api.start(container)
            except Exception as error:
                if container:
                    with suppress(EngineAway):
                        self.remove(container)
                if not isinstance(error, APIError):
                    raise
                if isinstance(error, ImageNotFound | NotFound) and not container:
                    raise _missing(spec.image) from error
                raise CommandRefused(
                    "The container could not be started as this step describes it.", _explanation(error)
                ) from error
        return container

    def _source(self, path: Path) -> str:
        if self._host_paths is None:
            self._host_paths = found_by_inspection(self._describe)
        return on_host(path, self._host_paths)

    def _describe(self, container: str) -> Mapping[str, Any] | None:
        try:
            found: Mapping[str, Any] = self._api.inspect_container(container)
        except APIError as error:
            if error.response is not None and error.response.status_code in (403, 404):
                return None  # not of this engine, or not for us to know: then paths are as they are
            raise
        return found

    def start_attached(self, spec: ContainerSpec, entries: Sequence[Entry]) -> tuple[str, Line]:
        """See ports.AttachableEngine."""
        lines: list[SocketLine] = []

        def make_ready(container: str) -> None:
            self.put(container, entries, lambda: True)
            streams = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
            lines.append(SocketLine(self._api.attach_socket(container, params=streams)))

        try:
            return self._start(spec, make_ready), lines[0]
        except Exception:
            for line in lines:
                line.close()
            raise

    def put(self, container: str, entries: Sequence[Entry], wanted: Callable[[], bool]) -> None:
        """See ports.AttachableEngine."""
        folders: dict[str, list[Entry]] = {}
        for entry in entries:
            folders.setdefault(posixpath.dirname(entry.path), []).append(entry)
        with _reachable():
            for folder, inside in folders.items():
                try:
                    self._api.put_archive(container, folder, tar_of(inside, wanted))
                except APIError as error:
                    full = "no space left" in _explanation(error) or "quota exceeded" in _explanation(error)
                    raise OSError(errno.ENOSPC if full else errno.EIO, _explanation(error)) from error

    def get(self, container: str, path: str) -> Iterator[bytes]:
        """See ports.AttachableEngine."""
        with _reachable():
            try:
                chunks, _ = self._api.get_archive(container, path)
            except APIError as error:
                if error.response is not None and error.response.status_code in (404, 409):
                    return  # it is gone, or going
                raise OSError(errno.EIO, _explanation(error)) from error
            yield from file_of_tar(chunks)

    def inspect(self, container: str) -> ContainerState | None:
        """See ports.ContainerEngine."""
        with _reachable():
            try:
                found = self._api.inspect_container(container)
            except NotFound:
                return None
        state = found["State"]
        return ContainerState(
            id=found["Id"],
            labels=found["Config"].get("Labels") or {},
            running=state["Running"] or state["Status"] == "created",
            exit_code=None if state["Running"] else state["ExitCode"],
            oom_killed=bool(state.get("OOMKilled")),
            error=state.get("Error") or "",
        )

    def find(self, labels: Mapping[str, str]) -> list[ContainerState]:
        """See ports.ContainerEngine. Exit codes are left to `inspect`."""
        wanted = [f"{key}={value}" if value else key for key, value in labels.items()]
        with _reachable():
            rows = self._api.containers(all=True, filters={"label": wanted})
        return [
            ContainerState(
                id=row["Id"],
                labels=row.get("Labels") or {},
                running=row["State"] in ("running", "created", "paused"),
                exit_code=None,
            )
            for row in rows
        ]

    def kill(self, container: str, signal: str = "KILL") -> None:
        """See ports.ContainerEngine."""
        with _reachable(), suppress(APIError):  # 404: gone; 409: not running
            self._api.kill(container, signal)

    def remove(self, container: str) -> None:
        """See ports.ContainerEngine."""
        with _reachable():
            try:
                self._api.remove_container(container, v=True, force=True)
            except NotFound:
                return
            except APIError as error:
                if error.response is not None and error.response.status_code == 409:
                    return  # somebody else is removing it this moment
                raise EngineAway(_explanation(error)) from error

    def holder_image(self) -> str:
        """An image with nothing in it, for the containers that only hold a network namespace."""
        with _reachable():
            try:
                self._api.inspect_image(HOLDER_IMAGE)
            except NotFound:
                empty = io.BytesIO()
                tarfile.open(fileobj=empty, mode="w").close()
                repository, _, tag = HOLDER_IMAGE.partition(":")
                self._api.import_image_from_data(empty.getvalue(), repository=repository, tag=tag)
        return HOLDER_IMAGE

    def close(self) -> None:
        """Closes the connections to the engine."""
        if self._client is not None:
            self._client.close()


def _resolved(path: PurePosixPath) -> PurePosixPath:
    """As the spool's own paths are."""
    return PurePosixPath(Path(path).resolve())


def _image(found: Mapping[str, Any]) -> Image:
    config = found.get("Config") or {}
    digests = found.get("RepoDigests") or []
    pairs = (line.partition("=") for line in config.get("Env") or [])
    return Image(
        id=found["Id"],
        digest=digests[0] if digests else found["Id"],
        entrypoint=tuple(config.get("Entrypoint") or ()),
        command=tuple(config.get("Cmd") or ()),
        environment={name: value for name, _, value in pairs},
        architecture=found.get("Architecture") or "",
        os=found.get("Os") or "linux",
    )


def _split_tag(reference: str) -> tuple[str, str, str]:
    match = re.fullmatch(r"(.+?)(?::([\w][\w.-]{0,127}))?", reference)
    return (match[1], ":", match[2] or "latest") if match else (reference, ":", "latest")


def _missing(reference: str, detail: str = "") -> ImageMissing:
    return ImageMissing(
        f"The program of this step, “{reference}”, is not on this machine and could not be fetched.",
        detail or "Ask the person who runs Composer to load its image, or choose another step.",
    )


def _pull_words(layers: Mapping[str, tuple[int, int]]) -> str:
    done, total = (sum(pair[place] for pair in layers.values()) for place in (0, 1))
    return f"Downloading its program, {100 * done // max(total, 1)} %"


def _explanation(error: APIError) -> str:
    return str(error.explanation or error)
