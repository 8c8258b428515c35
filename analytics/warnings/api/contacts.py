"""Every contact with a line, requested or made, over all channels and orders."""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from analytics.declarations import SIGNALS
from analytics.warnings.api import serializers
from analytics.warnings.api.queries import line_of
from analytics.warnings.api.serializers import ContactPage
from campaigns.outreach import Answer, explain_line
from campaigns.outreach.text import format_because, format_why
from customers.contacts.models import ContactRecord
from customers.declarations import CONTACTS_READ
from retention.core import clock
from retention.core.api.pagination import PAGING, keyset_page, parse_instant
from retention.core.api.views.base import ApiView
from workorders.orders.models import WorkOrder

ORDER = (("-at", parse_instant), ("-pk", int))


class LineContacts(ApiView):
    scope, tag = CONTACTS_READ, SIGNALS
    errors = (404,)

    @extend_schema(
        operation_id="list_contacts",
        summary="The contacts with one line, newest first",
        description=(
            "The contact ledger of the line: every contact that a scenario, an order or a person asked for, allowed or "
            "refused, with what became of it. Each attempt of an order is a row of its own, with the order's state and "
            "disposition as they are now. `may_contact` is the contact gate's answer now to each channel and purpose: "
            "the rule that forbids it, since when, and the first moment at which it would be allowed."
        ),
        parameters=PAGING,
        responses={200: ContactPage},
        examples=serializers.response_example(
            {
                "results": [serializers.CONTACT_EXAMPLE],
                "next": None,
                "may_contact": [serializers.MAY_CONTACT_EXAMPLE],
            }
        ),
    )
    def get(self, request: Request, subscriber_no: str) -> Response:
        line = line_of(self.client, subscriber_no)
        # The customer is named for its index (customer, -at).
        records = ContactRecord.objects.filter(customer=line.account.customer_id, subscriber=line)

        def write(rows: Sequence[ContactRecord]) -> list[dict[str, Any]]:
            orders = orders_of(rows)
            return [_one(row, line.subscriber_no, orders.get(row.order_no)) for row in rows]

        answers = explain_line(customer_id=line.account.customer_id, subscriber_id=line.pk, now=clock.now())
        page = keyset_page(records, request, keys=ORDER, write=write)
        return Response({**page, "may_contact": [_answer(one) for one in answers]})


def orders_of(records: Sequence[ContactRecord]) -> dict[str, WorkOrder]:
    """The orders behind these contacts by number, in one query."""
    numbers = {record.order_no for record in records} - {""}
    orders = WorkOrder.objects.filter(order_no__in=numbers).select_related("type", "disposition")
    return {order.order_no: order for order in orders.defer("evidence", "answers")}


def _one(record: ContactRecord, subscriber_no: str, order: WorkOrder | None) -> dict[str, Any]:
    return {
        "id": record.pk,
        "subscriber_no": subscriber_no,
        "at": record.at,
        "channel": record.channel,
        "purpose": record.purpose,
        "state": record.state,
        "reason": record.reason,
        "outcome": record.outcome,
        "source": record.source,
        "order_no": record.order_no or None,
        "order_state": order.state if order else None,
        "disposition": order.disposition.code if order and order.disposition else None,
        "explanation": _because(record),
        "by_risk": record.by_risk,
        "displaced_by": record.displaced_by or None,
    }


def _because(record: ContactRecord) -> str | None:
    if record.state != ContactRecord.State.REFUSED:
        return None
    return format_because(record.reason, record.behind, channel=record.channel, purpose=record.purpose)


def _answer(answer: Answer) -> dict[str, Any]:
    """The contact gate's own answer; as the pages have it."""
    return {
        "channel": answer.request.channel,
        "purpose": answer.request.purpose,
        "allowed": answer.allowed,
        "reason": answer.reason or "",
        "explanation": format_why(answer) or None,
        "since": answer.behind.get("since"),
        "first_allowed_at": answer.at,
    }
