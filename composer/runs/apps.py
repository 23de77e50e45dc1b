"""The app of runs."""

from django.apps import AppConfig


class RunsConfig(AppConfig):
    """Rows, services, the worker, the event log and the socket of runs."""

    name = "composer.runs"
    verbose_name = "Runs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tasks are sent through our own queue, also by commands that load nothing but Django."""
        import composer.celery  # noqa: F401, PLC0415 - it needs the settings
