"""TMF635: the usage of a line on a day."""

from typing import Any

from django.db.models import Q, QuerySet

from customers.facts.models import UsageDay
from retention.tmf import filters
from retention.tmf.fields import (
    CHARACTERISTIC,
    INSTANT,
    PERIOD,
    REFERENCE,
    TEXT,
    Attribute,
    Call,
    Resource,
    array_of,
    characteristic,
    customer_ref,
    enum,
    line_ref,
    period,
    start_of,
)
from retention.tmf.queries import rows_of_visible_lines

PATH = "usageManagement/v4/usage"
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


def joined(rows: QuerySet, _call: Call) -> QuerySet:
    return rows.select_related("subscriber__account__customer")


def amounts(day: UsageDay, _call: Call) -> list[dict[str, Any]]:
    return [characteristic(name, getattr(day, column)) for name, column in AMOUNTS.items()]


USAGE = Resource(
    path=PATH,
    number=635,
    type="Usage",
    description=(
        "Daily roll-ups, not single calls: one usage is all that a line did on a day, its id "
        "`subscriber_no~YYYY-MM-DD`. "
        "Days are kept for 90 days. Ask by `product.id` or `usageDate`: without, the list is the whole base's."
    ),
    rows=lambda client: rows_of_visible_lines(UsageDay.objects.all(), client),
    joined=joined,
    id_of=lambda day: f"{day.subscriber.subscriber_no}~{day.day}",
    by_id=lambda id: Q(filters.of_line(id, day="day", form=filters.read_day)),
    attributes={
        "usageDate": Attribute(INSTANT, lambda day, _call: start_of(day.day)),
        "usageType": Attribute(enum("dailyRollUp"), lambda _day, _call: "dailyRollUp"),
        "description": Attribute(TEXT, lambda _day, _call: "All usage of one line on one day"),
        "status": Attribute(enum("rated"), lambda _day, _call: "rated"),
        "validFor": Attribute(PERIOD, lambda day, _call: period(day.day, day.day)),
        "usageCharacteristic": Attribute(array_of(CHARACTERISTIC), amounts),
        "product": Attribute(REFERENCE, lambda day, call: line_ref(day.subscriber, call)),
        "relatedParty": Attribute(array_of(REFERENCE), lambda day, call: [customer_ref(day.subscriber, call)]),
    },
    filters={
        "product.id": filters.text("subscriber__subscriber_no"),
        "relatedParty.id": filters.text("subscriber__account__customer__customer_no"),
        "status": filters.choice({"rated": Q()}),
        **filters.days("usageDate", "day"),
    },
    example={
        "id": "S0000123~2026-11-20",
        "usageDate": "2026-11-20T00:00:00+08:00",
        "usageType": "dailyRollUp",
        "status": "rated",
        "usageCharacteristic": [characteristic("voiceOutSeconds", 620), characteristic("dataMegabytes", 480.5)],
    },
)
