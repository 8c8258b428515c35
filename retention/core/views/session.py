"""Signing in and out."""

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_POST

from retention.core.access import require
from retention.core.roles import Role
from retention.core.views.preferences import remember_language

# An agent's day is the console; everybody else begins with the home page.
LANDING = {Role.AGENT: "workorders:console"}


class SignIn(LoginView):
    template_name = "core/login.html"
    redirect_authenticated_user = True
    required_permission = ""

    def get_default_redirect_url(self) -> str:
        return resolve_url(LANDING.get(self.request.user.role, settings.LOGIN_REDIRECT_URL))

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """A browser that has chosen no language shows the one of the person."""
        response = super().form_valid(form)
        if settings.LANGUAGE_COOKIE_NAME not in self.request.COOKIES:
            remember_language(response, form.get_user().language)
        return response


@require("home")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)
