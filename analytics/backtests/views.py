"""Back-tests: of a scenario, of a rule that is being written, and of all scenarios as they are kept."""

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from analytics.backtests.queries.capacity import orders_closed_a_day
from analytics.backtests.queries.replay import backtest
from analytics.backtests.rules import Backtest
from analytics.backtests.tables import (
    ComparisonTable,
    MonthTable,
    TreatmentTable,
    WindowTable,
    comparison_rows,
    month_rows,
    treatment_rows,
    window_rows,
)
from analytics.backtests.text import format_finding, format_interval
from analytics.valuation.models import TreatmentKind
from campaigns.audiences.builder.forms import read_draft
from campaigns.audiences.builder.views import sent_branch
from campaigns.audiences.rules import Group, format_rule, parse, rule_catalogue
from campaigns.scenarios.models import Scenario
from campaigns.scenarios.queries.branch_numbers import rule_condition
from campaigns.scenarios.views.detail import visible_scenario
from customers.facts.models import LineType
from customers.profile.models import SubscriberProfile
from retention.core import clock
from retention.core.accounts.models import Branch, User
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import Invalid
from retention.core.ui.filters import parse_number

Context = dict[str, Any]


@require("scenarios.view")
@require_GET
def scenario_backtest(request: StaffRequest, code: str) -> HttpResponse:
    """What the stored version would have found at the last month ends."""
    scenario = visible_scenario(request.user, code)
    context: Context = {
        "scenario": scenario,
        "on_events": scenario.trigger == Scenario.Trigger.EVENT or bool(scenario.occasion),
    }
    try:
        tree = parse(scenario.rule)
        context["says"] = format_rule(tree)
        if not context["on_events"]:
            context |= _judged(request.user, _replay(request.user, tree, scenario))
    except Invalid as problem:
        context["why_not"] = str(problem.message)
    return render(request, "analytics/backtests/scenario.html", context)


@require("scenarios.edit")
@require_POST
def rule_backtest(request: StaffRequest) -> HttpResponse:
    """The rule in the builder, unsaved; beside the stored version of `scenario` where the form is of one."""
    fields = rule_catalogue()
    code = request.GET.get("scenario", "")
    stored = visible_scenario(request.user, code) if code else None
    context: Context = {"scenario": stored}
    try:
        tree = parse(read_draft(request.POST, fields), fields=fields, typed=True)
        written = Scenario(
            branch=sent_branch(request),
            branch_numbers=stored.branch_numbers if stored else {},
            cooldown_days=parse_number(request.POST.get("cooldown_days", "")) or 0,
            daily_cap=parse_number(request.POST.get("daily_cap", "")),
        )
        found = _replay(request.user, tree, written)
        context |= {"says": format_rule(tree)} | _judged(request.user, found)
        if found and stored:
            context["comparison"] = _compared(request.user, stored, found)
    except Invalid as problem:
        context["why_not"] = str(problem.message)
    page = "analytics/backtests/_backtest.html" if request.htmx else "analytics/backtests/rule.html"
    return render(request, page, context)


def _replay(user: User, tree: Group, scenario: Scenario) -> Backtest | None:
    """None while there is no profile."""
    as_of = SubscriberProfile.objects.newest_date()
    if as_of is None:
        return None
    branch: Branch | None = scenario.branch
    return backtest(
        tree=tree, as_of=as_of, user=user, branch=branch, cooldown_days=scenario.cooldown_days, cap=scenario.daily_cap,
        condition=rule_condition(scenario, tree, path="subscriber__"),
    )  # fmt: skip


def _judged(user: User, found: Backtest | None) -> Context:
    if found is None:
        return {"is_empty": True}
    finding, tone = format_finding(found.headline)
    return {
        "finding": finding,
        "tone": tone,
        "cards": _cards(found, orders_closed_a_day(user, clock.now())),
        "windows": WindowTable(window_rows(found)),
        "months": MonthTable(month_rows(found)),
        "treatments": TreatmentTable(treatment_rows(found)),
        "line_types": ", ".join(str(LineType(one).label) for one in found.line_types),
    }


def _cards(found: Backtest, capacity: float) -> list[Context]:
    headline = found.headline
    return [
        {"label": _("Hits a month"), "value": found.hits_a_month, "measure": "backtest_hits"},
        {
            "label": _("Precision, 60 days"), "value": headline.precision, "kind": "percent",
            "measure": "backtest_precision", "note": format_interval(headline.interval),
        },
        {"label": _("Lift"), "value": headline.lift, "kind": "decimal", "measure": "backtest_lift"},
        {
            "label": _("Leavers caught"), "value": headline.share_caught, "kind": "percent",
            "measure": "backtest_share",
        },
        {
            "label": _("Net gain a month"), "value": found.gain(TreatmentKind.CONTACT), "kind": "money_compact",
            "measure": "backtest_gain",
        },
        {
            "label": _("Orders a day"), "value": found.orders_a_day, "kind": "tenths", "measure": "backtest_orders",
            "previous": capacity, "previous_label": _("Agents close a day"),
            "state": "warning" if (found.orders_a_day or 0) > capacity else "",
            "state_label": _("more than they close"),
        },
    ]  # fmt: skip


def _compared(user: User, stored: Scenario, after: Backtest) -> ComparisonTable | None:
    """Over the month ends that both say something of; None where the stored rule cannot be tested."""
    try:
        before = _replay(user, parse(stored.rule), stored)
    except Invalid:
        return None
    if before is None:
        return None
    both = {one.on for one in before.judged} & {one.on for one in after.judged}
    return ComparisonTable(comparison_rows(_only(before, both), _only(after, both)))


def _only(found: Backtest, days: set[Any]) -> Backtest:
    return replace(found, months=[one for one in found.months if one.on in days])
