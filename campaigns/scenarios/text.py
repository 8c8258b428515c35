"""Whom a scenario finds, in one sentence."""

from django.utils.translation import gettext as _

from campaigns.audiences.text import StoredRule
from campaigns.scenarios.models import Scenario


def format_scenario(scenario: Scenario, rule: StoredRule) -> str:
    """The rule in words, and that only contacts that pay are made, where that is so."""
    if rule.is_broken or not scenario.only_if_it_pays:
        return rule.says
    return _("%(rule)s; only if a contact pays") % {"rule": rule.says}
