"""The sign-in form, in words for people."""

from django.contrib.auth.forms import AuthenticationForm


class SignInForm(AuthenticationForm):
    """E-mail address and password."""

    error_messages = {
        "invalid_login": "This e-mail address and password do not belong together. Check both and try again.",
        "inactive": "This account is switched off. Ask an owner of your workspace.",
    }
