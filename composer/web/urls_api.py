"""How the API describes itself, and the answer to addresses that it does not have."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView

from composer.web import docs

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", docs.page, name="docs"),
    re_path(r"^.*$", docs.nothing_here),
]
