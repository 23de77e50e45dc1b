"""Every address of the application. What no line here names is the app's own page (web/views.py)."""

from django.urls import include, path, re_path

from composer.web import health, views

urlpatterns = [
    path("healthz", health.healthz),
    path("metrics", health.metrics),
    path("api/", include("composer.accounts.urls_api")),
    path("api/", include("composer.catalog.urls")),
    path("api/", include("composer.workflows.urls")),
    path("api/", include("composer.runs.urls")),
    path("api/", include("composer.web.urls_api")),
    path("", include("composer.accounts.urls")),
    re_path(r"^(?!static/|hooks/|ws/).*$", views.app),
]

handler400 = "composer.web.views.bad_request"
handler403 = "composer.web.views.forbidden"
handler404 = "composer.web.views.not_found"
handler500 = "composer.web.views.server_error"
