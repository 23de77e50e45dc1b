"""Errors as RFC 9457 problem+json: `{type, title, status, detail, problems?}`.

`problems` is a list of `{node, edge, field, message}` where a graph or a form is wrong.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DataError
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions, status
from rest_framework.response import Response

from composer.engine.graph import Problem

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: "Something in the request is wrong",
    401: "You are not signed in",
    403: "You may not do this",
    404: "There is nothing here",
    405: "This cannot be done here",
    406: "This form of answer is not available",
    409: "It does not fit how things stand",
    413: "That is too large",
    415: "This kind of data is not understood",
    422: "This cannot be processed",
    429: "Too many requests",
    500: "Something went wrong within Composer",
    507: "The disk is full",
}


class ProblemError(exceptions.APIException):
    """An error with words of its own, and keys of its own."""

    status_code: int = status.HTTP_400_BAD_REQUEST

    def __init__(self, detail: str, *, problems: Sequence[Problem] = (), **more: Any) -> None:
        super().__init__(detail)
        self.words = detail
        self.problems = list(problems)
        self.more = more

    def __str__(self) -> str:
        return self.words


class Refused(ProblemError):
    """400: these things are to be mended."""

    def __init__(self, problems: Sequence[Problem], detail: str = "") -> None:
        super().__init__(detail or " ".join(p.message for p in problems[:3]), problems=problems)


class Missing(ProblemError):
    """404: not there, or not yours."""

    status_code = status.HTTP_404_NOT_FOUND


class Conflict(ProblemError):
    """409: somebody else was quicker, or the time is wrong."""

    status_code = status.HTTP_409_CONFLICT


class TooLarge(ProblemError):
    """413."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE


class Unprocessable(ProblemError):
    """422."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY


class Full(ProblemError):
    """507: no room on the disk."""

    status_code = status.HTTP_507_INSUFFICIENT_STORAGE


def problem_json(problem: Problem) -> dict[str, str | None]:
    """One thing to mend, as data."""
    return {
        "node": _sendable(problem.node),
        "edge": _sendable(problem.edge),
        "field": _sendable(problem.field),
        "message": _sendable(problem.message),
    }


def _sendable(text: str | None) -> str | None:
    """Words may quote what came in; half a character in them could not be sent back."""
    return text and text.encode("utf-8", "replace").decode()


def body(code: int, detail: str, problems: Iterable[Problem] = (), **more: Any) -> dict[str, Any]:
    """The answer's content."""
    listed = [problem_json(problem) for problem in problems]
    return {
        "type": "about:blank",
        "title": TITLES.get(code, "Something is wrong"),
        "status": code,
        "detail": _sendable(detail),
        **({"problems": listed} if listed else {}),
        **more,
    }


def answer(code: int, detail: str) -> JsonResponse:
    """A problem outside of the REST framework."""
    return JsonResponse(body(code, detail), status=code, content_type=MEDIA_TYPE)


def handle(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """The REST framework's exception handler."""
    code, detail, problems, more = _read(error)
    response = Response(body(code, detail, problems, **more), status=code, content_type=MEDIA_TYPE)
    if isinstance(error, exceptions.APIException):
        if header := getattr(error, "auth_header", None):
            response["WWW-Authenticate"] = header
        if wait := getattr(error, "wait", None):
            response["Retry-After"] = str(int(wait) + 1)
    if code >= 500:
        request = context.get("request")
        log.error("%s failed", getattr(request, "path", "a request"), exc_info=error)
    return response


#: Errors of Django's own, told in our words.
_PLAIN: tuple[tuple[type[Exception], int, str], ...] = (
    (Http404, 404, "There is nothing at this address."),
    (PermissionDenied, 403, "Your role does not allow this."),
    (RequestDataTooBig, 413, "The request is too large."),
    (SuspiciousOperation, 400, "The request is malformed."),
    (DataError, 400, "The request holds a character or a number that cannot be kept."),
    (Exception, 500, "Something went wrong within Composer. Try again; its log says more."),
)


def _read(error: Exception) -> tuple[int, str, list[Problem], dict[str, Any]]:
    if isinstance(error, ProblemError):
        return error.status_code, error.words, error.problems, error.more
    if isinstance(error, exceptions.ValidationError):
        problems = list(_flatten(error.detail, ""))
        return 400, " ".join(problem.message for problem in problems[:3]), problems, {}
    if isinstance(error, exceptions.APIException):
        return error.status_code, str(error.detail), [], {}
    code, words = next((code, words) for kind, code, words in _PLAIN if isinstance(error, kind))
    return code, words, [], {}


def _flatten(detail: Any, path: str) -> Iterable[Problem]:
    """The REST framework's nested error details, one problem for each message."""
    if isinstance(detail, Mapping):
        for key, inner in detail.items():
            name = "" if key == "non_field_errors" else str(key)
            yield from _flatten(inner, f"{path}.{name}" if path and name else path or name)
    elif isinstance(detail, list):
        for inner in detail:
            yield from _flatten(inner, path)
    else:
        yield Problem(f"“{path}”: {detail}" if path else str(detail), field=path or None)


def is_api(request: HttpRequest) -> bool:
    """Whether a program is asking, which wants problem+json rather than a page."""
    return request.path.startswith(("/api/", "/hooks/", "/healthz", "/metrics"))
