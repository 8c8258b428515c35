"""Pokes for exports. What is to be done stands in the rows of `ListExport` and their jobs."""

from celery import shared_task

from retention.core import clock
from retention.core.exports import services
from retention.core.exports.models import ListExport


@shared_task
def write_export(pk: int) -> None:
    export = ListExport.objects.select_related("job", "owner").filter(pk=pk).first()
    if export:
        services.run_export(export=export)


@shared_task
def resume_exports() -> None:
    """Take up exports whose worker died or whose message was lost."""
    for pk in services.stalled_exports():
        write_export.delay(pk)


@shared_task
def drop_old_exports() -> None:
    services.drop_old_files(now=clock.now())
