"""Forms as they come in: whole, or not at all."""

from collections.abc import Mapping
from typing import IO, Any, cast

from django.utils.http import parse_header_parameters
from rest_framework.exceptions import ParseError
from rest_framework.parsers import MultiPartParser

TAIL = 256  # bytes; a boundary has at most 70


class WholeFormParser(MultiPartParser):
    """multipart/form-data. Django takes a text that was cut on its way for the whole text; this does not."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The fields and files. Raises ParseError."""
        watched = _Watched(stream)
        data = super().parse(cast(IO[bytes], watched), media_type, parser_context)
        _, parameters = parse_header_parameters(media_type or "")
        end = f"--{parameters.get('boundary', '')}--".encode("latin-1", "replace")
        if end not in watched.tail:
            raise ParseError("The form ends before its last boundary: part of it was lost. Send it again.")
        return data


class _Watched:
    """A stream that remembers the end of what was read."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.tail = b""

    def read(self, size: int = -1) -> bytes:
        """As the stream's own."""
        piece = self._stream.read(size)
        self.tail = (self.tail + piece)[-TAIL:] if len(piece) < TAIL else piece[-TAIL:]
        return piece
