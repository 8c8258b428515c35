"""Making and changing offers, with the builder of the scenarios; works without script as they do."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.builder import BLANK, read, reshape
from campaigns.builder.drafts import Draft
from campaigns.models import Offer
from campaigns.offers.forms import OfferForm
from campaigns.rules import RuleField, rule_catalogue
from campaigns.services import create_offer, switch_offer, update_offer
from campaigns.services.offers import may_edit_offers
from campaigns.views.offers import visible_offer
from campaigns.views.rule import builder_context, preview_context
from retention.core.access import require
from retention.core.errors import Conflict, Invalid, Refused


@require("offers.edit")
@require_http_methods(["GET", "POST"])
def new_offer(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _posted(request, OfferForm(request.POST, user=request.user), None)
    return _page(request, OfferForm(user=request.user), BLANK, rule_catalogue())


@require("offers.edit")
@require_http_methods(["GET", "POST"])
def edit_offer(request: HttpRequest, code: str) -> HttpResponse:
    offer = visible_offer(request.user, code)
    if not may_edit_offers(actor=request.user, branch=offer.branch):
        raise Refused(_("This offer is also made outside your branch."), code="outside_branch")
    if request.method == "POST":
        return _posted(request, OfferForm(request.POST, user=request.user, offer=offer), offer)
    return _page(request, OfferForm(user=request.user, offer=offer), offer.rule, rule_catalogue())


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


def _posted(request: HttpRequest, form: OfferForm, offer: Offer | None) -> HttpResponse:
    fields = rule_catalogue()
    draft = read(request.POST, fields)
    if action := request.POST.get("do", ""):
        draft, look_at = reshape(draft, action)
        return _page(request, form, draft, fields, look_at=look_at, counted=action == "count")
    if not form.is_valid():
        return _page(request, form, draft, fields, status=422)
    try:
        saved = _save(request, form, form.values() | {"rule": draft}, offer)
    except (Invalid, Conflict) as problem:
        for one in problem.details:
            if one.get("field") in form.fields and "path" not in one:
                form.add_error(one["field"], one["message"])
        form.add_error(None, str(problem))
        errors = {one["path"]: one["message"] for one in problem.details if "path" in one}
        return _page(request, form, draft, fields, errors=errors, status=problem.status)
    messages.success(request, _("Saved."))
    return redirect("offers:offer", saved.code)


def _save(request: HttpRequest, form: OfferForm, values: dict[str, Any], offer: Offer | None) -> Offer:
    if offer is None:
        return create_offer(actor=request.user, code=form.cleaned_data["code"], values=values)
    version = form.cleaned_data["version"] or 0
    return update_offer(actor=request.user, code=offer.code, version=version, values=values)


def _page(
    request: HttpRequest,
    form: OfferForm,
    draft: Draft,
    fields: Mapping[str, RuleField],
    *,
    errors: Mapping[str, str] | None = None,
    look_at: str = "",
    counted: bool = False,
    status: int = 200,
) -> HttpResponse:
    """`counted` draws the preview at once; otherwise the page asks for it when it has loaded."""
    context: dict[str, Any] = {"form": form, "offer": form.offer, "counted": counted}
    context |= builder_context(draft, fields, errors=errors, look_at=look_at)
    if counted:
        context |= preview_context(draft, fields, request.user)
    return render(request, "campaigns/offer_edit.html", context, status=status)
