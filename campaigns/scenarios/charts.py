"""The charts of a scenario: its nights, and its funnel."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.scenarios.models import Scenario
from campaigns.scenarios.queries import Funnel, Nights
from campaigns.scenarios.queries.matching import asks_gate
from campaigns.scenarios.text import STEP_WORDS
from retention.core.ui.charts import Spec, chart, funnel, gap, series
from retention.core.ui.periods import all_days


def nights_chart(nights: Nights) -> Spec | None:
    """Hits by night and what came of them; None for less than two nights."""
    if len(nights.nights) < 2:
        return None
    shown = [
        (_("Orders opened"), "opened", "good"),
        (_("Not called (contact rule)"), "refused", "c4"),
        (pgettext("hits", "Waiting"), "waiting", "muted"),
        (_("Only reported"), "reported", "c1"),
    ]
    rarer = [
        (_("Messages queued"), "messaged", "good"),
        (_("Put on a list"), "listed", "c2"),
        (pgettext("hit", "Cleared by itself"), "cleared", "c3"),
    ]
    shown += [one for one in rarer if nights.total(one[1])]
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


def steps_of(scenario: Scenario, found: Funnel) -> list[tuple[str, int, int]]:
    """The steps of the funnel that the scenario has, and those at which somebody was left out."""
    has = {
        "unpaying": scenario.only_if_it_pays,
        "confirming": scenario.confirm_nights > 1,
        "refused": asks_gate(scenario),
        "capped": scenario.daily_cap is not None,
        "held_out": scenario.holdout_percent > 0,
    }
    return [step for step in found.steps() if step[1] or has.get(step[0], step[0] == "cooled")]


def funnel_chart(scenario: Scenario, found: Funnel) -> Spec:
    """Customers found, and how many of them remain after each step."""
    steps = steps_of(scenario, found)
    return funnel(
        title=_("From found to contacted"),
        stages=[_("Customers found"), *(STEP_WORDS[reason][1] for reason, _out, _remain in steps)],
        values=[found.customers, *(remain for _reason, _out, remain in steps)],
    )
