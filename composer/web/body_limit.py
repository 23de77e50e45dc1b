"""Bodies that are too large are refused while they come in, before anything of them is kept.

Django's ASGI handler writes a whole body to disk before any view sees it, so the limit has to
stand in front of it.
"""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from composer.web.problems import MEDIA_TYPE, body

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Any, Any, Any], Awaitable[None]]  # how servers type the last two varies

#: What a form adds around the file in it: names and boundaries.
FORM_ROOM = 64 * 1024


class BodyLimit:
    """An ASGI application around another: uploads may be `file_max` bytes, anything else `plain_max`."""

    def __init__(self, inner: Application, *, plain_max: int, file_max: int) -> None:
        self._inner = inner
        self._plain_max = plain_max
        self._file_max = file_max + FORM_ROOM

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Answers 413 itself where the body is too large."""
        headers = dict(scope.get("headers", []))
        is_form = headers.get(b"content-type", b"").lower().startswith(b"multipart/form-data")
        most = self._file_max if is_form else self._plain_max
        announced = headers.get(b"content-length", b"0")
        if announced.isdigit() and int(announced[:20]) > most:
            await _refuse(send, most)
            return
        counter = _Counter(receive, most)
        await self._inner(scope, counter.receive, send)
        if counter.is_full:
            # Django has closed its copy without an answer, as for a browser that went away.
            await _refuse(send, most)


class _Counter:
    """Passes the body on until it is too large; then it seems as if the other side had gone."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._left = most
        self.is_full = False

    async def receive(self) -> Message:
        """The next message."""
        message = await self._receive()
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                self.is_full = True
                return {"type": "http.disconnect"}
        return message


async def _refuse(send: Send, most: int) -> None:
    words = f"The request may have at most {most:,} bytes. Send large data as a file in a multipart form."
    content = json.dumps(body(413, words)).encode()
    headers = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", str(len(content)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": content})
