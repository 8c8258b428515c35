"""Values of the profile's choice fields: risk tiers and tenure cohorts, with their borders in days."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RiskTier(models.TextChoices):
    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")
    CRITICAL = "critical", _("Critical")


# Tiers that put a line on the warning list.
WARNING_TIERS = (RiskTier.MEDIUM.value, RiskTier.HIGH.value, RiskTier.CRITICAL.value)


class TenureCohort(models.TextChoices):
    """入网半年内 / 半年至一年 / 一年以上."""

    UNDER_6 = "under_6", _("Up to 6 months")
    FROM_6_TO_12 = "6_to_12", _("6 to 12 months")
    OVER_12 = "over_12", _("Over 12 months")


# In days, as the profile field tenure_cohort has it.
COHORT_DAYS = {
    TenureCohort.UNDER_6: (0, 183),
    TenureCohort.FROM_6_TO_12: (183, 365),
    TenureCohort.OVER_12: (365, 100_000),
}
