"""Whom a scenario finds, and when, in words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from campaigns.audiences.days_of_year import format_days_of_year
from campaigns.audiences.occasions import OCCASIONS, format_days
from campaigns.audiences.text import StoredRule
from campaigns.scenarios.models import Scenario
from customers.facts.models import StatusEvent


def format_scenario(scenario: Scenario, rule: StoredRule) -> str:
    """The rule in words, and that only contacts that pay are made, where that is so."""
    if rule.is_broken or not scenario.only_if_it_pays:
        return rule.says
    return _("%(rule)s; only if a contact pays") % {"rule": rule.says}


def format_trigger(scenario: Scenario) -> str:
    """`Every night`, `As events arrive: Port-out` or `Birthday; 3 days before`."""
    if scenario.trigger == Scenario.Trigger.EVENT:
        return f"{scenario.get_trigger_display()}: {format_kinds(scenario.event_kinds)}"
    occasion = OCCASIONS.get(scenario.occasion)
    if occasion is None:
        return scenario.get_trigger_display()
    named = format_days_of_year(scenario.dates) or str(occasion.label)
    return _("%(what)s; %(days)s") % {"what": named, "days": format_days(occasion, scenario.days)}


def format_kinds(kinds: Sequence[str]) -> str:
    known = dict(StatusEvent.Kind.choices)
    return ", ".join(str(known.get(kind, kind)) for kind in kinds)
