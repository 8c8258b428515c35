"""The lines that left and may be won back, a page at a time; and what our own win-back orders brought.

As analytics.warnings.queries does it: the ids of the first LIST_LIMIT lines come from one index (`leaver_by_spend`,
`leaver_by_days`), then only the lines of the page are read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet
from django.utils import timezone

from analytics.valuation.queries import in_value_band
from analytics.warnings.queries import with_contacts
from analytics.win_back.rules import BINS, Days
from campaigns.offers.queries.eligible import offers_to_leavers
from customers.contacts.numbers import call_number
from customers.facts.models import Subscriber
from customers.profile.models import LeaverProfile
from retention.core.accounts.models import Branch, User
from retention.core.db.inline import inline
from workorders.order_types import rules as form_rules
from workorders.order_types.models import Disposition, OrderType
from workorders.orders.models import WorkOrder
from workorders.orders.queries import SUCCESSFUL_RESULTS
from workorders.orders.states import State

LIST_LIMIT = 10_000
EXPORT_CHUNK = 1_000
ORDERS = {"left_spend", "days_since_left"}
DEFAULT_ORDER = "-left_spend"
# Outcomes of so many days are learnt from: older ones are of other prices and other rivals.
LEARNT_FROM_DAYS = 730
# Where agents write down why the customer leaves or has left, of whatever order type.
SAID_KEYS = ("main_reason", "why_left")
FACTS = ("days_since_left", "left_reason", "left_spend")
# The days of an order are reckoned once, and then put into their bin.
_OUTCOMES = f"""
WITH done AS MATERIALIZED (
    SELECT d.result = ANY(%(good)s) AS won,
           coalesce(
               CASE WHEN jsonb_typeof(o.evidence #> '{{{{0,facts,days_since_left}}}}') = 'number'
               THEN (o.evidence #>> '{{{{0,facts,days_since_left}}}}')::int
                    + (call.made_on - (o.evidence #>> '{{{{0,on}}}}')::date) END,
               call.made_on - s.terminated_on
           ) AS days
    FROM ({{orders}}) seen
    JOIN {WorkOrder._meta.db_table} o ON o.id = seen.id
    JOIN {Disposition._meta.db_table} d ON d.id = o.disposition_id
    JOIN {Subscriber._meta.db_table} s ON s.id = o.subscriber_id
    CROSS JOIN LATERAL (SELECT (o.closed_at AT TIME ZONE %(zone)s)::date AS made_on) call
)
SELECT bin.place, count(*), count(*) FILTER (WHERE done.won)
FROM done JOIN unnest(%(first)s::int[], %(last)s::int[]) WITH ORDINALITY AS bin(first, last, place)
  ON done.days BETWEEN bin.first AND bin.last
GROUP BY bin.place
"""


@dataclass(frozen=True)
class LeftLines:
    """The lines of the leavers' profile that `user` may see and that match `filters`.

    filters: reason, since (a Days), line_type, band, branch (a Branch); blank ones do not filter.
    order: one of ORDERS, with a minus for the largest first.
    """

    user: User
    filters: Mapping[str, Any]
    now: datetime
    order: str = DEFAULT_ORDER

    @property
    def today(self) -> date:
        return timezone.localtime(self.now).date()

    def profiles(self) -> "QuerySet[LeaverProfile]":
        asked = self.filters
        found: QuerySet[LeaverProfile] = LeaverProfile.objects.visible_to(self.user)
        equal = {"left_reason": asked.get("reason"), "line_type": asked.get("line_type")}
        found = found.filter(**{name: value for name, value in equal.items() if value})
        if since := asked.get("since"):
            found = found.filter(days_since_left__range=(since.first, since.last))
        if asked.get("band"):
            found = found.annotate(spend=F("left_spend")).filter(in_value_band(asked["band"]))
        if asked.get("branch"):
            found = found.filter(branch__in=Branch.objects.under(asked["branch"]).values("pk"))
        return found.order_by(self.order, "pk")

    @cached_property
    def first_ids(self) -> list[int]:
        """The ids that a page can lead to; one more than LIST_LIMIT when there are more."""
        return list(self.profiles().values_list("pk", flat=True)[: LIST_LIMIT + 1])

    @property
    def count(self) -> int:
        return min(len(self.first_ids), LIST_LIMIT)

    @property
    def is_cut(self) -> bool:
        return len(self.first_ids) > LIST_LIMIT

    def lines(self, start: int, stop: int) -> list[LeaverProfile]:
        """The lines at these places with customer and branch, `call_number`, `said` (why they left, in their own
        words), `offers`, and what with_contacts() adds."""
        ids = self.first_ids[start:stop]
        rows = LeaverProfile.objects.select_related("subscriber__account__customer", "branch").in_bulk(ids)
        lines: list[Any] = [rows[pk] for pk in ids if pk in rows]
        offers, said = offers_to_leavers(subscriber_ids=ids, on=self.today), said_reasons(ids)
        with_contacts(lines, user=self.user, now=self.now)
        for line in lines:
            line.call_number = call_number(line.subscriber)
            line.offers, line.said = offers.get(line.pk, []), said.get(line.pk, "")
        return lines

    def every_line(self) -> Iterator[LeaverProfile]:
        """All that the list leads to, a chunk at a time, for exports."""
        for start in range(0, self.count, EXPORT_CHUNK):
            yield from self.lines(start, min(start + EXPORT_CHUNK, self.count))


def said_reasons(ids: Sequence[int]) -> dict[int, str]:
    """{line: why it leaves, as the customer said on the newest order that asked}, in the reader's language: of the
    order that answered the request to terminate, or of an earlier call after leaving. One query."""
    asked = WorkOrder.objects.filter(subscriber__in=ids, state=State.DONE, answers__has_any_keys=list(SAID_KEYS))
    newest = asked.order_by("subscriber", "-closed_at", "-pk").distinct("subscriber").select_related("type")
    return {order.subscriber_id: _said(order) for order in newest}


def _said(order: WorkOrder) -> str:
    fields = {one.key: one for one in form_rules.read(order.type.flow, order.type.fields).fields}
    for key in SAID_KEYS:
        if key in order.answers and key in fields:
            titles = {choice.value: choice.title for choice in fields[key].choices}
            return titles.get(order.answers[key], "")
    return ""


def facts_of_leavers(*, user: User, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """{line: {field: value}} for the agent; lines that `user` may see."""
    rows = LeaverProfile.objects.visible_to(user).filter(pk__in=ids).values("pk", *FACTS)
    found = ((row.pop("pk"), row) for row in rows)
    return {
        pk: {name: value if isinstance(value, int | str) else str(value) for name, value in row.items() if value}
        for pk, row in found
    }


def count_outcomes(*, user: User, now: datetime) -> dict[Days, tuple[int, int]]:
    """{days since leaving: (orders, won)} of the win-back orders that this person may see and that were worked to their
    end. won: the customer took the offer. Two queries.

    Days are counted at the call. They are those that the order was found with: a line that came back has left no more.
    """
    kinds = list(OrderType.objects.after_leaving().values_list("pk", flat=True))
    done = WorkOrder.objects.visible_to(user).filter(type__in=kinds, state=State.DONE)
    done = done.filter(closed_at__gt=now - timedelta(days=LEARNT_FROM_DAYS))
    orders, params = inline(done.order_by().values("id"))
    params |= {
        "good": [one.value for one in SUCCESSFUL_RESULTS],
        "zone": timezone.get_current_timezone_name(),
        "first": [one.first for one in BINS],
        "last": [one.last for one in BINS],
    }
    with connection.cursor() as cursor:
        cursor.execute(_OUTCOMES.format(orders=orders), params)
        return {BINS[place - 1]: (count, won) for place, count, won in cursor.fetchall()}
