"""The universal hold-out: its history, and a new setting by an administrator."""

from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from campaigns.campaigns.forms import HoldoutForm
from campaigns.campaigns.models import UniversalHoldout
from campaigns.campaigns.models.holdouts import UNIVERSAL
from campaigns.campaigns.services.holdouts import set_universal_holdout
from campaigns.campaigns.tables import HoldoutTable
from campaigns.campaigns.views.base import campaign_tabs
from campaigns.outreach.models import HeldOut
from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import Invalid
from retention.core.managed.views.editing import attach_errors


@require("contact_policy.view")
def universal_holdout(request: StaffRequest) -> HttpResponse:
    today = clock.today()
    current = UniversalHoldout.objects.in_force(today)
    initial = {"starts_on": today, "salt": current.salt if current else "", "percent": _percent(current)}
    form = HoldoutForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            sent = form.cleaned_data
            try:
                set_universal_holdout(
                    actor=request.user, per_mille=int(sent["percent"] * 10), salt=sent["salt"],
                    starts_on=sent["starts_on"], note=sent["note"], now=clock.now(),
                )  # fmt: skip
            except Invalid as problem:
                attach_errors(form, problem)
            else:
                messages.success(request, _("Saved."))
                return redirect("campaign:hold-out")
    rows = [
        {"starts_on": one.starts_on, "share": one.per_mille / 1000, "salt": one.salt, "set_by": one.set_by,
         "note": one.note}
        for one in UniversalHoldout.objects.for_history()
    ]  # fmt: skip
    context = {
        "form": form if request.user.may("contact_policy.edit") else None, "current": current,
        "history": HoldoutTable(rows), "tabs": campaign_tabs("hold-out", request.user),
        "held": HeldOut.objects.filter(origin=UNIVERSAL).count(), "share": float(_percent(current)) / 100,
    }  # fmt: skip
    return render(request, "campaigns/campaigns/hold_out.html", context, status=status)


def _percent(setting: UniversalHoldout | None) -> Decimal:
    return Decimal(setting.per_mille) / 10 if setting else Decimal(0)
