from datetime import date
from typing import Any

from customers.facts.models import Subscriber, UsageDay
from retention.core.db import partitioned_tables


def make_usage_day(*, subscriber: Subscriber, day: date, **given: Any) -> UsageDay:
    partitioned_tables.ensure_partitions("customers_usageday", [day])
    return UsageDay.objects.create(**{"subscriber": subscriber, "day": day, "voice_out_s": 600} | given)
