"""One scenario: its rule, its settings, its nights, whom it found and how that ended."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.audiences.rules import rule_catalogue
from campaigns.audiences.text import format_stored_rule
from campaigns.outreach.models import RefusalReason
from campaigns.scenarios.charts import nights_chart
from campaigns.scenarios.filters import HitFilter
from campaigns.scenarios.models import Scenario, ScenarioHit
from campaigns.scenarios.panels import render_panels
from campaigns.scenarios.queries import Nights, count_outcomes, night_funnels, nights_of
from campaigns.scenarios.tables import EndingTable, HitTable, RunTable
from campaigns.scenarios.text import format_branch_numbers, format_scenario, format_settings
from campaigns.scenarios.views.base import ScenarioPages, visible_scenario
from campaigns.scenarios.views.funnels import funnel_context
from campaigns.scenarios.views.tuning import number_fields
from retention.core import clock
from retention.core.managed.views.detail import ManagedDetail
from retention.core.ui.listing import ListPage


class HitList(ListPage):
    """Whom one scenario found."""

    name = "scenario-hits"
    permission = "scenarios.view"
    table_class = HitTable
    filterset_class = HitFilter

    def get_queryset(self) -> QuerySet[ScenarioHit]:
        scenario = visible_scenario(self.user, self.kwargs["code"])
        return ScenarioHit.objects.visible_to(self.user).filter(scenario=scenario).for_list()

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"fields": rule_catalogue()}

    def get_export_name(self) -> str:
        return f"scenario-{self.kwargs['code']}"


class ScenarioPage(ScenarioPages, ManagedDetail):
    list_page = HitList
    switch_off_question = gettext_lazy("Switch this scenario off? It will find nobody until it is on again.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        scenario, user, until = self.object, self.user, clock.today()
        nights = nights_of(scenarios=[scenario], user=user, until=until)[scenario.pk]
        rule = format_stored_rule(scenario.rule, self.rule_fields)
        endings = count_outcomes(scenario=scenario, user=user, until=until)
        context = super().get_context_data(**kwargs)
        return context | {
            "rule": rule,
            "says": format_scenario(scenario, rule),
            "nights": nights,
            "cards": _cards(nights, scenario),
            "trend": nights_chart(nights),
            "runs": RunTable(list(reversed(nights.nights)), request=self.request).ordered(),
            "endings": EndingTable([_outcome_row(*row) for row in endings]),
            **self.funnel(nights),
            "settings": format_settings(scenario, today=until),
            "parts": render_panels(self.request, user, scenario),
            "tuning": number_fields(scenario, {}) if context["may_edit"] and not rule.is_broken else [],
            "branch_numbers": [] if rule.is_broken else format_branch_numbers(scenario),
            "may_tune_branch": user.may(Scenario.edit_permission) and not rule.is_broken,
        }

    def funnel(self, nights: Nights) -> dict[str, Any]:
        """Of the night in the address, else of the last one that ran."""
        ran = [night.on for night in nights.nights if not night.held]
        if not ran:
            return {}
        asked = self.request.GET.get("night", "")
        night = next((day for day in ran if day.isoformat() == asked), ran[-1])
        found = night_funnels(scenario=self.object, user=self.user, on=night)
        shown = funnel_context(scenario=self.object, by_branch=found, user=self.user, night=night)
        return shown | {"funnel_night": night}


def _cards(nights: Nights, scenario: Scenario) -> list[dict[str, Any]]:
    last = nights.last
    of_last = _("Last night that ran")
    here = reverse("campaigns:scenario", args=[scenario.code])
    return [
        {"label": _("Lines found"), "value": last and last.found, "hint": of_last},
        {"label": _("New customers"), "value": last and last.new, "spark": nights.trend, "hint": of_last},
        _contacted(nights, scenario, here),
        {
            "label": _("Not called (contact rule), 30 nights"), "value": nights.total("refused"),
            "measure": "scenario_refused",
            "href": f"{here}?state={ScenarioHit.State.REFUSED}#hits",
        },
    ]  # fmt: skip


def _contacted(nights: Nights, scenario: Scenario, here: str) -> dict[str, Any]:
    if scenario.action == Scenario.Action.SEND_MESSAGE:
        href = f"{here}?state={ScenarioHit.State.MESSAGED}#hits"
        return {"label": _("Messages queued, 30 nights"), "value": nights.total("messaged"), "href": href}
    return {
        "label": _("Orders opened, 30 nights"), "value": nights.total("opened"), "measure": "scenario_opened",
        "href": f"{here}?state={ScenarioHit.State.OPENED}#hits",
    }  # fmt: skip


def _outcome_row(state: str, reason: str, hits: int) -> dict[str, Any]:
    words = [str(ScenarioHit.State(state).label)]
    if reason:
        words.append(str(RefusalReason(reason).label))
    query = f"?state={state}" + (f"&reason={reason}" if reason else "")
    return {"label": ": ".join(words), "hits": hits, "href": f"{query}#hits"}
