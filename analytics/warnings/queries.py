"""The warned lines as a question: which, in which order, up to how many. Fast at millions of lines.

As customers.directory.queries does it: the ids of the first LISTED lines come from one index (`profile_warned`), then
only the
lines of the page are read. Nothing here counts millions of rows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Protocol

from django.db.models import F, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone

from analytics.valuation.queries import in_value_band
from campaigns.outreach import next_calls
from campaigns.outreach.models import ContactPurpose
from customers.contacts.models import ContactRecord
from customers.fields.attributes import custom_fields_by_key
from customers.fields.choices import WARNING_TIERS
from customers.fields.spend import MONTHLY_SPEND
from customers.profile.models import SubscriberProfile
from customers.risk.models import RiskScore
from customers.risk.text.reasons import Reason, format_reasons
from customers.risk.text.themes import MIN_THEME_LOG_ODDS
from retention.core.accounts.models import Branch, User
from workorders.orders.models import WorkOrder
from workorders.orders.states import OPEN

LIST_LIMIT = 10_000
EXPORT_CHUNK = 1_000
ORDERS = {
    "expected_gain": "expected_gain",
    "risk_probability": "risk_probability",
    "arpu": "arpu",
    "contract_ends_on": "contract_ends_on",
}
DEFAULT_ORDER = "-expected_gain"
THIS_MONTH, NEXT_MONTH = "this-month", "next-month"
# A change is measured from the score of last month's end, or the newest of so many days before it.
MONTH_END_WINDOW = timedelta(days=10)


class WarningLines(Protocol):
    """Scored lines that a table of the warning list shows, by pages."""

    @property
    def user(self) -> User: ...
    @property
    def now(self) -> datetime: ...
    @property
    def today(self) -> date: ...
    @property
    def order(self) -> str: ...
    @property
    def line_type(self) -> str:
        """The only one in the list; "" for all."""

    @property
    def count(self) -> int: ...
    def lines(self, start: int, stop: int) -> list[SubscriberProfile]: ...
    def every_line(self) -> Iterator[SubscriberProfile]: ...


@dataclass(frozen=True)
class WarnedLines:
    """The warned lines that `user` may see and that match `filters`.

    filters: tier (several), gain ("pays" or "costs"), cohort, line_type, band, theme, branch (a Branch), ends_within
    (see ending_days); blank ones do not filter.
    order: a key of ORDER_COLUMNS, with a minus for the largest first.
    """

    user: User
    filters: Mapping[str, Any]
    now: datetime
    order: str = DEFAULT_ORDER

    @property
    def today(self) -> date:
        return timezone.localtime(self.now).date()

    @property
    def line_type(self) -> str:
        return self.filters.get("line_type") or ""

    def profiles(self) -> "QuerySet[SubscriberProfile]":
        """All that match, but for the business reason."""
        asked = self.filters
        tiers = asked.get("tier") or WARNING_TIERS
        found = SubscriberProfile.objects.visible_to(self.user).filter(risk_tier__in=list(tiers))
        equal = {"tenure_cohort": asked.get("cohort"), "line_type": asked.get("line_type")}
        found = found.filter(**{name: value for name, value in equal.items() if value})
        if asked.get("gain"):
            found = found.filter(expected_gain__gt=0) if asked["gain"] == "pays" else found.filter(expected_gain__lte=0)
        if asked.get("branch"):
            found = found.filter(branch__in=Branch.objects.under(asked["branch"]).values("pk"))
        if asked.get("band"):
            found = found.annotate(spend=MONTHLY_SPEND).filter(in_value_band(asked["band"]))
        if asked.get("ends_within"):
            found = found.filter(contract_ends_on__range=ending_days(asked["ends_within"], self.today))
        column = F(ORDERS[self.order.lstrip("-")])
        by = column.desc(nulls_last=True) if self.order.startswith("-") else column.asc(nulls_last=True)
        return found.order_by(by, "pk")

    @cached_property
    def first_ids(self) -> list[int]:
        """The ids a page can lead to; one more than LISTED when there are more. A business reason is looked for among
        these only: it is kept with the score, not with the profile."""
        ids = list(self.profiles().values_list("pk", flat=True)[: LIST_LIMIT + 1])
        return self._of_theme(ids) if self.filters.get("theme") else ids

    @property
    def count(self) -> int:
        return min(len(self.first_ids), LIST_LIMIT)

    @cached_property
    def paying(self) -> int:
        """Of the lines that the list leads to, those whose contact pays."""
        listed = SubscriberProfile.objects.filter(pk__in=self.first_ids[:LIST_LIMIT])
        return listed.filter(expected_gain__gt=0).count()

    @cached_property
    def is_cut(self) -> bool:
        """Whether more lines match than the list leads to."""
        if self.filters.get("theme"):
            return len(self.profiles().values_list("pk", flat=True)[: LIST_LIMIT + 1]) > LIST_LIMIT
        return len(self.first_ids) > LIST_LIMIT

    def lines(self, start: int, stop: int) -> list[SubscriberProfile]:
        """The lines at these places, see with_reasons and with_contacts."""
        return with_contacts(with_reasons(self.first_ids[start:stop], today=self.today), user=self.user, now=self.now)

    def every_line(self) -> Iterator[SubscriberProfile]:
        """All that the list leads to, a chunk at a time, for exports."""
        for start in range(0, self.count, EXPORT_CHUNK):
            yield from self.lines(start, min(start + EXPORT_CHUNK, self.count))

    def _of_theme(self, ids: list[int]) -> list[int]:
        """The `ids`, in their order, whose newest score the business reason raises."""
        scored = SubscriberProfile.objects.filter(risk_tier__in=WARNING_TIERS).order_by("-risk_scored_on")
        newest = scored.values_list("risk_scored_on", flat=True).filter(pk__in=ids[:1]).first()
        strength = Cast(KeyTextTransform(self.filters["theme"], "themes"), RiskScore._meta.get_field("probability"))
        raised = RiskScore.objects.filter(as_of__in=[newest], subscriber__in=ids).annotate(strength=strength)
        kept = set(raised.filter(strength__gte=MIN_THEME_LOG_ODDS).values_list("subscriber_id", flat=True))
        return [pk for pk in ids if pk in kept]


def ending_days(within: str, today: date) -> tuple[date, date]:
    """First and last day of a calendar month, THIS_MONTH (from today) or NEXT_MONTH, or of so many days from today."""
    next_month = (today.replace(day=1) + timedelta(days=31)).replace(day=1)
    if within == THIS_MONTH:
        return today, next_month - timedelta(days=1)
    if within == NEXT_MONTH:
        return next_month, (next_month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return today, today + timedelta(days=int(within))


def with_reasons(ids: Sequence[int], *, today: date | None = None) -> list[SubscriberProfile]:
    """Profiles in the order of `ids` with customer and branch, `reasons` (of the score they show) and `before` (the
    probability at the end of last month, or None); four queries, however many there are."""
    rows = SubscriberProfile.objects.for_warning_list().in_bulk(list(ids))
    lines = [rows[pk] for pk in ids if pk in rows]
    said, before = _reasons(lines, today), _month_end_scores(lines)
    for line in lines:
        line.reasons, line.before = said.get(line.pk, []), before.get(line.pk)
    return lines


def with_contacts(lines: list[SubscriberProfile], *, user: User, now: datetime) -> list[SubscriberProfile]:
    """The same with the customer's `open_order` (a WorkOrder or None; `may_open` whether `user` may see it),
    `last_contact` (a ContactRecord or None) and `next_call`, the contact gate's answer for retention; five queries."""
    customers = [line.customer_id for line in lines]
    orders = WorkOrder.objects.filter(customer__in=customers, state__in=OPEN).only("order_no", "customer", "state")
    open_orders = {order.customer_id: order for order in orders}
    seen = set(WorkOrder.objects.visible_to(user).filter(pk__in=[o.pk for o in orders]).values_list("pk", flat=True))
    made = ContactRecord.objects.filter(customer__in=customers, state=ContactRecord.State.USED)
    contacts = {one.customer_id: one for one in made.order_by("customer", "-at", "-pk").distinct("customer")}
    lines_of = {line.pk: line.customer_id for line in lines}
    calls = next_calls(lines=lines_of, purpose=ContactPurpose.RETENTION, now=now)
    for line in lines:
        line.open_order, line.last_contact = open_orders.get(line.customer_id), contacts.get(line.customer_id)
        line.may_open, line.next_call = bool(line.open_order and line.open_order.pk in seen), calls[line.pk]
    return lines


