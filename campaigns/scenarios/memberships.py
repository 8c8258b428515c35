"""What rules may ask of scenarios: lines they have found lately, and how far two of them find the same ones."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.audiences.overlaps import OVERLAPS, Other
from campaigns.audiences.rules import as_q, parse, rule_catalogue
from campaigns.audiences.rules.memberships import DAY, LINE, MEMBERSHIPS, Membership
from campaigns.scenarios.loops import FOUND_BY
from campaigns.scenarios.models import Scenario, ScenarioHit
from retention.core.accounts.models import User
from retention.core.errors import Invalid


def register() -> None:
    OVERLAPS.declare("scenarios", scenarios_on)
    MEMBERSHIPS.declare(FOUND_BY, Membership(
        _("Found by a scenario"), _("Lists"), _hits, _("found by the scenario %(values)s"),
        _("not found by the scenario %(values)s"), code="scenario__code", names=_titles, on="on", is_risk=True,
    ))  # fmt: skip


def _hits() -> QuerySet:
    return ScenarioHit.objects.filter(subscriber=LINE, on__lte=DAY)


def _titles() -> dict[str, object]:
    return {one.code: one.title for one in Scenario.objects.order_by("code")}


def scenarios_on(user: User, code: str) -> Iterator[Other]:
    """The nightly scenarios that are on, but for the one that is being written, and those that wait for an occasion:
    their rule alone says little. A broken rule finds nobody."""
    fields = rule_catalogue()
    for scenario in Scenario.objects.visible_to(user).nightly().filter(occasion="").exclude(code=code):
        try:
            condition = as_q(parse(scenario.rule, fields=fields))
        except Invalid:
            continue
        yield Other(scenario.title, condition, reverse("campaigns:scenario", args=[scenario.code]))
