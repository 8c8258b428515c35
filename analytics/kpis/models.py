from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q

from retention.core.accounts.models import Branch, BranchCounts


class KpiValueQuerySet(BranchCounts):
    def latest_date(self) -> date | None:
        """The date of the newest figures; None before the first night."""
        return self.order_by("-as_of").values_list("as_of", flat=True).first()


class KpiValue(models.Model):
    """One indicator of one branch (its own lines only) on one date: a sum, or a share as numerator and denominator."""

    computed_from_facts: ClassVar[Q] = Q()

    as_of = models.DateField()
    kpi = models.CharField(max_length=40)
    branch = models.ForeignKey(Branch, models.CASCADE, related_name="+")
    numerator = models.DecimalField(max_digits=18, decimal_places=4)
    denominator = models.DecimalField(max_digits=18, decimal_places=4, null=True)

    objects = KpiValueQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kpi", "as_of", "branch"], name="kpi_value_once")]
        indexes = [models.Index(fields=["as_of", "kpi"], name="kpi_by_date")]

    def __str__(self) -> str:
        return f"{self.kpi} {self.as_of}"
