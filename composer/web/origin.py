"""Sockets from other sites are refused; programs, which name no site, are asked who they are."""

from typing import Any

from channels.security.websocket import OriginValidator
from django.conf import settings

LOCAL = ["localhost", "127.0.0.1", "[::1]"]


class SameSite(OriginValidator):
    """A browser always says which page opens a socket; no Origin means that it is no browser."""

    def __init__(self, application: Any) -> None:
        super().__init__(application, settings.ALLOWED_HOSTS or LOCAL)

    def valid_origin(self, parsed_origin: Any) -> bool:
        """Whether a page of this origin may open sockets here."""
        return parsed_origin is None or bool(super().valid_origin(parsed_origin))
