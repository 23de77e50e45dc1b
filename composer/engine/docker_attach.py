"""Talking to a container without a file in common: its standard streams, and archives in and out.

What docker_engine.py gets from the SDK for this is a bare socket and a bare tar file.
"""

import io
import socket
import struct
import tarfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from composer.engine.errors import Unwanted
from composer.engine.files import open_read
from composer.engine.ports import Entry

CHUNK = 1024 * 1024
SENDING = 30.0  # seconds in which so many bytes are taken by whoever is there
SENT_AT_ONCE = 64 * 1024
_FRAME = struct.Struct(">BxxxL")
_BLOCK = tarfile.BLOCKSIZE


class SocketLine:
    """`ports.Line` on the socket of an attach, where each piece of output has a head of eight bytes."""

    def __init__(self, attached: Any) -> None:
        self._attached = attached  # its response hangs on it, and closes the socket when it goes
        # A file around a socket, or what is a socket already (TLS), or a channel (ssh).
        self._socket = attached if hasattr(attached, "recv") else attached._sock
        self._left = 0  # of the piece that is being read
        self._stream = 0
        self._head = b""
        _notice_silence(self._socket)

    def fileno(self) -> int:
        """See ports.Line."""
        return int(self._socket.fileno())

    def send(self, data: bytes) -> None:
        """See ports.Line."""
        self._socket.settimeout(SENDING)
        for start in range(0, len(data), SENT_AT_ONCE):
            self._socket.sendall(data[start : start + SENT_AT_ONCE])

    def receive(self, seconds: float) -> tuple[int, bytes] | None:
        """See ports.Line. After a TimeoutError it goes on where it stopped."""
        self._socket.settimeout(seconds)
        while not self._left:
            more = self._socket.recv(_FRAME.size - len(self._head))
            if not more and self._head:
                raise ConnectionError("the line ended within a head")
            if not more:
                return None
            self._head += more
            if len(self._head) == _FRAME.size:
                self._stream, self._left = _FRAME.unpack(self._head)
                self._head = b""
        data: bytes = self._socket.recv(min(self._left, CHUNK))
        if not data:
            raise ConnectionError("the line ended within a piece")
        self._left -= len(data)
        return self._stream, data

    def close(self) -> None:
        """See ports.Line. May be said more than once."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        response = getattr(self._attached, "_response", None)
        if response is not None:
            response.close()
        self._socket.close()
        self._attached.close()


def _notice_silence(line: Any) -> None:
    """Over a network, a machine that vanished is noticed within a minute or so."""
    if getattr(line, "family", None) in (socket.AF_INET, socket.AF_INET6):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, value in (("TCP_KEEPIDLE", 30), ("TCP_KEEPINTVL", 10), ("TCP_KEEPCNT", 3)):
            if hasattr(socket, option):
                line.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)


def tar_of(entries: Sequence[Entry], wanted: Callable[[], bool]) -> Iterator[bytes]:
    """An archive of the entries, made while it is sent. All of it is root's. Raises Unwanted."""
    for entry in entries:
        about = tarfile.TarInfo(entry.path.rpartition("/")[2])
        about.mode = entry.mode
        if entry.is_fifo:
            about.type = tarfile.FIFOTYPE
            yield about.tobuf(tarfile.GNU_FORMAT)
        elif isinstance(entry.content, bytes):
            about.size = len(entry.content)
            yield about.tobuf(tarfile.GNU_FORMAT) + entry.content + _padding(about.size)
        else:
            yield from _copy(about, entry.content, wanted)
    yield bytes(2 * _BLOCK)


def _copy(about: tarfile.TarInfo, path: Path, wanted: Callable[[], bool]) -> Iterator[bytes]:
    with open(open_read(path), "rb", buffering=0) as file:
        about.size = left = file.seek(0, 2)
        file.seek(0)
        yield about.tobuf(tarfile.GNU_FORMAT)
        while left:
            if not wanted():
                raise Unwanted(str(path))
            data = file.read(min(left, CHUNK))
            if not data:
                raise OSError(f"{path} became shorter while it was read")
            left -= len(data)
            yield data
        yield _padding(about.size)


def _padding(size: int) -> bytes:
    return bytes(-size % _BLOCK)


def file_of_tar(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The bytes of the only file in an archive; none where the first thing in it is no plain file."""
    raw = io.BufferedReader(_Chunks(chunks), CHUNK)
    try:
        with tarfile.open(fileobj=raw, mode="r|") as tar:
            about = tar.next()
            file = tar.extractfile(about) if about is not None and about.isreg() else None
            while file and (data := file.read(CHUNK)):
                yield data
            while raw.read(CHUNK):  # to its end, so that the connection can be used again
                pass
    except tarfile.TarError as error:
        raise OSError(f"an archive cannot be read: {error}") from error


class _Chunks(io.RawIOBase):
    """Chunks, as a file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._held = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._held = self._held or next(self._chunks, b"")
        taken = min(len(buffer), len(self._held))
        buffer[:taken] = self._held[:taken]
        self._held = self._held[taken:]
        return taken
