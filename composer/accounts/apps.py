"""People, workspaces, roles, tokens and connections."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who may do what."""

    name = "composer.accounts"
    default_auto_field = "django.db.models.BigAutoField"
