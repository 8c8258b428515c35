from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from customers.facts.models.base import Fact, unchecked_foreign_key


class Usage(Fact):
    voice_out_s = models.IntegerField(default=0)
    voice_in_s = models.IntegerField(default=0)
    calls_out = models.IntegerField(default=0)
    calls_in = models.IntegerField(default=0)
    sms_out = models.IntegerField(default=0)
    data_mb = models.FloatField(default=0)
    roaming_s = models.IntegerField(default=0)
    forwarded_own = models.IntegerField(default=0)
    forwarded_rival = models.IntegerField(default=0)
    rival_hotline_calls = models.IntegerField(default=0)
    distinct_contacts = models.IntegerField(default=0)
    dropped_calls = models.IntegerField(default=0)

    class Meta:
        abstract = True


class UsageDay(Usage):
    """One line's day. Monthly partitions by `day`, kept 90 days."""

    dated_by = "day"
    partitioned = True

    pk = models.CompositePrimaryKey("subscriber_id", "day")
    subscriber = unchecked_foreign_key("customers.Subscriber", related_name="usage_days", db_index=False)
    day = models.DateField()

    class Meta:
        indexes = [BrinIndex(fields=["day"], name="usage_day_by_day")]


class UsageMonth(Usage):
    """One line's month. `rolled_up`: summed here from days; a month the operator sent wins over it."""

    dated_by = "month"
    partitioned = True
    computed_from_facts: ClassVar[Q] = Q(rolled_up=True)

    pk = models.CompositePrimaryKey("subscriber_id", "month")
    subscriber = unchecked_foreign_key("customers.Subscriber", related_name="usage_months", db_index=False)
    month = models.DateField()
    active_days = models.IntegerField(null=True)
    rolled_up = models.BooleanField(default=False)

    class Meta:
        indexes = [
            # Few lines forward calls; these are read by group, for every block of the profile.
            models.Index(fields=["month"], condition=models.Q(forwarded_rival__gt=0), name="usage_month_forwarding")
        ]


class UsageMonthDue(models.Model):
    """A month to be summed from its days: days of it came, changed or were deleted since it was summed last.

    Written by triggers of the two tables of usage, a few rows a load, so that no way of writing days is forgotten.
    `subscriber`: a line that lost days, or the month that billing sent for it; blank where days came or changed.
    """

    computed_from_facts: ClassVar[Q] = Q()

    month = models.DateField()
    subscriber = unchecked_foreign_key("customers.Subscriber", null=True, related_name="+", db_index=False)

    class Meta:
        indexes = [models.Index(fields=["month"], name="usage_month_due")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
