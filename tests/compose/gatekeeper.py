"""A socket before the engine's that lets through what docs/operators.md lists, and refuses all else."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.stack import ROOT

ENGINE = "/var/run/docker.sock"
REFUSAL = (
    b"HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Type: application/json\r\n"
    b"Content-Length: %d\r\n\r\n%s"
)
LISTED = re.compile(r"^\| `(GET|POST|PUT|DELETE|HEAD) (/[\w/{}]+)` \|", re.MULTILINE)


def listed() -> list[tuple[str, str]]:
    """The calls in docs/operators.md: method and path."""
    return LISTED.findall((ROOT / "docs" / "operators.md").read_text())


class Gatekeeper:
    """Remembers which of the listed calls came, and which others."""

    def __init__(self, allowed: list[tuple[str, str]]) -> None:
        self.used: set[tuple[str, str]] = set()
        self.refused: list[str] = []
        self._allowed = {
            (method, path): re.compile(rf"{method} (/v[\d.]+)?{_pattern(path)}(\?\S*)? HTTP/1\.1")
            for method, path in allowed
        }

    def serve(self, listening: socket.socket) -> None:
        """Until the socket is closed."""
        with suppress(OSError):
            while True:
                client, _ = listening.accept()
                threading.Thread(target=self._one, args=[client], daemon=True).start()

    def _one(self, client: socket.socket) -> None:
        """One request for each connection: what follows on it cannot slip through behind the first."""
        with client, suppress(OSError):
            head, rest = _head(client)
            first, _, headers = head.decode("latin-1").partition("\r\n")
            call = next((call for call, pattern in self._allowed.items() if pattern.fullmatch(first)), None)
            if call is None:
                if first:
                    self.refused.append(first)
                said = b'{"message": "This call is not on the list."}'
                client.sendall(REFUSAL % (len(said), said))
                return
            self.used.add(call)
            if "upgrade:" not in headers.lower():
                headers = re.sub(r"(?im)^connection:.*\r\n", "", f"{headers}\r\n") + "Connection: close"
            with socket.socket(socket.AF_UNIX) as engine:
                engine.connect(ENGINE)
                engine.sendall(f"{first}\r\n{headers}\r\n\r\n".encode("latin-1") + rest)
                back = threading.Thread(target=_pour, args=[engine, client], daemon=True)
                back.start()
                _pour(client, engine)
                back.join()


@contextmanager
def gatekeeper(path: Path) -> Iterator[Gatekeeper]:
    """Stands at this path while the block lasts."""
    keeper = Gatekeeper(listed())
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen(64)
        threading.Thread(target=keeper.serve, args=[listening], daemon=True).start()
        yield keeper
        listening.shutdown(socket.SHUT_RDWR)


def _pattern(path: str) -> str:
    """An image's name may have slashes in it, an id may not."""
    return path.replace("{name}", r"(?!\S*\.\.)[\w./:@%+-]+").replace("{id}", r"[\w-]+")


def _head(client: socket.socket) -> tuple[bytes, bytes]:
    came = b""
    while b"\r\n\r\n" not in came:
        chunk = client.recv(65536)
        if not chunk:
            break
        came += chunk
    head, _, rest = came.partition(b"\r\n\r\n")
    return head, rest


def _pour(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while chunk := source.recv(65536):
            target.sendall(chunk)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
