"""How the values of a field were distributed on the last night."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from customers.facts.models import unchecked_foreign_key
from retention.core.accounts.models import BranchCounts


class FieldDistribution(models.Model):
    """The values of one field over the live lines of one branch, counted each night.

    counts: {value: lines}; of a number the place of its bin, of a date its month or year; "" where it is not known.
    low, step, bins: bin i of a number holds [low + i * step, low + (i + 1) * step), the first and last all beyond.
    """

    computed_from_facts: ClassVar[Q] = Q()

    field = models.CharField(max_length=60)
    branch = unchecked_foreign_key("core.Branch", related_name="field_distributions", db_index=False)
    as_of = models.DateField()
    lines = models.PositiveIntegerField()
    low = models.FloatField(null=True)
    step = models.FloatField(null=True)
    bins = models.PositiveSmallIntegerField(null=True)
    counts = models.JSONField(default=dict)

    objects = BranchCounts.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["field", "branch"], name="field_distribution_once")]

    def __str__(self) -> str:
        return f"{self.field} {self.branch_id} {self.as_of}"
