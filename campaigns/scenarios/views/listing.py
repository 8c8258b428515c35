"""The list of scenarios: who each one means, and what the last night brought."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.audiences.rules import rule_catalogue
from campaigns.audiences.text import StoredRule, format_stored_rule
from campaigns.scenarios.calendars import CALENDARS
from campaigns.scenarios.models import Scenario
from campaigns.scenarios.queries import Nights, nights_of
from campaigns.scenarios.tables import ScenarioTable
from campaigns.scenarios.text import format_owner, format_scenario
from retention.core import clock
from retention.core.managed.views.listing import ManagedList

COUNTED = ("found", "new", "opened", "refused")


class ScenarioList(ManagedList):
    model = Scenario
    name = "scenarios"
    permission = "scenarios.view"
    template_name = "campaigns/scenarios/list.html"
    subtitle = _("Rules over the whole base, and what is done for whoever they find.")
    table_class = ScenarioTable

    def get_queryset(self) -> list[dict[str, Any]]:
        scenarios = list(Scenario.objects.visible_to(self.user).for_list())
        nights = nights_of(scenarios=scenarios, user=self.user, until=clock.today())
        fields = rule_catalogue()
        rows = {one.pk: _row(one, format_stored_rule(one.rule, fields), nights[one.pk]) for one in scenarios}
        kinds = {code: [rows.pop(one.pk) for one in scenarios if one.calendar == code] for code in CALENDARS}
        return [*rows.values(), *(_calendar_row(code, found) for code, found in kinds.items() if found)]

    def get_context_data(self) -> dict[str, Any]:
        return super().get_context_data() | {"held": _held(list(self.table.data))}


def _row(scenario: Scenario, rule: StoredRule, nights: Nights) -> dict[str, Any]:
    last = nights.last
    return {
        "pk": scenario.pk,
        "code": scenario.code,
        "href": reverse("campaigns:scenario", args=[scenario.code]),
        "name": scenario.title,
        "why": scenario.why,
        "says": format_scenario(scenario, rule),
        "is_broken": rule.is_broken,
        "enabled": scenario.enabled,
        "priority": scenario.priority,
        "owner": format_owner(scenario) if scenario.owner else "",
        "on": last.on if last else None,
        "found": last.found if last else None,
        "new": last.new if last else None,
        "opened": last.opened if last else None,
        "refused": last.refused if last else None,
        "held": last.held if last else "",
        "trend": nights.trend,
    }


def _calendar_row(code: str, kinds: list[dict[str, Any]]) -> dict[str, Any]:
    """All kinds of a calendar as one row; its counts are those of the newest night."""
    calendar = CALENDARS[code]
    on = max((row["on"] for row in kinds if row["on"]), default=None)
    last = [row for row in kinds if on and row["on"] == on]
    trends = [row["trend"] for row in kinds]
    counts = {name: sum(row[name] for row in last) if last else None for name in COUNTED}
    return kinds[0] | counts | {
        "code": code,
        "name": str(calendar.name),
        "says": str(calendar.says),
        "href": reverse(calendar.page),
        "is_broken": any(row["is_broken"] for row in kinds),
        "enabled": any(row["enabled"] for row in kinds),
        "priority": min(row["priority"] for row in kinds),
        "owner": "",
        "on": on,
        "held": "",
        "trend": [_sum(night) for night in zip(*trends, strict=True)],
    }  # fmt: skip


def _sum(night: tuple[int | None, ...]) -> int | None:
    ran = [new for new in night if new is not None]
    return sum(ran) if ran else None


def _held(rows: list[dict[str, Any]]) -> dict[str, list[str]]:
    """{why: names} of the scenarios that did not run on their last night, for the notices above the list."""
    found: dict[str, list[str]] = {}
    for row in rows:
        if row["held"] and row["enabled"]:
            found.setdefault(row["held"], []).append(row["name"])
    return found
