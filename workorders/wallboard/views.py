"""The wall: the page, and the part of it that refreshes itself."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from retention.core import clock
from retention.core.accounts.models import User
from retention.core.accounts.permissions import StaffRequest, require
from workorders.supervision.queries import AGES
from workorders.wallboard.queries import wall_for

LABELS = {
    "call": _("on a call"),
    "order": _("at an order"),
    "wrap_up": _("in wrap-up"),
    "free": _("free"),
    "pause": _("on a pause"),
    "signed_out": _("signed out"),
}


@require("work.supervise")
@require_safe
def wall(request: StaffRequest) -> HttpResponse:
    """Its own refreshing asks for the same address and is given only the figures.

    It counts as use: a screen on the wall stays signed in. Sign it in as a person whose pages show no more than that.
    """
    now = clock.now()
    found = wall_for(request.user, now=now)
    context = {
        "wall": found,
        "now": now,
        "theme": User.Theme.DARK.value,
        "ages": [label for label, _younger, _older in AGES.values()],
        "presences": [(name, LABELS[name], count) for name, count in found.presences.items()],
    }
    name = "_wall" if request.headers.get("HX-Request") else "wall"
    return render(request, f"workorders/wallboard/{name}.html", context)
