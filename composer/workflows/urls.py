"""The addresses of this app's API, below /api/."""

from django.urls import path

from composer.workflows import api

urlpatterns = [
    path("workflows/", api.Workflows.as_view(), name="workflows"),
    path("workflows/import/", api.Import.as_view(), name="workflow-import"),
    path("workflows/<uuid:workflow_id>/", api.OneWorkflow.as_view(), name="workflow"),
    path("workflows/<uuid:workflow_id>/validate/", api.Validate.as_view(), name="workflow-validate"),
    path("workflows/<uuid:workflow_id>/duplicate/", api.Duplicate.as_view(), name="workflow-duplicate"),
    path("workflows/<uuid:workflow_id>/restore/", api.Restore.as_view(), name="workflow-restore"),
    path("workflows/<uuid:workflow_id>/export/", api.Export.as_view(), name="workflow-export"),
]
