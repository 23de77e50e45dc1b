"""The web process: pages and API through Django, sockets through Channels."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "composer.settings")

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.core.asgi import get_asgi_application

django = get_asgi_application()

from composer.accounts.socket import TokenMiddleware  # noqa: E402
from composer.celery import app as celery_app  # noqa: E402, F401 - tasks are sent through it
from composer.runs.routing import websocket_urlpatterns  # noqa: E402
from composer.web.body_limit import BodyLimit  # noqa: E402
from composer.web.origin import SameSite  # noqa: E402

http = BodyLimit(django, plain_max=settings.COMPOSER_JSON_MAX, file_max=settings.COMPOSER_INPUT_MAX)
sockets = AuthMiddlewareStack(TokenMiddleware(URLRouter(websocket_urlpatterns)))
application = ProtocolTypeRouter({"http": http, "websocket": SameSite(sockets)})
