"""JSON as it comes in: not too large, not too deep, no NaN, and only text that can be stored."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from composer.engine.graph import Problem
from composer.engine.values import bad_text_within
from composer.web.problems import Refused, TooLarge

CHUNK = 64 * 1024
DEEPEST = 100
#: Where NUL is data and no mistake: a run's input is bytes.
BINARY_FIELD = "input"
#: Graphs have a reader of their own, which looks at every text and names the node.
GRAPH_FIELD = "graph"


class JSONParser(BaseParser):
    """Reads application/json within COMPOSER_JSON_MAX bytes."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The data. Raises ParseError, Refused, TooLarge."""
        raw = read_limited(stream)
        if not raw.strip():
            return {}
        try:
            data = json.loads(raw.decode("utf-8"))
        except UnicodeDecodeError as error:
            raise ParseError("The request is not UTF-8 text.") from error
        except RecursionError as error:
            raise ParseError("The JSON is nested too deeply.") from error
        except ValueError as error:
            raise ParseError(f"This is not JSON: {error}") from error
        check_data(data)
        return data


def read_limited(stream: IO[bytes]) -> bytes:
    """The whole body. Raises TooLarge beyond COMPOSER_JSON_MAX."""
    most, pieces, size = settings.COMPOSER_JSON_MAX, [], 0
    while piece := stream.read(CHUNK):
        size += len(piece)
        if size > most:
            raise TooLarge(f"JSON may have at most {most:,} bytes. Send large data as a file.")
        pieces.append(piece)
    return b"".join(pieces)


def check_data(data: object) -> None:
    """Refuses what cannot be stored or handed to a program. Raises ParseError, Refused."""
    if _depth(data) > DEEPEST:
        raise ParseError("The JSON is nested too deeply.")
    looked_at = data
    if isinstance(data, Mapping):
        looked_at = {key: value for key, value in data.items() if not _is_exempt(key, value)}
    if found := bad_text_within(looked_at):
        path, words = found
        raise Refused([Problem(f"“{path}” {words}." if path else f"The data {words}.", field=path or None)])


def _is_exempt(key: object, value: object) -> bool:
    return key == GRAPH_FIELD or (key == BINARY_FIELD and isinstance(value, str))


def _depth(data: object) -> int:
    """How many lists and objects stand inside each other."""
    level, deep = [data], 0
    while level:
        deep += 1
        inner: list[object] = []
        for item in level:
            if isinstance(item, dict):
                inner.extend(value for value in item.values() if isinstance(value, dict | list))
            elif isinstance(item, list):
                inner.extend(value for value in item if isinstance(value, dict | list))
        level = inner
    return deep
