"""What upper apps show on the page of a scenario, and what they can say of a rule that is being written.

An app declares its parts when it is ready; they stand in the order of declaration.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from campaigns.scenarios.models import Scenario
from customers.page360.panels import Card, Panel
from retention.core.accounts.models import User
from retention.core.registry import Registry

__all__ = ["RULE_CHECKS", "SCENARIO_PANELS", "Panel", "RuleCheck", "render_panels", "rule_checks"]


@dataclass(frozen=True)
class RuleCheck:
    """A button below the rule. url_name: of a page that takes the whole form by POST, with `?scenario=CODE` where it is
    of one that is stored; for htmx it answers with a part of a page."""

    label: object
    url_name: str
    icon: str


SCENARIO_PANELS: Registry[str, Callable[[User, Scenario], Panel | None]] = Registry("panel of a scenario")
RULE_CHECKS: Registry[str, RuleCheck] = Registry("check of a rule")


def render_panels(request: HttpRequest, user: User, scenario: Scenario) -> list[Card]:
    found = [(key, provider(user, scenario)) for key, provider in SCENARIO_PANELS.items()]
    return [
        Card(key, panel, render_to_string(panel.template, dict(panel.context), request))
        for key, panel in found
        if panel
    ]


def rule_checks(scenario: Scenario | None) -> list[dict[str, Any]]:
    """label, icon and url of each button; scenario: the stored one that the form is of."""
    query = f"?scenario={scenario.code}" if scenario and scenario.pk else ""
    return [
        {"label": one.label, "icon": one.icon, "url": reverse(one.url_name) + query} for one in RULE_CHECKS.values()
    ]
