"""The wizard: each step saves its fields as a draft and has its own address."""

from copy import deepcopy
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from campaigns.audiences.builder.forms import BLANK_RULE, Draft, read_draft
from campaigns.audiences.builder.views import RuleEditing, sample_rows, sent_branch
from campaigns.audiences.rules import Group, fields_of, parse, rule_catalogue
from campaigns.campaigns.forms import STEP_LABELS, STEPS
from campaigns.campaigns.models import Audience, Campaign
from campaigns.campaigns.queries.previews import audience_size, count_audience, detail_audience
from campaigns.campaigns.services.execution import move_held_until
from campaigns.campaigns.states import CHANGEABLE
from campaigns.campaigns.text import power_of
from campaigns.campaigns.views.base import CampaignPages
from campaigns.campaigns.views.review import review_context
from campaigns.experiments.text import format_visibility
from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import Invalid
from retention.core.managed.forms import ManagedForm
from retention.core.managed.models import Managed
from retention.core.managed.views.editing import ManagedCopy, ManagedCreate, ManagedUpdate


class WizardStep(RuleEditing, CampaignPages):
    """One step; the rule is part of the step "audience" only."""

    who = gettext_lazy("Rule")
    finds = gettext_lazy("Whom it holds for now")
    step = "goal"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"step": self.step}  # type: ignore[misc]

    def draft(self) -> Draft:
        if self.step == "audience" and self.request.method == "POST":
            return read_draft(self.request.POST, self.rule_fields)
        return (self.object.rule if self.object else None) or deepcopy(BLANK_RULE)

    def values(self, form: ManagedForm) -> dict[str, Any]:
        values = super(RuleEditing, self).values(form)  # type: ignore[misc]
        if self.step == "audience":
            rule = self.draft()
            values["rule"] = {} if is_blank(rule) and values["audience"] != Audience.RULE else rule
        return values

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.object
        edit = reverse("campaign:campaign-edit", args=[row.code]) if row else ""
        tabs = [
            {"label": label, "url": f"{edit}?step={step}" if row else "", "active": step == self.step}
            for step, label in STEP_LABELS.items()
        ]
        shared = {"steps": tabs if row else tabs[:1], "step": self.step, "step_label": STEP_LABELS[self.step]}
        return super().get_context_data(**shared | kwargs)


class NewCampaign(WizardStep, ManagedCreate):
    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        code = form.cleaned_data["code"]
        return _next(code, self.step) if answer.status_code == 302 else answer


class EditCampaign(WizardStep, ManagedUpdate):
    """GET `step`: which; the last one shows what the campaign comes to and saves nothing."""

    @cached_property
    def step(self) -> str:  # type: ignore[override]
        asked = self.request.GET.get("step", "")
        return asked if asked in STEPS else "goal"

    def save(self, form: ManagedForm) -> Managed:
        row = super().save(form)
        if isinstance(row, Campaign) and row.state not in CHANGEABLE:
            move_held_until(row)
        return row

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        return _next(self.object.code, self.step) if answer.status_code == 302 else answer

    def get_template_names(self) -> list[str]:
        return [f"{self.templates}/review.html"] if self.step == "review" else super().get_template_names()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if self.step == "control":
            context["power"] = _power(self.object)
        if self.step == "review":
            context |= review_context(self.object, user=self.user, now=clock.now())
        return context


class CopyCampaign(CampaignPages, ManagedCopy):
    """The copy is a draft with the same settings and a draw of its own."""


def _next(code: str, step: str) -> HttpResponse:
    order = list(STEPS)
    following = order[min(order.index(step) + 1, len(order) - 1)]
    return redirect(f"{reverse('campaign:campaign-edit', args=[code])}?step={following}")


def _power(campaign: Campaign) -> str:
    """What the audience as it stands can show; "" while nothing is known of it."""
    try:
        people, rate = audience_size(campaign, now=clock.now())
    except Invalid:
        return ""
    found = power_of(people=people, control_percent=campaign.control_percent, base_rate=rate)
    return format_visibility(found) if found else ""


def is_blank(rule: Draft) -> bool:
    """Whether nothing has been put into the builder."""
    return all(not one.get("field") and not one.get("rules") for one in rule.get("rules", []))


@require("campaigns.edit")
@require_POST
def audience_count(request: StaffRequest) -> HttpResponse:
    """How many the audience of the form as it stands finds. The page asks for the details once this has come."""
    try:
        campaign, _tree = _sent_audience(request)
        lines = count_audience(campaign, user=request.user)
    except Invalid as problem:
        texts = [one.get("message") or str(problem) for one in problem.details] or [str(problem)]
        return render(request, "campaigns/campaigns/_audience.html", {"problems": texts})
    return render(request, "campaigns/campaigns/_audience.html", {"lines": lines})


@require("campaigns.edit")
@require_POST
def audience_details(request: StaffRequest) -> HttpResponse:
    """Customers, examples, and who else is after the same lines. Nothing for what cannot be counted."""
    try:
        campaign, tree = _sent_audience(request)
        found = detail_audience(campaign, user=request.user)
    except Invalid:
        return HttpResponse()
    context = {"found": found, "others": found.others} | sample_rows(found.samples, fields_of(tree) if tree else [])
    return render(request, "campaigns/campaigns/_audience_details.html", context)


def _sent_audience(request: StaffRequest) -> tuple[Campaign, Group | None]:
    """The audience of the form, as a campaign that is not saved, and its rule. Raises Invalid."""
    fields = rule_catalogue()
    rule = read_draft(request.POST, fields)
    audience, _colon, key = request.POST.get("source", "").partition(":")
    campaign = Campaign(
        code=request.POST.get("of", ""), audience=audience if audience in Audience.values else Audience.RULE,
        audience_key=key, rule={} if is_blank(rule) else rule, branch=sent_branch(request),
    )  # fmt: skip
    return campaign, parse(campaign.rule, fields=fields, typed=True) if campaign.rule else None
