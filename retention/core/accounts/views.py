"""Pages for signing in and out, language, theme, password and preferences."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import LoginView, PasswordChangeView, redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse, reverse_lazy
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from retention.core import clock
from retention.core.accounts.forms import PreferencesForm
from retention.core.accounts.middleware import is_over
from retention.core.accounts.models import Branch, User
from retention.core.accounts.permissions import StaffRequest, public, require
from retention.core.accounts.roles import LANDING_PAGES
from retention.core.accounts.services.own_keys import save_own_key
from retention.core.accounts.services.sign_in import record_sign_in, record_sign_out
from retention.core.accounts.services.staff import record_password_change, save_preferences


@require("home")
@require_http_methods(["GET", "POST"])
def preferences_page(request: StaffRequest) -> HttpResponse:
    form = PreferencesForm(request.POST or None, instance=User.objects.get(username=request.user.username))
    if not form.is_valid():
        return render(request, "core/accounts/preferences.html", {"form": form}, status=422 if form.is_bound else 200)
    save_preferences(user=request.user, **form.cleaned_data)
    with translation.override(request.user.language):
        messages.success(request, _("Your preferences are saved."))
    response = redirect("core:preferences")
    remember_language(response, request.user.language)
    return response


@public
@never_cache
@require_safe
def session_state(request: HttpRequest) -> HttpResponse:
    """For the scripts of an open page: {"person", "token"}: who is signed in in this browser, "" for nobody, and the
    token that its forms need now. Asking does not count as using the session.
    """
    user = request.user
    person = user.username if isinstance(user, User) and not is_over(request.session, user) else ""
    return JsonResponse({"person": person, "token": get_token(request)})


@public
@require_POST
def change_language(request: HttpRequest) -> HttpResponse:
    """Set the language of the session; for a signed-in user also in the preferences."""
    language = request.POST.get("language", "")
    response = redirect(_next(request))
    if language in dict(settings.LANGUAGES):
        if isinstance(request.user, User):
            save_preferences(user=request.user, language=language)
        remember_language(response, language)
    return response


@require("home")
@require_POST
def change_theme(request: StaffRequest) -> HttpResponse:
    theme = request.POST.get("theme", "")
    if theme in User.Theme.values:
        save_preferences(user=request.user, theme=theme)
    return redirect(_next(request))


@require("home")
@require_POST
def change_key(request: StaffRequest) -> JsonResponse:
    """Let the key `own` do what `default` does, "" for the default again: {"keys": all own keys of the person}."""
    default, own = request.POST.get("default", ""), request.POST.get("own", "")
    return JsonResponse({"keys": save_own_key(user=request.user, default=default, own=own)})


class ChangePassword(PasswordChangeView):
    template_name = "core/accounts/password.html"
    success_url = reverse_lazy("core:preferences")
    required_permission = "home"

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        if form.cleaned_data["old_password"] == form.cleaned_data["new_password1"]:
            form.add_error("new_password1", _("The new password must differ from the present one."))
            return self.form_invalid(form)
        with transaction.atomic():
            response = super().form_valid(form)
            record_password_change(user=form.user, actor=form.user)
        messages.success(self.request, _("Your password is changed."))
        return response


def remember_language(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )


def _next(request: HttpRequest) -> str:
    """The page to return to; only paths of this host are accepted."""
    asked = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return asked if safe and asked.startswith("/") else "/"


class SignIn(LoginView):
    template_name = "core/accounts/login.html"
    redirect_authenticated_user = True
    required_permission = ""
    request: StaffRequest  # where get_default_redirect_url runs: somebody has just signed in

    def get_default_redirect_url(self) -> str:
        return resolve_url(LANDING_PAGES.get(self.request.user.role, settings.LOGIN_REDIRECT_URL))

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Sign in; without a language cookie the user's preferred language applies."""
        response = super().form_valid(form)
        record_sign_in(user=form.get_user(), request=self.request)
        if settings.LANGUAGE_COOKIE_NAME not in self.request.COOKIES:
            remember_language(response, form.get_user().language)
        return response


@public
def enter_administration(request: HttpRequest) -> HttpResponse:
    """In place of the administration's own form, so that there is one guarded way in; 403 for who may not enter."""
    if request.user.is_authenticated:
        raise PermissionDenied("admin")
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"))


@require("home")
@require_POST
def sign_out(request: StaffRequest) -> HttpResponse:
    record_sign_out(user=request.user, reason="asked", now=clock.now())
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


BRANCHES_FOUND = 20


@require("home")
@require_safe
def branch_options(request: StaffRequest) -> JsonResponse:
    """For `value-search`: {"options": [{"value", "label", "note": code}]} of the branches that the person may see and
    whose name or code has `q` in it. by: code or pk is the value. outlets=0 leaves outlets out."""
    query = request.GET
    found = Branch.objects.visible_to(request.user).named(query.get("q", "").strip())
    if query.get("outlets") == "0":
        found = found.exclude(level=Branch.Level.OUTLET)
    key = "code" if query.get("by") == "code" else "pk"
    rows = found.values_list(key, "name", "code")[:BRANCHES_FOUND]
    return JsonResponse({"options": [{"value": str(pk), "label": name, "note": code} for pk, name, code in rows]})
