"""What the bytes of a port are: its media type, by what the step says it gives and by a look at it."""

import codecs
import json

HEAD = 64 * 1024
OCTETS = "application/octet-stream"

_TYPES = {
    "text": ("text/plain; charset=utf-8", ".txt"),
    "lines": ("text/plain; charset=utf-8", ".txt"),
    "csv": ("text/csv; charset=utf-8", ".csv"),
    "json": ("application/json", ".json"),
    "jsonl": ("application/x-ndjson", ".jsonl"),
    "html": ("text/html; charset=utf-8", ".html"),
    "pdf": ("application/pdf", ".pdf"),
}
_SUFFIXES = dict(_TYPES.values()) | {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/svg+xml": ".svg",
    OCTETS: ".bin",
}


def media_type(gives: str, head: bytes) -> str:
    """The content type of data that begins with `head`."""
    if gives in _TYPES:
        return _TYPES[gives][0]
    if picture := picture_type(head):
        return picture
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    return "text/plain; charset=utf-8" if is_text(head) else OCTETS


def suffix(media: str) -> str:
    """What a file of this type is called at the end."""
    return _SUFFIXES.get(media, ".bin")


def picture_type(head: bytes) -> str | None:
    """The media type of a picture that browsers can show, by its first bytes."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    start = head[:2048].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if start.startswith(b"<svg") or (
        start.startswith((b"<?xml", b"<!doctype svg", b"<!--")) and b"<svg" in start
    ):
        return "image/svg+xml"
    return None


def is_text(head: bytes) -> bool:
    """Whether these first bytes read as UTF-8; the last character may be cut."""
    if b"\0" in head:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def is_json(whole: bytes) -> bool:
    """Whether this is one JSON object or list."""
    if whole.lstrip()[:1] not in (b"{", b"["):
        return False
    try:
        json.loads(whole)
    except (ValueError, RecursionError):
        return False
    return True


def whole_characters(data: bytes) -> bytes:
    """Without the bytes of a last character that is not complete yet, at most three."""
    for back in range(1, min(4, len(data) + 1)):
        byte = data[-back]
        if byte < 0x80:
            return data
        if byte >= 0xC0:
            width = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return data[:-back] if width > back else data
    return data
