"""The addresses of this app's API, below /api/."""

from django.urls import path

from composer.catalog import api

urlpatterns = [
    path("steps/", api.Steps.as_view(), name="steps"),
    path("steps/<slug:slug>/", api.OneStep.as_view(), name="step"),
]
