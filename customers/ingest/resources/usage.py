from django.utils.translation import gettext_lazy as _

from customers.facts.models import UsageDay, UsageMonth
from customers.ingest.resources.base import Field, Fields, Resource


def measures(usage: Fields) -> tuple[Field, ...]:
    return (
        usage.count("voice_out_s"),
        usage.count("voice_in_s"),
        usage.count("calls_out"),
        usage.count("calls_in"),
        usage.count("sms_out"),
        usage.real("data_mb"),
        usage.count("roaming_s", 0),
        usage.count("forwarded_own", 0),
        usage.count("forwarded_rival", 0),
        usage.count("rival_hotline_calls", 0),
        usage.count("distinct_contacts", 0),
        usage.count("dropped_calls", 0),
    )


day, month = Fields(UsageDay), Fields(UsageMonth)

USAGE_DAYS = Resource(
    "usage-days",
    UsageDay,
    _("Usage by day"),
    key=("subscriber_no", "day"),
    fields=(day.subscriber(), day.fact_day("day"), *measures(day)),
)

# A month that the operator sends wins over the sum of days kept for it.
USAGE_MONTHS = Resource(
    "usage-months",
    UsageMonth,
    _("Usage by month"),
    key=("subscriber_no", "month"),
    fields=(month.subscriber(), month.month("month"), *measures(month), month.count("active_days", None, high=31)),
    fixed={"rolled_up": "false"},
)
