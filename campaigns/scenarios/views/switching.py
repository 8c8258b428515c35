"""What a scenario would do, and switching it on."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from campaigns.audiences.builder.views import sample_rows
from campaigns.audiences.rules import fields_of, rule_catalogue
from campaigns.audiences.text import format_stored_rule
from campaigns.scenarios.forecasts import forecast
from campaigns.scenarios.models import Scenario
from campaigns.scenarios.queries import dry_run
from campaigns.scenarios.services.approval import approval_for
from campaigns.scenarios.services.switching import asks_number, switch_on
from campaigns.scenarios.views.base import ScenarioPages, visible_scenario
from campaigns.scenarios.views.funnels import funnel_context
from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import Invalid
from retention.core.managed.permissions import may_decide
from retention.core.managed.views.editing import ManagedSwitch
from retention.core.ui.filters import parse_number


@require("scenarios.view")
@require_GET
def try_scenario(request: StaffRequest, code: str) -> HttpResponse:
    """The dry run: what the scenario would do tonight, on the facts there are. Nothing is written.

    The page of one that is off lets who may decide switch it on.
    """
    scenario, now = visible_scenario(request.user, code), clock.now()
    rule = format_stored_rule(scenario.rule, rule_catalogue())
    run = dry_run(scenario=scenario, user=request.user, now=now) if rule.tree else None
    may_edit = may_decide(actor=request.user, permission=Scenario.edit_permission, branch=scenario.branch)
    may_switch_on = may_edit and run is not None and not scenario.enabled
    context: dict[str, Any] = {"scenario": scenario, "rule": rule, "run": run, "may_switch_on": may_switch_on}
    if run and rule.tree:
        context |= sample_rows(run.samples, fields_of(rule.tree))
        context |= funnel_context(scenario=scenario, by_branch=run.by_branch, user=request.user, night=None)
        context |= {
            "forecast": forecast(scenario=scenario, run=run, user=request.user, now=now),
            "asks_number": may_switch_on and asks_number(run),
            "approval": approval_for(scenario=scenario, run=run, user=request.user),
        }
    page = "campaigns/scenarios/_dry_run.html" if request.htmx else "campaigns/scenarios/dry_run.html"
    return render(request, page, context)


class SwitchScenario(ScenarioPages, ManagedSwitch):
    """POST `to`: on or off; `number`: the lines found, asked for where they are much of the base."""

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        if request.POST.get("to") != "on":
            return super().post(request, code)
        try:
            row = switch_on(
                actor=self.user, code=code, number=parse_number(request.POST.get("number", "")), now=clock.now()
            )
        except Invalid as problem:
            messages.error(request, str(problem))
            page = "campaigns:scenario-try" if problem.code == "type_the_number" else "campaigns:scenario"
            return redirect(page, code)
        word = _("%(name)s is on.") if row.enabled else _("%(name)s is submitted: somebody else has to approve it.")
        messages.success(request, word % {"name": row.title})
        return redirect("campaigns:scenario", code)