def reason_facts(*, user: User, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """{line: {factor: value}} of the two reasons that the list shows, for the agent; lines that `user` may see."""
    seen = set(SubscriberProfile.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
    lines = with_reasons([pk for pk in ids if pk in seen])
    return {line.pk: {one.factor: one.value for one in line.reasons[:2]} for line in lines}


def _reasons(lines: Sequence[SubscriberProfile], today: date | None) -> dict[int, list[Reason]]:
    scored = {line.pk: line.risk_scored_on for line in lines}
    scores = RiskScore.objects.filter(subscriber__in=list(scored), as_of__in={day for day in scored.values() if day})
    custom = custom_fields_by_key()
    return {
        pk: format_reasons(reasons, for_agent=False, custom=custom, days_later=(today - as_of).days if today else 0)
        for pk, as_of, reasons in scores.values_list("subscriber_id", "as_of", "reasons")
        if scored[pk] == as_of
    }


def _month_end_scores(lines: Sequence[SubscriberProfile]) -> dict[int, float]:
    newest = max((line.risk_scored_on for line in lines if line.risk_scored_on), default=None)
    if newest is None:
        return {}
    end = newest.replace(day=1) - timedelta(days=1)
    window = (end - MONTH_END_WINDOW, end)
    scores = RiskScore.objects.filter(subscriber__in=[line.pk for line in lines], as_of__range=window)
    return dict(scores.order_by("as_of").values_list("subscriber_id", "probability"))
