"""Families of offers, and how the offers of each are carried out. Pure.

A family is what the field calls an offer; its kind is what billing does with it: sign a policy, change the plan, or
give something. Save rates (analytics.valuation) are known by kind.
"""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    RENEWAL = "renewal", _("Contract renewal")
    PLAN_CHANGE = "plan_change", _("Plan change")
    GIFT = "gift", _("Gift")


class Family(TextChoices):
    RENEWAL = "renewal", _("Contract renewal")
    PLAN_CHANGE = "plan_change", _("Plan change")
    DEPOSIT_GIFT = "deposit_gift", _("Deposit and gift")
    POINTS = "points", _("Bonus points")
    MINUTES = "minutes", _("Off-peak minutes pack")
    DRAW = "draw", _("Prize draw")
    SMALL_BUSINESS = "small_business", _("Small-business annual package")
    NETWORK_AGE = "network_age", _("Network-age privilege")
    PARTNER = "partner", _("Partner benefit")
    CARE = "care", _("Care gift")


# Families whose customers pay in advance.
PREPAID_FAMILIES = frozenset({Family.DEPOSIT_GIFT, Family.SMALL_BUSINESS})
_NOT_GIVEN: Mapping[str, Kind] = {Family.RENEWAL: Kind.RENEWAL, Family.PLAN_CHANGE: Kind.PLAN_CHANGE}
# The family of an offer of which only the kind is known.
USUAL_FAMILY: Mapping[str, Family] = {
    Kind.RENEWAL: Family.RENEWAL, Kind.PLAN_CHANGE: Family.PLAN_CHANGE, Kind.GIFT: Family.CARE,
}  # fmt: skip


def kind_of(family: str) -> Kind:
    return _NOT_GIVEN.get(family, Kind.GIFT)
