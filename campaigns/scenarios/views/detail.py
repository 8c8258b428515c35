"""One scenario: its rule, its settings, its nights, whom it found and how that ended."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET

from campaigns.audiences.builder.views import RuleWords, sample_rows
from campaigns.audiences.builder.widgets import format_number_input, format_percent_input
from campaigns.audiences.days_of_year import format_days_of_year
from campaigns.audiences.occasions import OCCASIONS
from campaigns.audiences.rules import Type, fields_of, parameters, rule_catalogue
from campaigns.audiences.text import format_stored_rule
from campaigns.outreach.models import RefusalReason
from campaigns.scenarios.filters import HitFilter
from campaigns.scenarios.forms import ScenarioForm
from campaigns.scenarios.models import Scenario, ScenarioHit
from campaigns.scenarios.order_types import order_types
from campaigns.scenarios.queries import Nights, count_outcomes, dry_run, nights_of
from campaigns.scenarios.tables import EndingTable, HitTable, RunTable
from campaigns.scenarios.text import format_kinds, format_scenario, format_trigger
from customers.fields.base import Feed
from customers.lists.models import ListEntry
from retention.core import clock
from retention.core.accounts.models import User
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.managed.permissions import may_decide
from retention.core.managed.text import Words
from retention.core.managed.views.base import ManagedPage
from retention.core.managed.views.detail import ManagedDetail
from retention.core.ui.charts import Spec, chart, gap, series
from retention.core.ui.listing import ListPage
from retention.core.ui.periods import all_days


class ScenarioPages(RuleWords, ManagedPage):
    """Base of all pages of scenarios."""

    model = Scenario
    kind_form = ScenarioForm
    templates = "campaigns/scenarios"

    def get_words(self) -> Words:
        names = dict(order_types())
        return {
            **super().get_words(),
            "order_type": lambda code: names.get(code, code),
            "event_kinds": format_kinds,
            "occasion": lambda code: OCCASIONS[code].label if code in OCCASIONS else code,
            "dates": format_days_of_year,
        }


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
            "trend": _trend(nights),
            "runs": RunTable(list(reversed(nights.nights)), request=self.request).ordered(),
            "endings": EndingTable([_outcome_row(*row) for row in endings]),
            "settings": _settings(scenario),
            "tuning": _tuning(scenario) if context["may_edit"] and not rule.is_broken else [],
        }


@require("scenarios.view")
@require_GET
def try_scenario(request: StaffRequest, code: str) -> HttpResponse:
    """The dry run: what the scenario would do tonight, on the facts there are. Nothing is written.

    The page of one that is off lets who may decide switch it on.
    """
    scenario = visible_scenario(request.user, code)
    fields = rule_catalogue()
    rule = format_stored_rule(scenario.rule, fields)
    run = dry_run(scenario=scenario, user=request.user, now=clock.now()) if rule.tree else None
    may_edit = may_decide(actor=request.user, permission=Scenario.edit_permission, branch=scenario.branch)
    may_switch_on = may_edit and run is not None and not scenario.enabled
    context: dict[str, Any] = {"scenario": scenario, "rule": rule, "run": run, "may_switch_on": may_switch_on}
    if run and rule.tree:
        context |= sample_rows(run.samples, fields_of(rule.tree))
    page = "campaigns/scenarios/_dry_run.html" if request.htmx else "campaigns/scenarios/dry_run.html"
    return render(request, page, context)


def visible_scenario(user: User, code: str) -> Scenario:
    scenarios = Scenario.objects.visible_to(user).select_related("branch", "owner")
    return get_object_or_404(scenarios, code=code)


def _cards(nights: Nights, scenario: Scenario) -> list[dict[str, Any]]:
    last = nights.last
    of_last = _("Last night that ran")
    here = reverse("campaigns:scenario", args=[scenario.code])
    return [
        {"label": _("Lines found"), "value": last and last.found, "hint": of_last},
        {"label": _("New customers"), "value": last and last.new, "spark": nights.trend, "hint": of_last},
        {
            "label": _("Orders opened, 30 nights"), "value": nights.total("opened"),
            "measure": "scenario_opened",
            "href": f"{here}?state={ScenarioHit.State.OPENED}#hits",
        },
        {
            "label": _("Not called (contact rule), 30 nights"), "value": nights.total("refused"),
            "measure": "scenario_refused",
            "href": f"{here}?state={ScenarioHit.State.REFUSED}#hits",
        },
    ]  # fmt: skip


def _trend(nights: Nights) -> Spec | None:
    if len(nights.nights) < 2:
        return None
    shown = [
        (_("Orders opened"), "opened", "good"),
        (_("Not called (contact rule)"), "refused", "c4"),
        (pgettext("hits", "Waiting"), "waiting", "muted"),
        (_("Only reported"), "reported", "c1"),
    ]
    by_day = {night.on: night for night in nights.nights}
    days = all_days(by_day)
    return chart(
        "stacked",
        title=_("Hits by night"),
        x=[day.isoformat() if day in by_day else gap(day.isoformat(), _("did not run")) for day in days],
        data=[
            series(name, [getattr(by_day[day], key) if day in by_day else None for day in days], tone=tone)
            for name, key, tone in shown
        ],
    )


def _outcome_row(state: str, reason: str, hits: int) -> dict[str, Any]:
    words = [str(ScenarioHit.State(state).label)]
    if reason:
        words.append(str(RefusalReason(reason).label))
    query = f"?state={state}" + (f"&reason={reason}" if reason else "")
    return {"label": ": ".join(words), "hits": hits, "href": f"{query}#hits"}


def _settings(scenario: Scenario) -> list[tuple[Any, Any]]:
    named, feeds = dict(order_types()), dict(Feed.choices)
    order = named.get(scenario.order_type, scenario.order_type)
    return [
        (_("Action"), f"{scenario.get_action_display()}: {order}" if order else scenario.get_action_display()),
        (_("Purpose"), scenario.get_purpose_display()),
        (_("When"), format_trigger(scenario)),
        *_channel(scenario),
        (_("Priority"), scenario.priority),
        (_("Hours until due"), scenario.due_hours or _("as the order type says")),
        (_("Cool-down"), _("%(days)s days") % {"days": scenario.cooldown_days}),
        (_("Nightly cap"), scenario.daily_cap or _("no limit")),
        (_("Only if it pays"), _("yes") if scenario.only_if_it_pays else _("no")),
        (_("Branch"), scenario.branch or _("The whole base")),
        (_("Owner"), scenario.owner.display_name if scenario.owner else _("nobody")),
        (_("Needs data"), ", ".join(str(feeds.get(fact, fact)) for fact in scenario.needs) or _("nothing")),
        (_("Talk hint"), scenario.talk_hint or "–"),
        (_("Version"), scenario.version),
    ]


def _channel(scenario: Scenario) -> list[tuple[Any, Any]]:
    return [] if scenario.channel == ListEntry.Channel.CALL else [(_("Channel"), scenario.get_channel_display())]


def _tuning(scenario: Scenario) -> list[dict[str, Any]]:
    """The numbers of the rule as form fields; shares are typed in percent."""
    return [
        {
            "name": one.name,
            "label": one.label,
            "value": format_percent_input(one.value)
            if one.field.type == Type.SHARE
            else format_number_input(one.value),
            "unit": "%" if one.field.type == Type.SHARE else one.field.unit,
        }
        for one in parameters(scenario.rule)
    ]
