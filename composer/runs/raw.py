"""A file of the spool as it is, or a range of it: also while it grows, never as something that can act."""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from composer.engine.files import open_read
from composer.runs import media

CHUNK = 256 * 1024
# Data of a step is not ours: it may not run scripts, load anything or be taken for a page of this site.
_INERT = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'"
# Browsers refuse to show a PDF inside a sandbox; it cannot reach the page from its viewer.
_INERT_PDF = "default-src 'none'; object-src 'self'"
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class FileSlice(StreamingHttpResponse):
    """Bytes `start` to `end` of an open file; under ASGI they are read in a thread."""

    def __init__(self, fd: int, start: int, end: int, **kwargs: Any) -> None:
        super().__init__(iter(()), **kwargs)
        self._fd, self._start, self._end = fd, start, end
        self["Content-Length"] = str(end - start)

    def __iter__(self) -> Iterator[bytes]:
        at = self._start
        while chunk := self._read(at):
            yield chunk
            at += len(chunk)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        at = self._start
        while chunk := await asyncio.to_thread(self._read, at):
            yield chunk
            at += len(chunk)

    def close(self) -> None:
        """Closes the file with the response."""
        super().close()
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _read(self, at: int) -> bytes:
        return os.pread(self._fd, min(CHUNK, self._end - at), at)


def respond(request: HttpRequest, path: Path, *, gives: str, name: str) -> HttpResponseBase | None:
    """The file as a response: 200, 206, 204 where it is empty, 416; None where it is gone.

    `name` is what it is called when downloaded, without a suffix.
    """
    try:
        fd = open_read(path)
    except OSError:
        return None
    size = os.fstat(fd).st_size
    kind = media.media_type(gives, os.pread(fd, media.HEAD, 0))
    wanted = _range(request.headers.get("Range", ""), size)
    if size == 0 or wanted is None:
        os.close(fd)
        response: HttpResponseBase = HttpResponse(status=204 if size == 0 else 416)
        if size:
            response["Content-Range"] = f"bytes */{size}"
    else:
        start, end, partial = wanted
        response = FileSlice(fd, start, end, status=206 if partial else 200, content_type=kind)
        if partial:
            response["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    _protect(response, kind)
    disposition = content_disposition_header(bool(request.GET.get("download")), f"{name}{media.suffix(kind)}")
    if disposition and size:
        response["Content-Disposition"] = disposition
    return response


def _protect(response: HttpResponseBase, kind: str) -> None:
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _INERT_PDF if kind == "application/pdf" else _INERT


def _range(header: str, size: int) -> tuple[int, int, bool] | None:
    """(start, end, partial) of one byte range; what cannot be read is ignored, as the standard says.

    None where the range lies outside.
    """
    match = _RANGE.fullmatch(header.replace(" ", ""))
    if match is None or match[1] == match[2] == "":
        return 0, size, False
    if match[1] == "":
        length = min(int(match[2]), size)
        return (size - length, size, True) if length else None
    start = int(match[1])
    end = min(int(match[2]) + 1, size) if match[2] else size
    if match[2] and int(match[2]) < start:
        return 0, size, False
    return (start, end, True) if start < size else None
