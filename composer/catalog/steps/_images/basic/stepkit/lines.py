"""Text as it comes, line by line and byte for byte."""

import sys
from collections.abc import Iterator
from typing import BinaryIO

BOM = b"\xef\xbb\xbf"
out: BinaryIO = sys.stdout.buffer


def lines() -> Iterator[bytes]:
    """The lines of standard input with their ends, which the last one may lack."""
    return iter(sys.stdin.buffer)


def split(line: bytes) -> tuple[bytes, bytes]:
    """What a line says, and how it ends."""
    if line.endswith(b"\r\n"):
        return line[:-2], b"\r\n"
    if line.endswith(b"\n"):
        return line[:-1], b"\n"
    return line, b""


def decode(said: bytes) -> str:
    """As text; bytes that are no UTF-8 survive the way there and back."""
    return said.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
