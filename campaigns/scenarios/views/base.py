"""What all pages of scenarios share."""

from django.shortcuts import get_object_or_404

from campaigns.audiences.builder.views import RuleWords
from campaigns.audiences.days_of_year import format_days_of_year
from campaigns.audiences.occasions import OCCASIONS
from campaigns.scenarios.forms import ScenarioForm
from campaigns.scenarios.models import Scenario
from campaigns.scenarios.order_types import order_types
from campaigns.scenarios.text import format_kinds, format_numbers_by_branch
from retention.core.accounts.models import User
from retention.core.managed.text import Words
from retention.core.managed.views.base import ManagedPage


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
            "branch_numbers": format_numbers_by_branch,
        }


def visible_scenario(user: User, code: str) -> Scenario:
    scenarios = Scenario.objects.visible_to(user).select_related("branch", "owner", "submitted_by")
    return get_object_or_404(scenarios, code=code)
