"""The step library."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Steps, their versions, and the search for them."""

    name = "composer.catalog"
    default_auto_field = "django.db.models.BigAutoField"
