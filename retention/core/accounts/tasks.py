from celery import shared_task

from retention.core.accounts.services.sign_in import purge_failures


@shared_task
def purge_sign_in_failures() -> None:
    purge_failures()
