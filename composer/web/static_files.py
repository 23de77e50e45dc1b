"""The files of pages and front end, served by the web process itself."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware


class StaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise, answering at once: an asynchronous server cannot stream its files piece by piece."""

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponse:
        """One file, or the part of it that is asked for, or that nothing has changed."""
        found = static_file.get_response(request.method, request.META)
        content = b""
        if found.file is not None:
            with found.file as file:
                content = file.read()
        answer = HttpResponse(content, status=found.status)
        del answer["Content-Type"]
        for name, value in found.headers:
            answer[name] = value
        return answer
