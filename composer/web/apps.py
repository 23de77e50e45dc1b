"""What every app of Composer stands on: errors, parsers, pages, headers. It has no domain."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Framework glue."""

    name = "composer.web"
