"""The addresses of this app's API, below /api/."""

from django.urls import path

from composer.accounts import api

urlpatterns = [
    path("me/", api.Me.as_view(), name="me"),
    path("me/password/", api.Password.as_view(), name="password"),
    path("sign-out/", api.SignOut.as_view(), name="api-sign-out"),
    path("connections/", api.Connections.as_view(), name="connections"),
    path("connections/<int:connection_id>/", api.OneConnection.as_view(), name="connection"),
]
