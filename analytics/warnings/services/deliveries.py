"""Sending a list to the branch managers: a delivery each, an e-mail where the installation can send any."""

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics.warnings.models import ListDelivery, ListResult, WarningList, month_slug
from retention.core.accounts.models import Branch, User
from retention.core.accounts.roles import Role
from retention.core.jobs.services import wake_worker
from retention.core.restores.services import holds_sending

log = structlog.get_logger("analytics.lists")
# After a failure the next try waits this long, twice as long each time.
RETRY_AFTER = timedelta(minutes=5)
MAILS_PER_RUN = 200

_DELIVER = f"""
INSERT INTO {ListDelivery._meta.db_table}
    (warning_list_id, user_id, branch_id, lines, created_at, mail, mail_tries, mail_error)
SELECT %(list)s, u.id, b.id, sum(r.lines), %(now)s,
       CASE WHEN %(mails)s AND u.email <> '' THEN '{ListDelivery.Mail.WAITING}' ELSE '{ListDelivery.Mail.NONE}' END,
       0, ''
FROM {User._meta.db_table} u
JOIN {Branch._meta.db_table} b ON b.id = u.branch_id
JOIN {Branch._meta.db_table} below ON starts_with(below.path, b.path)
JOIN {ListResult._meta.db_table} r ON r.branch_id = below.id AND r.warning_list_id = %(list)s
WHERE u.is_active AND u.role = '{Role.MANAGER}'
GROUP BY u.id, b.id, u.email
ON CONFLICT DO NOTHING
"""


def deliver(*, warning_list: WarningList, now: datetime) -> int:
    """A delivery for each active manager with lines of the list in the own branch or below. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_DELIVER, {"list": warning_list.pk, "now": now, "mails": bool(settings.EMAIL_HOST)})
        sent = cursor.rowcount
    wake_worker("analytics.warnings.tasks.send_lists")
    return sent


def mark_opened(*, warning_list: WarningList, user: User, now: datetime) -> None:
    """Record when this person first opens the list."""
    ListDelivery.objects.filter(warning_list=warning_list, user=user, opened_at=None).update(opened_at=now)


def send_mails(*, now: datetime) -> int:
    """Send the e-mails that wait, those that failed before after a pause. Returns how many went out.

    Each is a transaction of its own; a mail whose delivery is uncertain is sent again.
    """
    if not settings.EMAIL_HOST or holds_sending("warning lists"):
        return 0
    due = [one.pk for one in ListDelivery.objects.to_mail()[:MAILS_PER_RUN] if _is_due(one, now)]
    return sum(_send(pk, now) for pk in due)


def _is_due(delivery: ListDelivery, now: datetime) -> bool:
    if delivery.mail_at is None:
        return True
    return now >= delivery.mail_at + RETRY_AFTER * 2 ** (delivery.mail_tries - 1)


@transaction.atomic
def _send(pk: int, now: datetime) -> bool:
    delivery = ListDelivery.objects.to_mail().select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
    if delivery is None:
        return False
    delivery.mail_at, delivery.mail_tries = now, delivery.mail_tries + 1
    try:
        _message(delivery).send()
    except OSError as error:  # smtplib's errors are OSErrors, too
        delivery.mail, delivery.mail_error = ListDelivery.Mail.FAILED, type(error).__name__
        log.warning("warning list not mailed", delivery=pk, error=type(error).__name__, tries=delivery.mail_tries)
    else:
        delivery.mail, delivery.mail_error = ListDelivery.Mail.SENT, ""
    delivery.save(update_fields=["mail", "mail_at", "mail_tries", "mail_error"])
    return delivery.mail == ListDelivery.Mail.SENT


def _message(delivery: ListDelivery) -> EmailMessage:
    """Counts and the address of the page, in the reader's language; never a name or a number of a customer."""
    dated = delivery.warning_list.dated
    with translation.override(delivery.user.language):
        month = date_format(dated, "YEAR_MONTH_FORMAT")
        count = ngettext(
            "%(count)d line of your branch is on the churn warning list of %(month)s.",
            "%(count)d lines of your branch are on the churn warning list of %(month)s.",
            delivery.lines,
        )
        body = [count % {"count": delivery.lines, "month": month}]
        if settings.PUBLIC_URL:
            body.append(settings.PUBLIC_URL.rstrip("/") + reverse("analytics:list", args=[month_slug(dated)]))
        else:
            body.append(_("You find it in the retention centre under Churn warning, Monthly lists."))
        return EmailMessage(
            subject=_("Churn warning list of %(month)s") % {"month": month},
            body="\n\n".join(body),
            to=[delivery.user.email],
        )
