"""The addresses of this app's API, below /api/."""

from django.urls import path

from composer.runs import api, api_data

urlpatterns = [
    path("workflows/<uuid:workflow_id>/runs/", api.StartRun.as_view(), name="workflow-runs"),
    path("runs/", api.Runs.as_view(), name="runs"),
    path("runs/<uuid:run_id>/", api.OneRun.as_view(), name="run"),
    path("runs/<uuid:run_id>/cancel/", api.CancelRun.as_view(), name="run-cancel"),
    path("runs/<uuid:run_id>/retry/", api.RetryRun.as_view(), name="run-retry"),
    path("runs/<uuid:run_id>/events/", api.RunEvents.as_view(), name="run-events"),
    path("runs/<uuid:run_id>/output", api_data.RunOutput.as_view(), name="run-output"),
    path("runs/<uuid:run_id>/input", api_data.RunInput.as_view(), name="run-input"),
    path("runs/<uuid:run_id>/preview", api_data.RunPreview.as_view(), name="run-preview"),
    path("runs/<uuid:run_id>/steps/<slug:node>/preview", api_data.StepPreview.as_view(), name="step-preview"),
    path("runs/<uuid:run_id>/steps/<slug:node>/<slug:port>", api_data.StepData.as_view(), name="step-data"),
]
