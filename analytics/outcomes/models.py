"""Outcome counts of every month end, and factors related to leaving."""

from typing import Self

from django.db import models

from analytics.churn.models import Meaning, OutcomeStatus
from customers.facts.models import LineType
from customers.fields.choices import TenureCohort
from retention.core.accounts.models import User
from retention.core.accounts.roles import Role


class WholeBaseQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Counts of the whole base: for administrators, and for managers and analysts of a branch without a parent."""
        if user.role == Role.ADMINISTRATOR:
            return self
        sees_all = user.role in {Role.MANAGER, Role.ANALYST} and user.branch and user.branch.parent_id is None
        return self if sees_all else self.none()


class OutcomeCount(models.Model):
    """Lines of a month end by outcome. `definition`: a copy of the definition they were counted by."""

    snapshot = models.DateField()
    meaning = models.CharField(max_length=12, choices=Meaning.choices)
    line_type = models.CharField(max_length=20, choices=LineType.choices)
    cohort = models.CharField(max_length=10, choices=TenureCohort.choices)
    fate = models.CharField(max_length=16, choices=OutcomeStatus.choices)
    lines = models.IntegerField()
    definition = models.JSONField()

    objects = WholeBaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "meaning", "line_type", "cohort", "fate"], name="outcome_count_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.snapshot} {self.meaning} {self.fate}"


class FactorGain(models.Model):
    """Information gain of a factor at a month end, in bits. cohort "": all lines."""

    snapshot = models.DateField()
    cohort = models.CharField(max_length=10, blank=True)
    factor = models.CharField(max_length=80)
    rank = models.PositiveSmallIntegerField()
    gain = models.FloatField()
    gain_ratio = models.FloatField()
    lines = models.IntegerField()
    leavers = models.IntegerField()

    objects = WholeBaseQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "cohort", "factor"], name="factor_gain_once")]

    def __str__(self) -> str:
        return f"{self.snapshot} {self.factor}"


class RiskBand(models.Model):
    """The band of a factor with the highest churn rate: numbers in [low, high), a level, or blanks."""

    snapshot = models.DateField()
    cohort = models.CharField(max_length=10, blank=True)
    rank = models.PositiveSmallIntegerField()
    factor = models.CharField(max_length=80)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    level = models.CharField(max_length=80, blank=True)
    is_blank = models.BooleanField(default=False)
    lines = models.IntegerField()
    leavers = models.IntegerField()
    rate = models.FloatField()
    rate_low = models.FloatField()
    rate_high = models.FloatField()
    lift = models.FloatField()

    objects = WholeBaseQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "cohort", "factor"], name="risk_band_once")]

    def __str__(self) -> str:
        return f"{self.snapshot} {self.factor}"
