"""Values of the profile's choice fields and the groups of codes that have one meaning in the whole product."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.facts.models import Subscriber


class RiskTier(models.TextChoices):
    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")
    CRITICAL = "critical", _("Critical")


# Tiers that put a line on the warning list.
HIGH_TIERS = (RiskTier.HIGH.value, RiskTier.CRITICAL.value)
WARNING_TIERS = (RiskTier.MEDIUM.value, RiskTier.HIGH.value, RiskTier.CRITICAL.value)


class TenureCohort(models.TextChoices):
    """入网半年内 / 半年至一年 / 一年以上. The borders are in COHORT_DAYS, forms of them in `customers.fields.cohorts`."""

    UNDER_6 = "under_6", _("Up to 6 months")
    FROM_6_TO_12 = "6_to_12", _("6 to 12 months")
    OVER_12 = "over_12", _("Over 12 months")


# Days since joining, [from, to), in rising order without gaps. The only place where the borders are written.
COHORT_DAYS = {
    TenureCohort.UNDER_6: (0, 183),
    TenureCohort.FROM_6_TO_12: (183, 365),
    TenureCohort.OVER_12: (365, 100_000),
}


class ValueBand(models.TextChoices):
    """By spend a month, lowest first; an operator sets the edges for each line type (`analytics.valuation`)."""

    LOW = "low", pgettext_lazy("value", "Low")
    MID = "mid", pgettext_lazy("value", "Middle")
    HIGH = "high", pgettext_lazy("value", "High")


class SpendSource(models.TextChoices):
    """What the spend of a line is known from: bills, or what was topped up for a prepaid line that is not billed."""

    BILLS = "bills", _("Bills")
    TOPUPS = "topups", _("Top-ups")


class TierMove(models.TextChoices):
    UP = "up", pgettext_lazy("member tier", "Up")
    DOWN = "down", pgettext_lazy("member tier", "Down")


class ServiceFit(models.TextChoices):
    """The value-added service that a line's use asks for and that it does not have."""

    ROAMING = "roaming", _("Roaming pack")
    DATA = "data", _("Data pack")


class LoyaltyLevel(models.TextChoices):
    VERY_HIGH = "very_high", pgettext_lazy("loyalty", "Very high")
    HIGH = "high", pgettext_lazy("loyalty", "High")
    MEDIUM = "medium", pgettext_lazy("loyalty", "Medium")
    LOW = "low", pgettext_lazy("loyalty", "Low")


# The reasons of termination that mean a customer chose to leave; all others are the operator's doing or not churn.
VOLUNTARY_REASONS: tuple[str, ...] = (Subscriber.Reason.VOLUNTARY.value, Subscriber.Reason.PORT_OUT.value)


class CircleKind(models.TextChoices):
    """What lines that belong together are (`customers.circles`)."""

    HOUSEHOLD = "household", _("Household")
    SMALL_GROUP = "small_group", _("Small group")
    ENTERPRISE = "enterprise", _("Enterprise")


class BundleReason(models.TextChoices):
    """Why a bundle 融合套餐 suits a circle."""

    MOBILE_BROADBAND = "mobile_broadband", _("Mobile and broadband without a bundle")
    NO_BROADBAND = "no_broadband", _("Several mobile lines, no broadband")
