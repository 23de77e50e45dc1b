"""The addresses of this app's pages."""

from django.urls import path

from composer.accounts import views

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-in/<str:secret>/", views.sign_in_with_link, name="sign-in-link"),
    path("sign-out/", views.sign_out, name="sign-out"),
]
