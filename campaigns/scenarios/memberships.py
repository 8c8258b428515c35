"""What rules may ask of scenarios: which lines they have found."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from campaigns.audiences.rules.memberships import DAY, LINE, MEMBERSHIPS, Membership
from campaigns.scenarios.loops import FOUND_BY
from campaigns.scenarios.models import Scenario, ScenarioHit


def register() -> None:
    MEMBERSHIPS.declare(FOUND_BY, Membership(
        _("Found by a scenario"), _("Lists"), _hits, _("found by the scenario %(values)s"),
        _("not found by the scenario %(values)s"), code="scenario__code", names=_titles, on="on", is_risk=True,
    ))  # fmt: skip


def _hits() -> QuerySet:
    return ScenarioHit.objects.filter(subscriber=LINE, on__lte=DAY)


def _titles() -> dict[str, object]:
    return {one.code: one.title for one in Scenario.objects.order_by("code")}
