"""Signing in and out: with a password, or with a link that works once."""

from django.contrib.auth import login, logout
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from composer.accounts import services
from composer.accounts.forms import SignInForm

BACKEND = "django.contrib.auth.backends.ModelBackend"


class SignIn(LoginView):
    """The page that asks for e-mail address and password."""

    template_name = "sign-in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_with_link(request: HttpRequest, secret: str) -> HttpResponse:
    """GET shows a button, so that a program that only looks at the link does not use it up."""
    if request.method == "POST":
        user = services.use_link(secret)
        if user is not None:
            login(request, user, backend=BACKEND)
            return redirect("/")
    link = services.open_link(secret)
    return render(request, "sign-in-link.html", {"link": link}, status=200 if link else 410)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session."""
    logout(request)
    return redirect("/sign-in/")
