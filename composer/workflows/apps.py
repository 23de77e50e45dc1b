"""Workflows: graphs, versions, import and export."""

from django.apps import AppConfig


class WorkflowsConfig(AppConfig):
    """What people arrange."""

    name = "composer.workflows"
    default_auto_field = "django.db.models.BigAutoField"
