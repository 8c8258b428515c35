"""From the queue to the provider, one batch at a time.

claim   what is due goes from waiting to being sent, by a conditional update that any number of senders share, committed
send    the rows are locked again; the gate is asked once more; the provider is called; the outcomes are written. The
        lock lasts from the question to the outcome, so whoever records an opt-out waits for a call in flight, and none
        begins after it.

A sender that is killed in between leaves rows that nobody has locked: `doubts` asks the provider for them.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, transaction

from campaigns.messages.gateways import gateway, gateway_name
from campaigns.messages.gateways.base import Gateway, Outcome, Outgoing, Result
from campaigns.messages.models import CHANNELS, Message, Pace
from campaigns.messages.queries.gate import refused_now
from campaigns.messages.rules import measure
from campaigns.messages.services.recording import Change, write_changes
from campaigns.messages.states import State
from campaigns.outreach.models import ContactPolicy, RefusalReason
from customers.lists.models import ListEntry
from retention.core.restores.services import holds_sending

log = structlog.get_logger("campaigns.messages")
BATCH = 100
CALL_SECONDS = 10.0  # no call is begun later than so long after the gate was asked
MAX_ATTEMPTS = 8
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=10)
ALL_CHANNELS = tuple(code for code, _label in CHANNELS)
CATCH_UP = timedelta(seconds=1)  # so much pace that was not used may be made up

_CLAIM = f"""
WITH due AS (
    SELECT id FROM {Message._meta.db_table}
    WHERE channel = %(channel)s AND state = '{State.QUEUED}' AND due_at <= %(now)s AND expires_at > %(now)s
    ORDER BY priority, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE {Message._meta.db_table} m
SET state = '{State.SENDING}', claimed_at = %(now)s, due_at = %(lost_at)s, gateway = %(gateway)s,
    attempts = attempts + 1
FROM due WHERE m.id = due.id RETURNING m.id
"""


@dataclass
class SendReport:
    """wait: seconds until the channel may send more, None where nothing is due or the hours are over."""

    claimed: int = 0
    sent: int = 0
    failed: int = 0
    unknown: int = 0
    cancelled: int = 0
    again: int = 0
    wait: float | None = None

    def add(self, other: "SendReport") -> None:
        for one in fields(self):
            if one.name != "wait":
                setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


def send_batch(*, channel: str, now: datetime) -> SendReport:
    """Send what is due on a channel, BATCH at most, within its pace and hours. Any number may run at once.

    After a restore nothing is sent until its opt-outs are applied.
    """
    if holds_sending("messages") or not _hours_last(channel, now):
        return SendReport()
    claimed, wait = _claim(channel, now)
    if not claimed:
        return SendReport(wait=wait)
    report = _send(channel, claimed, now)
    report.claimed, report.wait = len(claimed), 0.0
    return report


def _hours_last(channel: str, now: datetime) -> bool:
    """Whether the hours of the channel run, and will when the last call of a batch is begun."""
    hours = ContactPolicy.objects.current().hours(channel)
    end = now + timedelta(seconds=CALL_SECONDS)
    return hours.open_from(now) == now and hours.open_from(end) == end


@transaction.atomic
def _claim(channel: str, now: datetime) -> tuple[list[int], float | None]:
    rate = max(settings.MESSAGE_RATES[channel], 1)
    Pace.objects.get_or_create(channel=channel, defaults={"next_at": now})
    pace = Pace.objects.select_for_update().get(channel=channel)
    if pace.next_at > now:
        return [], (pace.next_at - now).total_seconds()
    name = gateway_name(channel)
    lost_at = now + timedelta(seconds=max(settings.MESSAGE_LEASE, gateway(name).settle_seconds))
    given: dict[str, Any] = {
        "channel": channel, "now": now, "lost_at": lost_at, "gateway": name, "limit": min(BATCH, rate),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, given)
        claimed = [pk for (pk,) in cursor.fetchall()]
    if claimed:
        pace.next_at = max(pace.next_at, now - CATCH_UP) + timedelta(seconds=len(claimed) / rate)
        pace.save(update_fields=["next_at"])
    return claimed, None


@transaction.atomic
def _send(channel: str, claimed: Sequence[int], now: datetime) -> SendReport:
    way = gateway(gateway_name(channel))
    rows = list(
        Message.objects.select_for_update(no_key=True)
        .filter(pk__in=claimed, state=State.SENDING, claimed_at=now)
        .order_by("pk")
    )
    refused = refused_now(rows, now=now)
    changes = [_cancel(one, refused[one.reference], now) for one in rows if one.reference in refused]
    left = [one for one in rows if one.reference not in refused]
    results = _call(way, left) if left else {}
    changes += [_outcome(one, results.get(one.reference, Result(Outcome.NOT_TRIED)), way, now) for one in left]
    write_changes(changes, now=now)
    return _count(changes)


def _call(way: Gateway, rows: Sequence[Message]) -> Mapping[str, Result]:
    batch = [Outgoing(one.reference, one.channel, one.to, one.text, one.subject) for one in rows]
    try:
        return way.send(batch, seconds=CALL_SECONDS)
    except Exception as error:  # whatever it was, any of them may have been taken
        log.exception("gateway failed", gateway=way.name)
        return {one.reference: Result(Outcome.DOUBTFUL, detail=type(error).__name__) for one in rows}


def _cancel(one: Message, reason: RefusalReason, now: datetime) -> Change:
    if reason == RefusalReason.RESTORED:
        return Change(one, State.QUEUED, due_at=now)
    return Change(one, State.CANCELLED, reason=reason.value)


def _outcome(one: Message, result: Result, way: Gateway, now: datetime) -> Change:
    said: dict[str, Any] = {"provider_ref": result.provider_ref, "detail": result.detail, "parts": _parts(one)}
    match result.outcome:
        case Outcome.ACCEPTED:
            return Change(one, State.SENT, sent_at=now, **said)
        case Outcome.REJECTED:
            return Change(one, State.FAILED, is_made=False, **said)
        case Outcome.DOUBTFUL:
            ask_at = now + timedelta(seconds=CALL_SECONDS + way.settle_seconds) if way.can_ask else None
            return Change(one, State.UNKNOWN, due_at=ask_at, sent_at=now, is_made=not way.can_ask, **said)
        case Outcome.BUSY if one.attempts >= MAX_ATTEMPTS:
            return Change(one, State.FAILED, is_made=False, **said)
        case Outcome.BUSY:
            wait = min(FIRST_WAIT * 2 ** (one.attempts - 1), LONGEST_WAIT)
            return Change(one, State.QUEUED, due_at=now + wait, detail=result.detail)
    return Change(one, State.QUEUED, due_at=now)


def _parts(one: Message) -> int:
    return measure(one.text).parts if one.channel == ListEntry.Channel.SMS else 1


def _count(changes: Sequence[Change]) -> SendReport:
    names = {
        State.SENT: "sent", State.FAILED: "failed", State.UNKNOWN: "unknown", State.CANCELLED: "cancelled",
        State.QUEUED: "again",
    }  # fmt: skip
    report = SendReport()
    for change in changes:
        name = names[change.state]
        setattr(report, name, getattr(report, name) + 1)
    return report


def send_for(*, seconds: float, tick: Callable[[], datetime], channels: Sequence[str] = ALL_CHANNELS) -> SendReport:
    """Send what is due on all channels until nothing is, or for so many seconds. tick: the business clock.

    A provider that takes nothing ends its channel's turn: what it did not take is due again later.
    """
    until, total, going = time.monotonic() + seconds, SendReport(), list(channels)
    while going and time.monotonic() < until:
        waits: list[float] = []
        for channel in list(going):
            report = send_batch(channel=channel, now=tick())
            total.add(report)
            is_stuck = report.claimed and report.again == report.claimed
            if report.wait is None or is_stuck:
                going.remove(channel)
            else:
                waits.append(report.wait)
        if waits and min(waits) > 0:
            time.sleep(min([*waits, 1.0]))
    return total
