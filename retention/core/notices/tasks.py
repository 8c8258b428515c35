"""E-mails of notices, and the end of old ones. Rows in Postgres decide what is really done."""

from celery import shared_task

from retention.core import clock
from retention.core.notices.services.mailing import mail_due
from retention.core.notices.services.reading import purge_read


@shared_task
def mail_notices() -> None:
    """Poked by a commit with an e-mail in it, and every minute for those that are tried again."""
    mail_due(now=clock.now())


@shared_task
def purge_notices() -> None:
    purge_read(now=clock.now())
