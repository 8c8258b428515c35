"""Celery tasks of imports. The rows of `Upload` and their jobs hold what there is to do."""

from celery import shared_task

from customers.imports.models import Upload
from customers.imports.services import jobs
from retention.core import clock


@shared_task
def run_import(pk: int) -> None:
    upload = Upload.objects.select_related("job").filter(pk=pk).first()
    if upload:
        jobs.run(upload=upload, now=clock.now())


@shared_task
def resume_imports() -> None:
    """Resume imports whose worker died or whose message was lost."""
    for pk in jobs.stalled_imports():
        run_import.delay(pk)


@shared_task
def drop_old_uploads() -> None:
    jobs.delete_old_files(now=clock.now())
