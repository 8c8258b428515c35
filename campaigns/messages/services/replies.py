"""What customers write back. A wish to be left alone holds at once: it is listed, and what waits is cancelled."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from campaigns.declarations import CONTACT_LOCK
from campaigns.messages.gateways.base import ReplyRow
from campaigns.messages.models import Message, Obstacle, Reply
from campaigns.messages.rules import is_opt_out
from campaigns.messages.services.recording import Change, write_changes
from campaigns.messages.states import State
from customers.facts.models import Customer, Subscriber
from customers.lists.models import ListEntry
from customers.lists.services import add_found
from retention.core.db import transaction_locks
from retention.core.identifiers import canonical_phone

ANSWERS_TO = timedelta(days=90)  # who got a message there so lately is meant by a reply from there
REASON = "Asked in a reply to be sent no more messages"


@transaction.atomic
def record_replies(*, rows: Sequence[ReplyRow], now: datetime) -> list[bool]:
    """Keep the replies, each once; True for those that are new. When this returns and is committed, nothing more is
    sent to a sender who asked for that: a message in a call right now is waited for, what waits is cancelled."""
    made = [
        Reply(
            reply_no=row.reply_no, channel=row.channel, sender=address_of(row), text=row.text[:500], at=row.at,
            received_at=now, opted_out=is_opt_out(row.text),
        )
        for row in rows
    ]  # fmt: skip
    known = set(Reply.objects.filter(reply_no__in=[row.reply_no for row in rows]).values_list("reply_no", flat=True))
    Reply.objects.bulk_create(made, ignore_conflicts=True)
    for channel in {one.channel for one in made}:
        # Also of replies that were there: a reply is written before its effects are, by whoever was first.
        opted_out = {one.sender for one in made if one.channel == channel and one.opted_out}
        if opted_out:
            _opt_out(opted_out, channel, now)
    answers = []
    for row in rows:
        answers.append(row.reply_no not in known)
        known.add(row.reply_no)
    return answers


def address_of(row: ReplyRow) -> str:
    """As messages have it: a number in its one writing, a mail address in small letters, of the app the line."""
    if row.channel == ListEntry.Channel.APP:
        return row.sender.strip()[:120]
    if row.channel == ListEntry.Channel.EMAIL:
        return row.sender.strip().lower()[:120]
    return (canonical_phone(row.sender) or row.sender.strip())[:120]


def _opt_out(senders: Collection[str], channel: str, now: datetime) -> None:
    """The gate's lock keeps others from queueing meanwhile; a sender that has a message in hand is waited for."""
    transaction_locks.lock_all(CONTACT_LOCK)
    customers = list(_customers(senders, channel, now).values_list("pk", flat=True))
    add_found(
        customers=Customer.objects.filter(pk__in=customers).values(customer_id=F("pk")),
        list_code=ListEntry.Kind.DO_NOT_DISTURB,
        reason=REASON,
        source=f"reply:{channel}",
        starts_on=timezone.localtime(now).date(),
        ends_on=None,
        now=now,
        channel=channel,
        found_by=ListEntry.Source.CUSTOMER,
    )
    waiting = Message.objects.filter(
        Q(to__in=senders) | Q(customer__in=customers), channel=channel, state__in=(State.QUEUED, State.SENDING)
    )
    held = waiting.select_for_update(no_key=True).order_by("pk")
    # What a sender has claimed and not locked is cancelled by its own look at the gate, or in doubt.
    write_changes(
        [Change(one, State.CANCELLED, reason=Obstacle.OPTED_OUT) for one in held if one.state == State.QUEUED], now=now
    )


def _customers(senders: Collection[str], channel: str, now: datetime) -> QuerySet[Customer]:
    """For whom the number rings now, whose line the app is on, or who was sent a message there lately."""
    sent = Message.objects.filter(to__in=senders, channel=channel, queued_at__gt=now - ANSWERS_TO)
    found = sent.values("customer")
    if channel == ListEntry.Channel.SMS:
        lines = Subscriber.objects.live().filter(phone_number__in=senders)
        found = found.union(lines.values("account__customer"))
    if channel == ListEntry.Channel.APP:
        found = found.union(Subscriber.objects.filter(subscriber_no__in=senders).values("account__customer"))
    return Customer.objects.filter(pk__in=found)
