"""Actions on an alert, from any page that shows it. The kind names the permission and the page."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.alerts.forms import NoteForm, SnoozeForm
from retention.core.alerts.models import Alert
from retention.core.alerts.services import handling
from retention.core.errors import DomainError, Invalid

Handler = Callable[[StaffRequest, Alert], str]


def _handles(work: Handler) -> Callable[[StaffRequest, int], HttpResponse]:
    """A POST view around `work`, which changes the alert and returns the message; ends on the kind's page."""

    @require("home")
    @require_POST
    @wraps(work)
    def view(request: StaffRequest, pk: int) -> HttpResponse:
        alert = get_object_or_404(Alert, pk=pk)
        kind = alert.declared_kind
        if not request.user.may(kind.permission):
            raise PermissionDenied(kind.permission)
        try:
            messages.success(request, work(request, alert))
        except DomainError as error:
            messages.error(request, str(error.message))
        return redirect(kind.route)

    return view


@_handles
def acknowledge(request: StaffRequest, alert: Alert) -> str:
    """Acknowledge an alert, with an optional note."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("The note is too long."), code="note")
    handling.acknowledge(alert=alert, actor=request.user, note=form.cleaned_data["note"], now=clock.now())
    return _("The alarm is acknowledged.")


@_handles
def own(request: StaffRequest, alert: Alert) -> str:
    """Become its owner, or with `release` leave it without one."""
    if "release" in request.POST:
        handling.assign(alert=alert, owner=None, actor=request.user)
        return _("The alarm has no owner now.")
    handling.assign(alert=alert, owner=request.user, actor=request.user)
    return _("The alarm is assigned to you.")


@_handles
def snooze(request: StaffRequest, alert: Alert) -> str:
    """Set it aside for `days`; 0 takes it up again."""
    form = SnoozeForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("An alarm is snoozed for 1, 3 or 7 days."), code="days")
    days = form.cleaned_data["days"]
    handling.snooze(alert=alert, actor=request.user, days=days, now=clock.now())
    if not days:
        return _("The alarm is no longer snoozed.")
    return ngettext("The alarm is snoozed for %(days)d day.", "The alarm is snoozed for %(days)d days.", days) % {
        "days": days
    }
