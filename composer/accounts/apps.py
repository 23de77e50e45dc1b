"""People, workspaces, roles, tokens and connections."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who may do what."""

    name = "composer.accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Has the API's description know our ways in."""
        from composer.accounts import openapi  # noqa: F401, PLC0415 - registers itself, needs the settings
