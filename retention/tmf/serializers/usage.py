"""TMF635: the usage of a line on a day."""

from typing import Any

from django.db.models import Q, QuerySet

from customers.facts.models import UsageDay
from retention.tmf import filters
from retention.tmf.fields import attributes, values
from retention.tmf.fields.base import Call, Resource
from retention.tmf.queries import rows_of_visible_lines

AMOUNTS = {
    "voiceOutSeconds": "voice_out_s",
    "voiceInSeconds": "voice_in_s",
    "callsOut": "calls_out",
    "callsIn": "calls_in",
    "messagesOut": "sms_out",
    "dataMegabytes": "data_mb",
    "roamingSeconds": "roaming_s",
    "forwardedToOwnNetwork": "forwarded_own",
    "forwardedToRivalNetwork": "forwarded_rival",
    "rivalHotlineCalls": "rival_hotline_calls",
    "distinctContacts": "distinct_contacts",
    "droppedCalls": "dropped_calls",
}
OTHER_STATUSES = ("received", "rejected", "recycled", "guided", "rerated", "billed")


def joined(rows: QuerySet, _call: Call) -> QuerySet:
    return rows.select_related("subscriber__account__customer")


def by_id(id: str) -> Q:
    return filters.of_line(id, day="day", form=filters.read_day)


def amounts(day: UsageDay, _call: Call) -> list[dict[str, Any]]:
    return [values.characteristic(name, getattr(day, column)) for name, column in AMOUNTS.items()]


USAGE = Resource(
    path="usageManagement/v4/usage",
    number=635,
    type="Usage",
    description=(
        "Daily roll-ups, not single calls: one usage is all that a line did on a day, its id "
        "`subscriber_no~YYYY-MM-DD`. `product` is the line and `validFor` the day, both beyond the specification. "
        "Days are kept for 90 days. Ask by `product.id` or `usageDate`: without, the list is the whole base's."
    ),
    rows=lambda client: rows_of_visible_lines(UsageDay.objects.all(), client),
    joined=joined,
    id_of=lambda day: f"{day.subscriber.subscriber_no}~{day.day}",
    by_id=by_id,
    attributes={
        "usageDate": attributes.start_of("day"),
        "usageType": attributes.constant("dailyRollUp"),
        "description": attributes.constant("All usage of one line on one day"),
        "status": attributes.constant("rated"),
        "validFor": attributes.period(lambda day, _call: values.period(day.day, day.day)),
        "usageCharacteristic": attributes.characteristics(amounts),
        "product": attributes.line(),
        "relatedParty": attributes.related_party(),
    },
    filters={
        "id": filters.ids(by_id),
        "product.id": filters.keys("subscriber__subscriber_no"),
        "relatedParty.id": filters.keys("subscriber__account__customer__customer_no"),
        "status": filters.choice({"rated": Q()}, standard=OTHER_STATUSES),
        **filters.days("usageDate", "day"),
    },
    sort_within=("product.id", "relatedParty.id"),
    example={
        "id": "S0000123~2026-11-20",
        "usageDate": "2026-11-20T00:00:00+08:00",
        "usageType": "dailyRollUp",
        "status": "rated",
        "usageCharacteristic": [
            values.characteristic("voiceOutSeconds", 620),
            values.characteristic("dataMegabytes", 480.5),
        ],
    },
)
