from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.base import MONEY, to_row


class RiskTier(models.TextChoices):
    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")
    CRITICAL = "critical", _("Critical")


# Tiers that put a line on the warning list.
WARNED = (RiskTier.MEDIUM.value, RiskTier.HIGH.value, RiskTier.CRITICAL.value)


class TenureCohort(models.TextChoices):
    """入网半年内 / 半年至一年 / 一年以上."""

    UNDER_6 = "under_6", _("Up to 6 months")
    FROM_6_TO_12 = "6_to_12", _("6 to 12 months")
    OVER_12 = "over_12", _("Over 12 months")


class RiskScore(models.Model):
    """One subscriber's churn risk on a date. Written only by customers.services.record_scores(). Monthly partitions.

    reasons: [{"factor": field key, "contribution": log-odds, "value": number, text or null}], strongest first.
    themes: {theme key: log-odds of all its factors, ..., "base": log-odds}: the sum is the log-odds of probability.
    {} for scores from before themes were kept.
    """

    pk = models.CompositePrimaryKey("subscriber_id", "as_of")
    subscriber = to_row("customers.Subscriber", related_name="risk_scores", db_index=False)
    as_of = models.DateField(_("as of"))
    probability = models.FloatField(_("probability"))
    decile = models.SmallIntegerField(_("decile"))
    tier = models.CharField(_("tier"), max_length=10, choices=RiskTier.choices)
    cohort = models.CharField(_("cohort"), max_length=10, choices=TenureCohort.choices)
    expected_gain = models.DecimalField(_("expected gain"), null=True, **MONEY)
    reasons = models.JSONField(default=list)
    themes = models.JSONField(default=dict, db_default={})
    model_version = models.CharField(_("model version"), max_length=60)

    class Meta:
        indexes = [
            models.Index(
                fields=["as_of", "-probability", "subscriber"],
                condition=models.Q(tier__in=WARNED),
                name="risk_warnings",
            )
        ]
