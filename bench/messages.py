"""The queue through the fake provider: claims, gate, calls and records, beside the same rows claimed and marked."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from bench.measure import beside, seconds
from campaigns.messages.gateways import gateway
from campaigns.messages.models import Message, MessageTemplate
from campaigns.messages.services.queueing import MessageRequest, queue_messages
from campaigns.messages.services.sending import BATCH, SendReport, send_for
from campaigns.messages.states import State
from campaigns.outreach.models import ContactPolicy
from customers.contacts.models import ContactRecord
from customers.facts.models import LineType, Subscriber
from customers.lists.models import ListEntry
from retention.core import clock
from retention.core.accounts.models import User
from retention.core.managed.states import State as Approval

MOST, AT_ONCE, AT_LEAST, UNHURRIED, AT_MOST_SECONDS = 10_000, 5_000, 200, 1_000_000, 120
SMS = str(ListEntry.Channel.SMS.value)
MESSAGES = Message._meta.db_table
_BARE = f"""
WITH due AS (
    SELECT id FROM {MESSAGES} WHERE channel = '{SMS}' AND state = '{State.QUEUED}' ORDER BY priority, id
    LIMIT {BATCH} FOR UPDATE SKIP LOCKED
)
UPDATE {MESSAGES} m SET state = '{State.SENT}', sent_at = now() FROM due WHERE m.id = due.id
"""


def run(subscribers: int) -> dict:
    """Of each customer a mobile line, MOST at most, through one sender. The provider answers a batch in 20 ms, and a
    message in seven meets trouble."""
    folder = tempfile.mkdtemp(prefix="bench-messages-")
    os.environ["FAKE_PROVIDER_FOLDER"] = folder
    gateway.cache_clear()
    settings.MESSAGE_GATEWAYS = {SMS: "fake", "email": "fake", "app": "inbox"}
    settings.MESSAGE_RATES = {SMS: UNHURRIED, "email": 1, "app": 1}
    opens_at = ContactPolicy.objects.current().hours(SMS).open_from(clock.now()) + timedelta(minutes=1)
    began = time.monotonic()
    try:
        return _measure(lambda: opens_at + timedelta(seconds=time.monotonic() - began))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measure(tick: Callable[[], datetime]) -> dict:
    """tick: the business clock, within the hours in which SMS are sent."""
    _queue(tick())
    floor_seconds = seconds(_send_bare)
    waiting, queue_seconds = _queue(tick())
    report = SendReport()
    took = seconds(lambda: report.add(send_for(seconds=AT_MOST_SECONDS, tick=tick, channels=[SMS])))
    handled = report.sent + report.failed + report.unknown + report.cancelled + report.again
    rate, floor = handled / took, waiting / floor_seconds
    return beside(
        figure=rate, floor=floor, unit="messages/s", floor_is="the same rows claimed and marked, without gate and call",
        goal=f">= {AT_LEAST} messages/s through one sender", reached=rate >= AT_LEAST,
        messages=waiting, sent=report.sent, unknown=report.unknown, busy=report.again, rejected=report.failed,
        queued_per_second=round(waiting / queue_seconds),
    )  # fmt: skip


def _queue(now: datetime) -> tuple[int, float]:
    """(messages that wait, seconds it took to queue them). Only ever called on the benchmarks' own database."""
    assert str(connection.settings_dict["NAME"]).endswith("_bench")
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {MESSAGES}, {ContactRecord._meta.db_table} CASCADE")
    lines = Subscriber.objects.live().filter(line_type=LineType.MOBILE).order_by("account__customer_id", "pk")
    ids = list(lines.distinct("account__customer_id").values_list("pk", flat=True)[:MOST])
    template = _template()

    def queue() -> None:
        for first in range(0, len(ids), AT_ONCE):
            requests = [MessageRequest(pk, "bench", "bench") for pk in ids[first : first + AT_ONCE]]
            queue_messages(requests=requests, template=template, now=now)

    took = seconds(queue)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {MESSAGES}, {ContactRecord._meta.db_table}")
    return Message.objects.filter(state=State.QUEUED).count(), took


def _template() -> MessageTemplate:
    texts = {"body": "Dear {salutation}, your plan is {plan}.", "body_zh": "尊敬的{salutation}，您的套餐是{plan}。"}
    approved = {"state": Approval.APPROVED, "approved_by": User.objects.order_by("pk").first(), "enabled": True}
    values = {"name": "Bench", "channel": SMS, "purpose": "service"} | texts | approved
    return MessageTemplate.objects.update_or_create(code="bench", defaults=values)[0]


def _send_bare() -> None:
    with connection.cursor() as cursor:
        while True:
            cursor.execute(_BARE)
            if not cursor.rowcount:
                return
