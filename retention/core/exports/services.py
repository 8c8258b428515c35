"""Writing a list to a file as the person who asked for it, once, whatever worker dies meanwhile."""

import os
import secrets
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from retention.core import clock
from retention.core.accounts.models import User
from retention.core.errors import DomainError, NotFound, Refused
from retention.core.exports.models import ListExport
from retention.core.jobs.models import Job, JobStep
from retention.core.jobs.services import FINISHED_STATES, INTERRUPTED, get_job, is_held, run_step, running
from retention.core.ui.listing import ListPage, restore_list
from retention.core.ui.tables.files import write_csv, write_xlsx
from retention.core.ui.tables.sheets import Sheet

log = structlog.get_logger("retention.exports")
JOB_KIND = "export"
FILE_RETENTION = timedelta(days=7)
MAX_ATTEMPTS = 5


def request_export(*, page: ListPage, kind: str, now: datetime) -> ListExport:
    """Queue the list as a file of this kind (csv, xlsx). The same list asked for again while it waits is one export."""
    arguments = {name: value if isinstance(value, int) else str(value) for name, value in page.kwargs.items()}
    asked = {"list": page.name, "arguments": arguments, "query": page.query.urlencode(), "kind": kind}
    waiting = ListExport.objects.unfinished().filter(owner=page.user, **asked).first()
    if waiting is not None:
        return waiting
    with transaction.atomic():
        export = ListExport.objects.create(
            **asked, owner=page.user, language=translation.get_language() or "en", as_of=now,
            folder=secrets.token_hex(16),
        )  # fmt: skip
        day = timezone.localdate(now)
        export.job = get_job(kind=JOB_KIND, business_date=day, key=str(export.pk), actor=page.user)
        export.save(update_fields=["job"])
    return export


def run_export(*, export: ListExport) -> None:
    """Write the file unless that is done or another process is at it. What goes wrong stands on the job."""
    job = export.job
    if job is None or job.state in FINISHED_STATES:
        return
    try:
        with running(job):
            run_step(job, "write", lambda step: _write(export, step))
    except DomainError as error:
        log.info("export stopped", export=export.pk, code=error.code)


def _write(export: ListExport, step: JobStep) -> None:
    """The file first, under its name only when it is whole; then its row and the audit entry together."""
    export.refresh_from_db()
    if export.rows is None:
        with translation.override(export.language), clock.freeze(export.as_of):
            page = allowed_page(export)
            sheet = page.get_sheet()
            rows = _write_file(path_of(export), sheet, export.kind)
        with transaction.atomic():
            page.record_export(export.kind, rows=rows)
            export.rows, export.file, export.scope = rows, f"{sheet.name}.{export.kind}", scope_of(export.owner)
            export.save(update_fields=["rows", "file", "scope"])
    step.rows = export.rows or 0


def allowed_page(export: ListExport) -> ListPage:
    """The list of the export. Refused when its owner may no longer see the list or take it along."""
    page = restore_list(
        name=export.list, query=export.query, arguments=export.arguments, user=User.objects.get(pk=export.owner_id)
    )
    if not (page.user.may(page.permission) and page.user.may(page.export_permission)):
        raise Refused(_("You may no longer export this list."), code="not_permitted")
    return page


def scope_of(user: User) -> str:
    """Changes whenever the rows that the person may see could: role, branch, retention groups."""
    teams = ",".join(str(pk) for pk in user.teams.order_by("pk").values_list("pk", flat=True))
    return f"{user.role}:{user.branch_id}:{teams}"


def file_for(export: ListExport) -> Path:
    """The written file. NotFound before and after its time; Refused when its owner may by now see other rows."""
    owner = allowed_page(export).user
    if export.scope and export.scope != scope_of(owner):
        raise Refused(_("What you may see has changed since; export the list again."), code="scope_changed")
    path = path_of(export)
    if export.rows is None or export.dropped_at or not path.is_file():
        raise NotFound(_("The file of this export is not kept."), code="file_gone")
    return path


def path_of(export: ListExport) -> Path:
    return Path(settings.MEDIA_ROOT) / "exports" / export.folder / f"list.{export.kind}"


def _write_file(path: Path, sheet: Sheet, kind: str) -> int:
    """Write in place of what an earlier attempt left; readable by the service alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    try:
        with open(part, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            rows = write_xlsx(file, sheet) if kind == "xlsx" else write_csv(file, sheet)
    except DomainError:
        part.unlink()
        raise
    part.replace(path)
    return rows


def stalled_exports() -> list[int]:
    """Exports that no process works on though they are not finished: a lost message, a killed worker."""
    dead = Q(job__state=Job.State.FAILED, job__error=INTERRUPTED)
    found = ListExport.objects.present().filter(dead | Q(job__state__in=[Job.State.QUEUED, Job.State.RUNNING]))
    rows = found.filter(job__attempts__lt=MAX_ATTEMPTS).select_related("job").order_by("pk")
    return [export.pk for export in rows if export.job and not is_held(export.job)]


def drop_old_files(*, now: datetime) -> int:
    """Delete files older than FILE_RETENTION, and the query strings they were made for. Returns how many."""
    old = ListExport.objects.present().filter(as_of__lt=now - FILE_RETENTION)
    count = 0
    for export in old.select_related("job"):
        if export.job and is_held(export.job):
            continue
        shutil.rmtree(path_of(export).parent, ignore_errors=True)
        export.dropped_at, export.query = now, ""
        export.save(update_fields=["dropped_at", "query"])
        count += 1
    return count
