"""The contact gate's answer, and the policy's values, in words."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from campaigns.outreach.models import ContactPolicy, ContactPurpose, RefusalReason
from campaigns.outreach.queries import OF_LISTS, NextCall, may_call_now
from customers.facts.models import Subscriber
from customers.lists.models import ListEntry
from customers.page360.queries.holdings import blocking_entries


def call_figure(
    subscriber: Subscriber, *, now: datetime, purpose: str = ContactPurpose.RETENTION, order_no: str = ""
) -> dict[str, Any]:
    """Whether a call may be made now, as the contact gate answers, for `kpi_card`. order_no: the order that asks."""
    customer = subscriber.account.customer
    reason = may_call_now(
        customer_id=customer.pk, subscriber_id=subscriber.pk, now=now, purpose=purpose, order_no=order_no
    )
    figure: dict[str, Any] = {"label": _("May we call now"), "kind": "text", "href": "#history", "measure": "may_call"}
    barred = blocking_entries(list(customer.list_entries.all()), today=timezone.localtime(now).date())
    if reason is None:
        others = [gettext("Not by %(channel)s") % {"channel": one.get_channel_display()} for one in barred]
        note = ", ".join(others) or gettext("no contact rule forbids a retention call")
        return figure | {"value": gettext("Yes"), "note": note}
    figure |= {"value": gettext("No"), "state": "bad", "state_label": reason.label}
    if reason == RefusalReason.QUIET_HOURS:
        return figure | {"state": "warning", "note": _calling_hours()}
    if reason in OF_LISTS:
        return figure | {"href": "#lists", "note": _until(barred)}
    return figure | {"state": "warning", "note": gettext("contact rules of the centre")}


def _calling_hours() -> str:
    policy = ContactPolicy.objects.current()
    hours = {"first": time_format(policy.calls_from), "last": time_format(policy.calls_until)}
    return gettext("calls are made from %(first)s to %(last)s") % hours


def _until(barred: Sequence[ListEntry]) -> str:
    """When the customer's own entry ends; without one it is another customer's, at the same number."""
    if not barred:
        return gettext("asked for by another customer at this number")
    ends = barred[0].ends_on
    return gettext("until %(day)s") % {"day": date_format(ends)} if ends else gettext("until removed")


def format_next_call(answer: NextCall, *, now: datetime) -> str:
    """From when on a call may be made; the reason where no end is known."""
    if answer.at is None:
        return str(answer.reason.label) if answer.reason else ""
    if answer.at <= now:
        return gettext("Now")
    if answer.reason is None:
        return gettext("from %(day)s") % {"day": date_format(timezone.localtime(answer.at), "SHORT_DATETIME_FORMAT")}
    return gettext("from %(day)s") % {"day": date_format(timezone.localtime(answer.at))}


def format_hour(value: str) -> str:
    """A time of the day as the audit trail keeps it."""
    return time_format(time.fromisoformat(value))


def format_purposes(codes: Sequence[str]) -> str:
    labels = dict(ContactPurpose.choices)
    return pgettext("between the values of a list", ", ").join(str(labels.get(code, code)) for code in codes)
