"""The app of runs."""

from django.apps import AppConfig


class RunsConfig(AppConfig):
    """Rows, services, the worker, the event log and the socket of runs."""

    name = "composer.runs"
    verbose_name = "Runs"
    default_auto_field = "django.db.models.BigAutoField"
