"""What goes over the connection to the container engine: pieces of output, and archives."""

import io
import os
import socket
import struct
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from composer.engine.docker_attach import SocketLine, file_of_tar, tar_of
from composer.engine.errors import Unwanted
from composer.engine.ports import Entry


@pytest.fixture
def ends() -> Iterator[tuple[SocketLine, socket.socket]]:
    here, there = socket.socketpair()
    line = SocketLine(here)
    yield line, there
    line.close()
    there.close()


def piece(stream: int, data: bytes) -> bytes:
    return struct.pack(">BxxxL", stream, len(data)) + data


def test_pieces_come_as_they_were_sent(ends: tuple[SocketLine, socket.socket]) -> None:
    line, there = ends
    there.sendall(piece(1, b"out\0") + piece(2, b"") + piece(2, b"err") + piece(1, b"more"))
    assert [line.receive(1) for _ in range(3)] == [(1, b"out\0"), (2, b"err"), (1, b"more")]
    there.shutdown(socket.SHUT_WR)
    assert line.receive(1) is None


def test_a_piece_that_comes_drop_by_drop_is_whole_in_the_end(ends: tuple[SocketLine, socket.socket]) -> None:
    line, there = ends
    seen = b""
    for byte in piece(1, b"slow") + piece(1, b"ly"):
        there.sendall(bytes([byte]))
        try:
            found = line.receive(0.01)
        except TimeoutError:
            continue
        assert found is not None
        assert found[0] == 1
        seen += found[1]
    assert seen == b"slowly"


@pytest.mark.parametrize("length", [1, 7, 8, 10])
def test_an_end_within_a_piece_is_a_line_that_broke(
    ends: tuple[SocketLine, socket.socket], length: int
) -> None:
    line, there = ends
    there.sendall(piece(1, b"abc")[:length])
    there.shutdown(socket.SHUT_WR)
    with pytest.raises(ConnectionError):
        [line.receive(1) for _ in range(2)]


def test_an_archive_holds_bytes_files_and_fifos(tmp_path: Path) -> None:
    data = os.urandom(3_000_001)
    (tmp_path / "large").write_bytes(data)
    entries = [
        Entry("/.composer/ended", bytes(512)),
        Entry("/.composer/run", tmp_path / "large", 0o755),
        Entry("/.composer/empty"),
        Entry("/outputs/rest", is_fifo=True),
    ]
    raw = b"".join(tar_of(entries, lambda: True))
    with tarfile.open(fileobj=io.BytesIO(raw)) as tar:
        found = tar.getmembers()
        assert [(e.name, e.mode, e.uid) for e in found] == [
            ("ended", 0o666, 0),
            ("run", 0o755, 0),
            ("empty", 0o666, 0),
            ("rest", 0o666, 0),
        ]
        assert found[3].isfifo()
        run = tar.extractfile("run")
        assert run is not None
        assert run.read() == data


def test_an_archive_that_nobody_wants_any_more_is_not_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(Unwanted):
        list(tar_of([Entry("/x", tmp_path / "file")], lambda: False))


def test_no_link_is_followed_into_an_archive(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/passwd")
    with pytest.raises(OSError, match="symbolic link"):
        list(tar_of([Entry("/x", tmp_path / "link")], lambda: True))


@pytest.mark.parametrize("size", [1, 511, 512, 513, 1_000_000])
def test_the_file_of_an_archive_comes_out_as_it_went_in(size: int) -> None:
    data = os.urandom(2_500_000)
    raw = b"".join(tar_of([Entry("/x", data)], lambda: True))
    chunks = (raw[at : at + size] for at in range(0, len(raw), size))
    assert b"".join(file_of_tar(chunks)) == data


def test_of_an_archive_without_a_plain_file_nothing_comes() -> None:
    link = tarfile.TarInfo("ended")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    for raw in (link.tobuf() + bytes(1024), b"".join(tar_of([Entry("/x", is_fifo=True)], lambda: True))):
        assert list(file_of_tar(iter([raw]))) == []


def test_an_archive_that_is_cut_is_an_error() -> None:
    raw = b"".join(tar_of([Entry("/x", bytes(100_000))], lambda: True))
    with pytest.raises(OSError, match="archive"):
        list(file_of_tar(iter([raw[:50_000]])))
