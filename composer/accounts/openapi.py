"""How the API's description names the two ways in."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema


class TokenScheme(OpenApiAuthenticationExtension):
    """Programs."""

    target_class = "composer.accounts.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        """A header with a word before the token."""
        description = "`Token …`; `manage.py create_token` prints one."
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": description}


class SessionScheme(OpenApiAuthenticationExtension):
    """Browsers."""

    target_class = "composer.accounts.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        """The cookie of whoever signed in; changes also need the header X-CSRFToken."""
        return {"type": "apiKey", "in": "cookie", "name": "composer_session"}
