"""How a step's container is described to Docker: hardened, and without a secret in it.

Field names are the Engine API's (ContainerCreate, version 1.41).
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from composer.engine.ports import ContainerSpec, Mount
from composer.engine.values import LEAST_CPUS, LEAST_MEMORY, MOST_CPUS

Source = Callable[[Path], str]


def container_config(spec: ContainerSpec, source: Source = str) -> dict[str, Any]:
    """The body of POST /containers/create. `source`: where the engine finds a file of ours."""
    return {
        "Image": spec.image,
        "Entrypoint": [spec.entrypoint],
        "Cmd": list(spec.arguments),
        "User": spec.user,
        "Labels": dict(spec.labels),
        "Tty": False,
        "OpenStdin": spec.is_attached,
        "StdinOnce": spec.is_attached,
        "AttachStdin": spec.is_attached,
        "AttachStdout": spec.is_attached,
        "AttachStderr": spec.is_attached,
        "Healthcheck": {"Test": ["NONE"]},
        "HostConfig": _host_config(spec, source),
    }


def _host_config(spec: ContainerSpec, source: Source) -> dict[str, Any]:
    memory = max(spec.limits.memory, LEAST_MEMORY)
    return {
        "Mounts": [*(_mount(mount, source) for mount in spec.mounts), *map(_volume, spec.volumes)],
        "NetworkMode": spec.network,
        "Memory": memory,
        "MemorySwap": memory,  # the same number means: no swap
        "NanoCpus": int(min(max(spec.limits.cpus, LEAST_CPUS), MOST_CPUS) * 1e9),  # 0 would be no limit
        "PidsLimit": spec.limits.pids,
        "CapDrop": ["ALL"],
        "SecurityOpt": ["no-new-privileges"],
        "ReadonlyRootfs": not spec.writable,
        "Tmpfs": {"/tmp": "rw,exec,nosuid,nodev,mode=1777"},  # noqa: S108 - inside the container
        "RestartPolicy": {"Name": "no"},
        "LogConfig": {"Type": "none"},
        "AutoRemove": False,  # it would take the exit code with it
    }


def _mount(mount: Mount, source: Source) -> dict[str, Any]:
    """How mounts below it would spread is left to the engine: it is strict about that in its own folder."""
    return {
        "Type": "bind",
        "Source": source(mount.source),
        "Target": mount.target,
        "ReadOnly": mount.read_only,
    }


def _volume(target: str) -> dict[str, Any]:
    """Without a name, so that it goes when the container does."""
    return {"Type": "volume", "Target": target, "VolumeOptions": {"NoCopy": True}}
