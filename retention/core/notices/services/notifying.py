"""Writes one row per recipient of a notice; a worker sends the e-mails."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.http import url_has_allowed_host_and_scheme

from retention.core.accounts.models import User
from retention.core.errors import Invalid
from retention.core.jobs.services import wake_worker
from retention.core.notices.models import DEFAULT_MAILED, Notice, NoticePreference, Urgency
from retention.core.notices.text import MESSAGES, Message

MAIL_TASK = "retention.core.notices.tasks.mail_notices"


@transaction.atomic
def notify(*, people: Iterable[User], what: Message, where: str, urgency: Urgency, now: datetime) -> int:
    """Notify each active person once, in the pages always, by e-mail where the person has chosen it. Returns how many.

    An e-mail is sent by a worker after the commit, to people with an address, when the installation can send any.
    where: a path of this site. Invalid for another address or a message that no app declares.
    """
    if what.key not in MESSAGES:
        raise Invalid(f"No installed app declares the message {what.key!r}.", code="message")
    if not where.startswith("/") or not url_has_allowed_host_and_scheme(where, allowed_hosts=None):
        raise Invalid(f"A notice leads to a page of this site, not to {where!r}.", code="where")
    told = {person.pk: person for person in people if person.is_active}
    mailed = _mailed_to(told.values(), urgency)
    Notice.objects.bulk_create(
        Notice(
            person_id=pk,
            message=what.key,
            params=dict(what.params),
            where=where,
            urgency=urgency,
            created_at=now,
            mail_due_at=now if pk in mailed else None,
        )
        for pk in told
    )
    if mailed:
        wake_worker(MAIL_TASK)
    return len(told)


def _mailed_to(people: Iterable[User], urgency: Urgency) -> set[int]:
    reachable = {person.pk for person in people if person.email} if settings.EMAIL_HOST else set()
    if not reachable:
        return set()
    chosen = dict(NoticePreference.objects.filter(person__in=reachable).values_list("person", "mailed"))
    return {pk for pk in reachable if urgency in chosen.get(pk, DEFAULT_MAILED)}
