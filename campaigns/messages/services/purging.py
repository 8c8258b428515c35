"""Old messages: first their texts and addresses go, later the rows.

In chunks, each a transaction of its own that the next one does not find again: a killed purge goes on where it was.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction

from campaigns.messages.models import Message, Reply
from campaigns.messages.services.replies import ANSWERS_TO
from campaigns.messages.states import State
from retention.core.registry import Registry

log = structlog.get_logger("campaigns.messages")
AT_ONCE = 5000
# {origin_kind: who counts its messages}: their rows stay, without texts and addresses.
COUNTED_ORIGINS: Registry[str, str] = Registry("origin whose messages are counted")
_IN_HAND = (State.QUEUED, State.SENDING)
_PERSONAL = {"to": "", "subject": "", "text": "", "detail": "", "provider_ref": ""}


@dataclass
class PurgeReport:
    """texts: messages whose text and address went; replies, messages: rows that went."""

    texts: int = 0
    replies: int = 0
    messages: int = 0


def text_retention() -> timedelta:
    """MESSAGE_TEXT_DAYS, and never less than a reply may still opt out by the number that was written to."""
    return max(timedelta(days=settings.MESSAGE_TEXT_DAYS), ANSWERS_TO + timedelta(days=1))


def purge_messages(*, now: datetime) -> PurgeReport:
    """Take texts and addresses off messages after MESSAGE_TEXT_DAYS, with the replies of that time; delete messages
    after MESSAGE_DAYS, but for those that are counted for good. An opt-out is a list entry and stays."""
    report = PurgeReport()
    texts_before = now - text_retention()
    rows_before = now - max(timedelta(days=settings.MESSAGE_DAYS), text_retention())
    while gone := _empty_texts(texts_before):
        report.texts += gone
    while gone := _delete_replies(texts_before):
        report.replies += gone
    while gone := _delete_rows(rows_before):
        report.messages += gone
    if report != PurgeReport():
        log.info("messages purged", texts=report.texts, replies=report.replies, messages=report.messages)
    return report


@transaction.atomic
def _empty_texts(before: datetime) -> int:
    old = Message.objects.filter(queued_at__lt=before).exclude(text="").exclude(state__in=_IN_HAND)
    found = old.order_by("queued_at").select_for_update(skip_locked=True, no_key=True)
    return Message.objects.filter(pk__in=list(found.values_list("pk", flat=True)[:AT_ONCE])).update(**_PERSONAL)


@transaction.atomic
def _delete_replies(before: datetime) -> int:
    old = Reply.objects.filter(received_at__lt=before).order_by("received_at")
    return Reply.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:AT_ONCE])).delete()[0]


@transaction.atomic
def _delete_rows(before: datetime) -> int:
    old = Message.objects.filter(queued_at__lt=before).exclude(origin_kind__in=[*COUNTED_ORIGINS])
    found = old.exclude(state__in=_IN_HAND).order_by("queued_at").select_for_update(skip_locked=True)
    return Message.objects.filter(pk__in=list(found.values_list("pk", flat=True)[:AT_ONCE])).delete()[0]
