"""Tiny images for tests, made on the engine from Debian's static busybox; nothing is pulled."""

import io
import json
import subprocess
import tarfile
from pathlib import Path

BUSYBOX = "composer-test/busybox:1"
BARE = "composer-test/bare:1"  # neither entrypoint nor command, and no shell
BUSYBOX_PROGRAM = Path("/bin/busybox")


def have_busybox() -> str:
    """An image with busybox and its applets; returns its name."""
    if not _exists(BUSYBOX):
        _import(BUSYBOX, _busybox_tree(), ['CMD ["/bin/sh"]', "ENV PATH=/bin"])
    return BUSYBOX


def have_bare() -> str:
    """An image that holds one static program and says nothing of how to run it."""
    if not _exists(BARE):
        tree = _Tree()
        tree.file("cat", BUSYBOX_PROGRAM.read_bytes(), mode=0o755)
        _import(BARE, tree.bytes(), [])
    return BARE


def build(tag: str, dockerfile: str) -> str:
    """An image made by `docker build` without any context; returns its name."""
    subprocess.run(
        ["docker", "build", "-q", "-t", tag, "-"], input=dockerfile.encode(), check=True, capture_output=True
    )
    return tag


class _Tree:
    def __init__(self) -> None:
        self._raw = io.BytesIO()
        self._tar = tarfile.open(fileobj=self._raw, mode="w")  # noqa: SIM115 - closed by bytes()

    def file(self, name: str, data: bytes, *, mode: int = 0o644) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = len(data), mode
        self._tar.addfile(entry, io.BytesIO(data))

    def folder(self, name: str, *, mode: int = 0o755) -> None:
        entry = tarfile.TarInfo(name)
        entry.type, entry.mode = tarfile.DIRTYPE, mode
        self._tar.addfile(entry)

    def link(self, name: str, target: str) -> None:
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname = tarfile.SYMTYPE, target
        self._tar.addfile(entry)

    def bytes(self) -> bytes:
        self._tar.close()
        return self._raw.getvalue()


def _busybox_tree() -> bytes:
    tree = _Tree()
    for folder in ("bin", "etc", "tmp", "work"):
        tree.folder(folder, mode=0o1777 if folder == "tmp" else 0o755)
    tree.file("bin/busybox", BUSYBOX_PROGRAM.read_bytes(), mode=0o755)
    tree.file("etc/passwd", b"root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n")
    applets = subprocess.run([BUSYBOX_PROGRAM, "--list"], check=True, capture_output=True, text=True)
    for applet in applets.stdout.split():
        if applet != "busybox":
            tree.link(f"bin/{applet}", "busybox")
    return tree.bytes()


def _exists(image: str) -> bool:
    return (
        subprocess.run(["docker", "image", "inspect", image], capture_output=True, check=False).returncode
        == 0
    )


def _import(tag: str, tree: bytes, changes: list[str]) -> None:
    flags = [part for change in changes for part in ("-c", change)]
    subprocess.run(["docker", "import", *flags, "-", tag], input=tree, check=True, capture_output=True)


def describe(image: str) -> dict[str, object]:
    """What `docker image inspect` says."""
    found = subprocess.run(["docker", "image", "inspect", image], capture_output=True, check=True)
    described: dict[str, object] = json.loads(found.stdout)[0]
    return described


def build_with_file(tag: str, dockerfile: str, *files: Path) -> str:
    """An image made by `docker build` with these files beside the Dockerfile; returns its name."""
    tree = _Tree()
    tree.file("Dockerfile", dockerfile.encode())
    for path in files:
        tree.file(path.name, path.read_bytes(), mode=0o755)
    command = ["docker", "build", "-q", "-t", tag, "-"]
    subprocess.run(command, input=tree.bytes(), check=True, capture_output=True)
    return tag
