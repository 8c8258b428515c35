"""Making, changing and switching offers."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.models import Offer
from campaigns.offers.forms import OfferForm
from campaigns.services import create_offer, switch_offer, update_offer
from campaigns.services.offers import may_edit_offers
from campaigns.views.offers import visible_offer
from campaigns.views.rule_form import RuleForm
from retention.core.access import require
from retention.core.errors import Invalid, Refused


@require("offers.edit")
@require_http_methods(["GET", "POST"])
def new_offer(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return PAGE.take(request, OfferForm(request.POST, user=request.user), None)
    return PAGE.show(request, OfferForm(user=request.user), None)


@require("offers.edit")
@require_http_methods(["GET", "POST"])
def edit_offer(request: HttpRequest, code: str) -> HttpResponse:
    offer = visible_offer(request.user, code)
    if not may_edit_offers(actor=request.user, branch=offer.branch):
        raise Refused(_("This offer is also made outside your branch."), code="outside_branch")
    if request.method == "POST":
        return PAGE.take(request, OfferForm(request.POST, user=request.user, offer=offer), offer)
    return PAGE.show(request, OfferForm(user=request.user, offer=offer), offer)


@require("offers.edit")
@require_POST
def switch(request: HttpRequest, code: str) -> HttpResponse:
    try:
        offer = switch_offer(actor=request.user, code=code, enabled=request.POST.get("to") == "on")
    except Invalid as problem:
        messages.error(request, str(problem))
    else:
        word = _("%(name)s is on.") if offer.enabled else _("%(name)s is off.")
        messages.success(request, word % {"name": offer.title})
    return redirect("offers:offer", code)


def _save(request: HttpRequest, form: OfferForm, values: dict[str, Any], offer: Offer | None) -> Offer:
    if offer is None:
        return create_offer(actor=request.user, code=form.cleaned_data["code"], values=values)
    version = form.cleaned_data["version"] or 0
    return update_offer(actor=request.user, code=offer.code, version=version, values=values)


PAGE = RuleForm(
    template="campaigns/offer_edit.html",
    subject="offer",
    who=gettext_lazy("Who may be made this offer"),
    finds=gettext_lazy("Whom that means now"),
    list="offers:offers",
    detail="offers:offer",
    save=_save,
)
