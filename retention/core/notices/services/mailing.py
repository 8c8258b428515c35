"""E-mails of notices. Each is a transaction of its own; one whose fate is unknown is sent again (at least once)."""

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from retention.core.notices.models import Notice
from retention.core.restores.services import holds_sending

log = structlog.get_logger("retention.notices")
# After a failure the next try waits this long, twice as long each time: eight tries span about ten hours.
RETRY_AFTER = timedelta(minutes=5)
MAX_ATTEMPTS = 8
MAILS_PER_RUN = 200
SUBJECT_LENGTH = 120


def mail_due(*, now: datetime) -> int:
    """Send the e-mails that are due, by as many workers as call it. Returns how many went out."""
    if not settings.EMAIL_HOST or holds_sending("notices"):
        return 0
    due = list(Notice.objects.to_mail(now).values_list("pk", flat=True)[:MAILS_PER_RUN])
    return sum(_send(pk, now) for pk in due)


@transaction.atomic
def _send(pk: int, now: datetime) -> bool:
    """Whether it went out. Does nothing when another worker has the row, or it was read or sent meanwhile."""
    locked = Notice.objects.to_mail(now).select_for_update(skip_locked=True, of=("self",))
    notice = locked.filter(pk=pk).first()
    if notice is None:
        return False
    notice.mail_due_at = None
    if notice.person.is_active and notice.person.email:
        notice.mail_attempts += 1
        _try_to_send(notice, now)
    notice.save(update_fields=["mail_due_at", "mail_sent_at", "mail_attempts", "mail_error"])
    return notice.mail_sent_at is not None


def _try_to_send(notice: Notice, now: datetime) -> None:
    try:
        _email(notice).send()
    except OSError as error:  # smtplib's errors are OSErrors, too
        notice.mail_error = type(error).__name__
        if notice.mail_attempts < MAX_ATTEMPTS:
            notice.mail_due_at = now + RETRY_AFTER * 2 ** (notice.mail_attempts - 1)
        log.warning("notice not mailed", notice=notice.pk, error=notice.mail_error, attempts=notice.mail_attempts)
    else:
        notice.mail_sent_at, notice.mail_error = now, ""


def _email(notice: Notice) -> EmailMessage:
    """The sentence and the address of the page, in the reader's language."""
    with translation.override(notice.person.language):
        text = notice.text
        if settings.PUBLIC_URL:
            link = settings.PUBLIC_URL.rstrip("/") + notice.where
        else:
            link = _("You find it in the retention centre under Notices.")
        subject = f"[{notice.get_urgency_display()}] {text}"
        # A line break in a subject would be refused as a forged header.
        return EmailMessage(
            subject=" ".join(subject.split())[:SUBJECT_LENGTH], body=f"{text}\n\n{link}", to=[notice.person.email]
        )
