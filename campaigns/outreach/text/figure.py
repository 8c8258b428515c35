"""The figure "May we call now" of the 360 and of the call screen."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.outreach.models import HOURS_OF, ContactPurpose, RefusalReason
from campaigns.outreach.queries import OF_LISTS, ContactRequest, explain
from campaigns.outreach.text.answers import format_first_allowed
from campaigns.outreach.text.policy import format_hours
from customers.facts.models import Subscriber


def call_figure(
    subscriber: Subscriber, *, now: datetime, purpose: str = ContactPurpose.RETENTION, order_no: str = ""
) -> dict[str, Any]:
    """Whether a call may be made now, as the contact gate answers, for `kpi_card`. order_no: the order that asks."""
    asked = [
        ContactRequest(
            subscriber.account.customer_id, subscriber.pk, channel, purpose, "", order_no, None, holdable=not order_no
        )
        for channel in HOURS_OF
    ]
    call, *others = explain(requests=asked, now=now, reserving=False)
    figure: dict[str, Any] = {"label": _("May we call now"), "kind": "text", "href": "#history", "measure": "may_call"}
    if not order_no:  # on the call screen the agent stays with the order
        figure["href"] = reverse("outreach:line", args=[subscriber.subscriber_no])
    if call.reason is None:
        barred = [one for one in others if one.reason not in (None, RefusalReason.QUIET_HOURS)]
        note = ", ".join(gettext("Not by %(channel)s") % {"channel": one.channel_label} for one in barred)
        return figure | {"value": gettext("Yes"), "note": note or gettext("no contact rule forbids a retention call")}
    figure |= {"value": gettext("No"), "state": "warning", "state_label": call.reason.label}
    if call.reason == RefusalReason.QUIET_HOURS:
        return figure | {"note": format_hours(call.policy, call.request.channel)}
    until = format_first_allowed(call, now=now)
    if call.reason in OF_LISTS:
        foreign = not call.behind.get("own", True)
        note = gettext("asked for by another customer at this number") if foreign else until
        return figure | {"href": "#lists", "state": "bad", "note": note}
    return figure | {"note": until}
