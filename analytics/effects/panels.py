"""The effect on the page of its scenario."""

from django.utils.translation import gettext_lazy as _

from analytics.effects.queries import effects_of
from analytics.effects.tables import EffectTable
from analytics.evaluation.rules.verdicts import Verdict
from campaigns.scenarios.holdouts import reason_for_none
from campaigns.scenarios.models import Scenario
from campaigns.scenarios.panels import SCENARIO_PANELS, Panel
from retention.core.accounts.models import User


def register() -> None:
    SCENARIO_PANELS.declare("effect", effect_panel)


def effect_panel(user: User, scenario: Scenario) -> Panel | None:
    """Both arms by window; where nobody was ever held out only a sentence, none where nothing is done with hits."""
    if scenario.action == Scenario.Action.REPORT_ONLY:
        return None
    windows = effects_of(scenario=scenario, user=user)
    silent = all(one.comparison.verdict == Verdict.NO_CONTROL for one in windows)
    context = {"effects": None if silent else EffectTable(windows), "reason": reason_for_none(scenario)}
    return Panel(
        title=_("Effect against the hold-out"), icon="scale", template="analytics/effects/_panel.html", context=context
    )
