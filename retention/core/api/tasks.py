from celery import shared_task

from retention.core import clock
from retention.core.api.services.signing import delete_old_signatures


@shared_task
def purge_signatures() -> None:
    delete_old_signatures(now=clock.now())
