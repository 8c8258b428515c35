"""Where the queue stands, channel by channel."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q

from campaigns.messages.gateways import gateway_name
from campaigns.messages.models import CHANNELS, Message
from campaigns.messages.states import State
from campaigns.outreach.models import ContactPolicy
from campaigns.outreach.queries import resume_at
from campaigns.outreach.text import format_hours

WINDOW = timedelta(minutes=10)


@dataclass(frozen=True)
class ChannelQueue:
    """resumes_at: when the hours of the channel begin, None while they run."""

    code: str
    channel: object
    gateway: str
    due: int
    later: int
    sending: int
    unknown: int
    a_minute: float
    rate: int
    hours: str
    resumes_at: datetime | None


def channels(*, now: datetime) -> list[ChannelQueue]:
    """All channels; two statements over the messages that wait and those sent within WINDOW."""
    policy = ContactPolicy.objects.current()
    waiting = Message.objects.filter(state__in=(State.QUEUED, State.SENDING, State.UNKNOWN)).values("channel")
    counts: dict[str, Any] = {
        row["channel"]: row
        for row in waiting.annotate(
            due=Count("pk", filter=Q(state=State.QUEUED, due_at__lte=now)),
            later=Count("pk", filter=Q(state=State.QUEUED, due_at__gt=now)),
            sending=Count("pk", filter=Q(state=State.SENDING)),
            unknown=Count("pk", filter=Q(state=State.UNKNOWN)),
        )
    }
    lately = Message.objects.filter(sent_at__gt=now - WINDOW, sent_at__lte=now).values("channel")
    sent = dict(lately.annotate(n=Count("pk")).values_list("channel", "n"))
    found = []
    for code, label in CHANNELS:
        row = counts.get(code, {})
        numbers: dict[str, Any] = {name: row.get(name, 0) for name in ("due", "later", "sending", "unknown")}
        found.append(
            ChannelQueue(
                code=code, channel=label, gateway=gateway_name(code), **numbers,
                a_minute=sent.get(code, 0) / (WINDOW.total_seconds() / 60), rate=settings.MESSAGE_RATES[code],
                hours=format_hours(policy, code), resumes_at=resume_at(policy, code, now),
            )
        )  # fmt: skip
    return found
