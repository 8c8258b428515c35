"""A person's actions on notices: reading them and choosing which also come by e-mail. Old ones are purged."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.errors import Invalid
from retention.core.notices.models import Notice, NoticePreference, NoticeQuerySet, Urgency

READ_RETENTION = timedelta(days=90)
NOTICES_PER_PURGE = 10_000


def mark_read(*, notices: NoticeQuerySet, now: datetime) -> int:
    """Mark the unread ones among them read; an e-mail that has not gone out yet is no longer needed."""
    return notices.unread().order_by().update(read_at=now, mail_due_at=None)


@transaction.atomic
def save_preference(*, person: User, mailed: Collection[int]) -> NoticePreference:
    """Choose the urgencies that also come by e-mail. Invalid for one that does not exist."""
    if not set(mailed) <= set(Urgency.values):
        raise Invalid(f"Unknown urgency among {sorted(mailed)}.", code="urgency", details=[{"field": "mailed"}])
    chosen = sorted(set(mailed))
    preference, _is_new = NoticePreference.objects.update_or_create(person=person, defaults={"mailed": chosen})
    audit.record(actor=person, action="preference.change", target=f"user:{person.username}", mailed=chosen)
    return preference


def purge_read(*, now: datetime) -> int:
    """Delete notices read more than 90 days ago, some thousands at a time. Returns how many."""
    old = Notice.objects.filter(read_at__lt=now - READ_RETENTION).order_by("read_at")
    gone = 0
    while ids := list(old.values_list("pk", flat=True)[:NOTICES_PER_PURGE]):
        gone += Notice.objects.filter(pk__in=ids).delete()[0]
    return gone
