from datetime import date
from typing import Any

from customers.facts.models import Subscriber, UsageDay
from retention.core import partitions


def make_usage_day(*, subscriber: Subscriber, day: date, **given: Any) -> UsageDay:
    partitions.ensure("customers_usageday", [day])
    return UsageDay.objects.create(**{"subscriber": subscriber, "day": day, "voice_out_s": 600} | given)
