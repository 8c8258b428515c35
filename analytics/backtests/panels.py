"""The back-test on the page of a scenario and below the rule that is being written."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analytics.backtests.queries.kept import kept_figures
from analytics.backtests.text import VERDICTS
from campaigns.scenarios import panels
from campaigns.scenarios.models import Scenario
from retention.core.accounts.models import User
from retention.core.ui import formats


def register() -> None:
    panels.SCENARIO_PANELS.declare("backtest", backtest_panel)
    panels.RULE_CHECKS.declare(
        "backtest", panels.RuleCheck(gettext_lazy("Back-test this rule"), "backtests:rule", "history")
    )


def backtest_panel(user: User, scenario: Scenario) -> panels.Panel | None:
    """The figures that the nights have kept; none for a scenario on events, which no month end knows."""
    if scenario.trigger == Scenario.Trigger.EVENT or scenario.occasion:
        return None
    figures = kept_figures(user, [scenario]).get(scenario.pk)
    context = {
        "figures": _as_pairs(figures) if figures else [],
        "url": reverse("backtests:scenario", args=[scenario.code]),
        "all_url": reverse("analytics:scenario-backtests") if user.may("churn.view") else "",
    }
    return panels.Panel(
        title=_("Back-test, last six month ends"), icon="history", template="analytics/backtests/_panel.html",
        context=context,
    )  # fmt: skip


def _as_pairs(figures: dict[str, Any]) -> list[tuple[str, str]]:
    shown = [
        (_("Hits a month"), formats.number(figures["hits"])),
        (_("Precision, 60 days"), formats.percent(figures["precision"])),
        (_("Lift"), formats.number(figures["lift"], 2)),
        (_("Leavers caught"), formats.percent(figures["share"])),
        (_("Net gain a month"), formats.money(figures["gain"])),
    ]
    verdict = figures["verdict"]
    return [*shown, (_("Verdict"), str(VERDICTS[verdict][0]))] if verdict else shown
