"""The planner: what a campaign over chosen lines would bring."""

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import numpy as np
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from analytics.navigation.views import ChurnList
from analytics.planner.forms import PlannerForm
from analytics.planner.queries import TIERS, ScoredLines, scored_lines
from analytics.planner.services import CampaignPlan, ValueSegment, plan_campaign, value_segments
from analytics.planner.tables import SegmentTable
from analytics.planner.text import format_advice, format_short_of_best
from analytics.valuation import services
from analytics.valuation.models import TreatmentKind
from analytics.valuation.rules.economics import (
    BANDS,
    COHORTS,
    LINE_TYPES,
    Economics,
    Lines,  # fmt: skip
)
from analytics.valuation.rules.save_rates import SaveRate
from analytics.valuation.text import format_evidence, format_interval, segment_name
from customers.fields.choices import RiskTier
from retention.core.accounts.models import Branch
from retention.core.ui import charts, formats


class PlannerPage(ChurnList):
    """Base of the pages about the lines that the planner's form chooses."""

    form_class = PlannerForm
    form: PlannerForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"branches": Branch.objects.visible_to(self.user)}

    @cached_property
    def economics(self) -> Economics:
        return Economics.current()

    @cached_property
    def scored(self) -> ScoredLines:
        return scored_lines(self.user)

    @cached_property
    def mask(self) -> np.ndarray:
        return _mask(self.scored, self.form, self.economics)

    @cached_property
    def chosen(self) -> Lines:
        return self.scored.where(self.mask)


class Planner(PlannerPage):
    """Expected result of a campaign over the chosen lines; the list is of the value segments."""

    name = "planner"
    title = _("Planner")
    template_name = "analytics/planner/planner.html"
    table_class = SegmentTable

    def get_queryset(self) -> list[dict[str, Any]]:
        segments = value_segments(economics=self.economics, lines=self.chosen)
        return [_segment_row(one, self.economics, self.form) for one in segments]

    def get_context_data(self) -> dict[str, Any]:
        treatment, calls = self.form.chosen, self.form.contacts
        found = plan_campaign(economics=self.economics, lines=self.chosen, treatment=treatment, calls=calls)
        return super().get_context_data() | {
            "as_of": self.scored.as_of,
            "plan": found,
            "curve": _curve(found),
            "advice": format_advice(found, treatment),
            "short": format_short_of_best(found, is_default=self.form.given_contacts is None),
            "paying_url": lines_url(self.form),
            "asked_url": lines_url(self.form, pick="asked"),
            "behind": _warning_list_url(self.form),
            "may_plan": services.may_plan(self.user),
        }


def _mask(scored: ScoredLines, form: PlannerForm, economics: Economics) -> np.ndarray:
    mask = np.ones(len(scored), dtype=bool)
    asked = form.cleaned_data if form.is_valid() else {}
    lines = scored.lines
    if asked.get("branch"):
        ids = list(Branch.objects.under(asked["branch"]).values_list("pk", flat=True))
        mask &= np.isin(scored.branch, ids)
    for name, column, names in (
        ("tier", scored.tier, TIERS), ("cohort", lines.cohort, COHORTS), ("line_type", lines.line_type, LINE_TYPES),
    ):  # fmt: skip
        if asked.get(name):
            mask &= column == names.index(asked[name])
    if asked.get("band"):
        mask &= economics.cells(lines) % len(BANDS) == BANDS.index(asked["band"])
    return mask


def _warning_list_url(form: PlannerForm, **more: str) -> str:
    """The warning list with the filters of the planner; for lines of low risk, which it lacks, the customer list."""
    asked = form.cleaned_data if form.is_valid() else {}
    given = {name: asked.get(name) for name in ("tier", "cohort", "line_type", "band")}
    given["branch"] = asked["branch"].code if asked.get("branch") else ""
    kept = {name: value for name, value in (given | more).items() if value}
    if kept.get("tier") == RiskTier.LOW:
        kept.pop("band", None)  # the customer list has no filter for value bands
        return f"{reverse('customers:list')}?{urlencode(kept)}"
    return reverse("analytics:churn") + (f"?{urlencode(kept)}" if kept else "")


def _segment_row(one: ValueSegment, economics: Economics, form: PlannerForm) -> dict[str, Any]:
    rate = economics.rates[one.kind, one.cohort, one.band]
    verdict, tone = _verdict(one, rate)
    return {
        "segment": segment_name(one.cohort, one.band),
        "lines": one.lines,
        "chance": one.chance,
        "treatment": TreatmentKind(one.kind).label,
        "rate": rate.rate,
        "interval": format_interval(rate),
        "source": format_evidence(rate),
        "paying": one.paying,
        "net": one.net,
        "verdict": verdict,
        "tone": tone,
        "href": _warning_list_url(form, cohort=one.cohort, band=one.band),
    }


def _verdict(one: ValueSegment, rate: SaveRate) -> tuple[Promise, str]:
    if rate.does_harm:
        return _("Contact increases churn"), "bad"
    if not one.paying:
        return _("No contact pays"), "warning"
    return pgettext_lazy("campaign", "Pays"), "good"


def lines_url(form: PlannerForm, **more: str) -> str:
    """The list of the lines that pay, or with `pick` of the asked ones, by the settings of the form."""
    given = form.data if form.is_valid() else {}
    kept = {name: given[name] for name in PlannerForm.base_fields if given.get(name)} | more
    return reverse("analytics:planner-lines") + (f"?{urlencode(kept)}" if kept else "")


def _curve(found: CampaignPlan) -> charts.Spec | None:
    if not found.curve:
        return None
    return charts.chart(
        "line",
        title=gettext("Net gain by length of the list"),
        x=[formats.number(length) for length, _net in found.curve],
        data=[charts.series(gettext("Net gain"), [net for _length, net in found.curve])],
        format="money",
        threshold=(0, gettext("costs as much as it brings")),
    )
