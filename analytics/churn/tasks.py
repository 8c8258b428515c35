"""Background work of the analytics app. Messages are hints: rows in Postgres say what there is to do."""

import structlog
from celery import shared_task

from analytics.churn.services import versions
from retention.core import clock
from retention.core.errors import DomainError

log = structlog.get_logger("retention.churn")


@shared_task
def hold_contest() -> None:
    """Let the kinds of learner compete; what keeps it from being held is told, the recipe of now stays."""
    try:
        versions.hold_contest(as_of=clock.yesterday())
    except DomainError as error:
        log.warning("no contest", why=str(error.message))


@shared_task
def hold_contest_when_due() -> None:
    """Once a month, and soon after the first model."""
    if versions.contest_is_due(as_of=clock.yesterday()):
        hold_contest()
