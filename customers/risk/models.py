from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.facts.models import MONEY, unchecked_foreign_key
from customers.fields.choices import WARNING_TIERS, RiskTier, TenureCohort


class RiskScore(models.Model):
    """One subscriber's churn risk on a date. Written only by record_scores(). Monthly partitions.

    reasons: [{"factor": field key, "contribution": log-odds, "value": number, text or null}], strongest first.
    themes: {theme key: log-odds of all its factors, ..., "base": log-odds}: the sum is the log-odds of probability.
    {} for scores from before themes were kept.
    """

    computed_from_facts: ClassVar[Q] = Q()

    pk = models.CompositePrimaryKey("subscriber_id", "as_of")
    subscriber = unchecked_foreign_key("customers.Subscriber", related_name="risk_scores", db_index=False)
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
                condition=models.Q(tier__in=WARNING_TIERS),
                name="risk_warnings",
            )
        ]
