"""The list of scenarios: who each one means, and what the last night brought."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from campaigns.audiences.rules import rule_catalogue
from campaigns.audiences.text import StoredRule, format_stored_rule
from campaigns.scenarios.models import Scenario
from campaigns.scenarios.queries import Nights, nights_of
from campaigns.scenarios.tables import ScenarioTable
from retention.core import clock
from retention.core.accounts.permissions import require
from retention.core.audit import services as audit
from retention.core.ui.tables.exports import export_response, wants_export


@require("scenarios.view")
@require_GET
def scenario_list(request: HttpRequest) -> HttpResponseBase:
    scenarios = list(Scenario.objects.visible_to(request.user).for_list())
    nights = nights_of(scenarios=scenarios, user=request.user, until=clock.today())
    fields = rule_catalogue()
    rows = [_row(scenario, format_stored_rule(scenario.rule, fields), nights[scenario.pk]) for scenario in scenarios]
    table = ScenarioTable(rows, request=request)
    table.exportable = request.user.may("export")
    if wants_export(request) and table.exportable:
        audit.record(actor=request.user, action="export", target="scenarios")
        return export_response(request, table, "scenarios")
    context = {"table": table.paged(), "held": _held(rows), "may_make": request.user.may("scenarios.edit")}
    return render(request, "campaigns/scenarios/list.html", context)


def _row(scenario: Scenario, rule: StoredRule, nights: Nights) -> dict[str, Any]:
    last = nights.last
    return {
        "pk": scenario.pk,
        "code": scenario.code,
        "name": scenario.title,
        "says": rule.says,
        "is_broken": rule.is_broken,
        "enabled": scenario.enabled,
        "priority": scenario.priority,
        "owner": scenario.owner.display_name if scenario.owner else "",
        "on": last.on if last else None,
        "found": last.found if last else None,
        "new": last.new if last else None,
        "opened": last.opened if last else None,
        "refused": last.refused if last else None,
        "held": last.held if last else "",
        "trend": nights.trend,
    }


def _held(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Scenarios that did not run on their last night, for the notice above the list."""
    return [row for row in rows if row["held"] and row["enabled"]]
