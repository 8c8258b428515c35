"""Everything that wanted to contact a customer: the ledger's own entries, and what upper apps provide.

    CONTACT_WISHES.declare("orders", order_items)  # in the app's ready()

A provider gives the entries that this person may see, each with its reason in words.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from django.urls import reverse
from django.utils.translation import gettext

from campaigns.outreach.models import Channel
from campaigns.outreach.queries import PolicyVersion, policy_versions, version_at
from campaigns.outreach.text import format_because, format_source
from customers.contacts.models import ContactRecord
from customers.contacts.text import format_contact_code
from customers.facts.models import Subscriber
from retention.core.accounts.models import User
from retention.core.registry import Registry
from retention.core.ui.components import TimelineItem
from retention.core.ui.references import addresses

SHOWN_DAYS, MAX_ITEMS = 90, 200
ICONS = {"call": "phone", "sms": "message", "email": "mail", "app": "device-mobile"}
State = ContactRecord.State
TONES = {State.REFUSED: ("ban", "warning"), State.RESERVED: ("clock", "info"), State.RELEASED: ("circle-x", "")}


class Provider(Protocol):
    def __call__(self, user: User, line: Subscriber, since: datetime) -> list[TimelineItem]: ...


CONTACT_WISHES: Registry[str, Provider] = Registry("provider of contact wishes")


def contact_timeline(*, user: User, line: Subscriber, now: datetime) -> list[TimelineItem]:
    """What wanted the customer of the line in the last SHOWN_DAYS, newest first; MAX_ITEMS of each kind at most. The
    caller has checked that the person may see the line."""
    since = now - timedelta(days=SHOWN_DAYS)
    items = _of_ledger(user, line, since)
    for provider in CONTACT_WISHES.values():
        items += provider(user, line, since)
    return sorted(items, key=lambda item: item.at, reverse=True)


def _of_ledger(user: User, line: Subscriber, since: datetime) -> list[TimelineItem]:
    customer = line.account.customer_id
    records = list(ContactRecord.objects.filter(customer=customer, at__gt=since).for_history()[:MAX_ITEMS])
    orders = addresses("workorder", user, [record.order_no for record in records])
    versions = policy_versions()
    may_read = user.may("contact_policy.view")
    return [_item(one, line, orders.get(one.order_no, ""), version_at(versions, one.at), may_read) for one in records]


def _item(record: ContactRecord, line: Subscriber, order: str, version: PolicyVersion, may_read: bool) -> TimelineItem:
    icon, tone = TONES.get(State(record.state), (ICONS.get(record.channel, "message"), "good"))
    policy = f"{reverse('outreach:policy')}?version={version.number}" if may_read else ""
    return TimelineItem(
        at=record.at,
        title=gettext("%(channel)s, %(purpose)s")
        % {"channel": record.get_channel_display(), "purpose": format_contact_code(record.purpose)},
        text=" · ".join(part for part in (*_reasons(record, line), *_ruled_by(record, version)) if part),
        icon=icon,
        tone=tone,
        href=order or (policy if record.state == State.REFUSED else ""),
        badge=record.get_state_display(),
        actor=record.actor.display_name if record.actor else "",
    )


def _reasons(record: ContactRecord, line: Subscriber) -> Sequence[str]:
    parts = [gettext("asked for by %(source)s") % {"source": format_source(record.source)}]
    if record.state == State.REFUSED:
        parts.append(format_because(record.reason, record.behind, channel=record.channel, purpose=record.purpose))
    elif record.outcome:
        parts.append(format_contact_code(record.outcome))
    if record.order_no:
        named = gettext("order %(number)s") if record.channel == Channel.CALL else gettext("message %(number)s")
        parts.append(named % {"number": record.order_no})
    if record.displaced_by:
        parts.append(gettext("gave way to %(source)s") % {"source": format_source(record.displaced_by)})
    if record.subscriber_id != line.pk:
        parts.append(gettext("on line %(number)s") % {"number": record.subscriber.subscriber_no})
    return parts


def _ruled_by(record: ContactRecord, version: PolicyVersion) -> Sequence[str]:
    """The policy that was in force, of what it decided."""
    if record.state != State.REFUSED:
        return []
    return [gettext("policy version %(number)s") % {"number": version.number}]
