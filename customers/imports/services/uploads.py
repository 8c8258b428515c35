"""Uploading a file: storing it, detecting its type, and suggesting a mapping."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from customers.imports.models import Upload
from customers.imports.rules.choices import document_from_choices
from customers.imports.services import storage
from customers.imports.services.files import FileType, read_workbook, recognise_file, sheet_to_csv
from customers.imports.services.mappings import find_saved_mapping, missing_columns, write_toml
from customers.imports.services.quarantine import is_corrected, restore_source_file
from customers.imports.services.suggestions import FileSample, read_sample, suggest_choices, suggest_resource
from customers.ingest.resources import resource_named
from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.errors import Conflict, Invalid


def receive(
    *, name: str, blocks: Iterable[bytes], resource: str, actor: User, now: datetime, corrects: Upload | None = None
) -> Upload:
    """Store an uploaded file; `resource` may be "" (then it is recognised by the columns).

    corrects: the import whose rejected rows this file holds; its mapping is used. Invalid, with a message, when the
    file cannot be imported; nothing is stored then.
    """
    folder, shown = storage.new_folder(), storage.safe_name(name)
    try:
        path = folder / shown
        size = storage.write(path, blocks)
        kind = recognise_file(path)
        upload = Upload(
            name=shown, folder=folder.name, kind=kind.kind, size=size, rows=kind.rows, resource=resource,
            owner=actor, created_at=now, corrects=corrects,
        )  # fmt: skip
        _open_file(upload, path, kind, today=timezone.localdate(now))
        upload.save()
    except BaseException:
        storage.drop(folder.name)
        raise
    audit.record(actor=actor, action="facts.import", target=f"upload:{upload.pk}", deed="send", file=shown, bytes=size)
    return upload


def _open_file(upload: Upload, path: Path, kind: FileType, *, today: date) -> None:
    if kind.kind != Upload.Kind.XLSX:
        _use_file(upload, path, today=today)
        return
    book = read_workbook(path)
    upload.sheets = book.sheets
    if not upload.sheets:
        raise Invalid(_("The workbook holds nothing."), code="empty_file")
    # The second sheet of an exported file of rejected rows only names its origin.
    if len(upload.sheets) == 1 or is_corrected(book.header):
        _use_sheet(upload, upload.sheets[0], today=today)


def choose_sheet(*, upload: Upload, sheet: str, today: date) -> None:
    """Load this sheet of the workbook. Invalid when it does not exist or cannot be read."""
    if not upload.is_draft:
        raise Conflict(_("The import has begun already."), code="started")
    if sheet not in upload.sheets:
        raise Invalid(_("There is no such sheet."), code="unknown_sheet")
    upload.mapping = ""
    _use_sheet(upload, sheet, today=today)
    upload.save()


def _use_sheet(upload: Upload, sheet: str, *, today: date) -> None:
    folder = storage.root() / upload.folder
    target = folder / f"{Path(upload.name).stem}-{upload.sheets.index(sheet) + 1}.csv"
    upload.rows = sheet_to_csv(folder / upload.name, sheet, target)
    _use_file(upload, target, today=today)


def _use_file(upload: Upload, path: Path, *, today: date) -> None:
    """Read the head of the file to load, and set the most likely resource and mapping."""
    seen = read_sample(path)
    if is_corrected(seen.columns):
        target = path.with_name(f"clean-{path.stem}.csv")
        restore_source_file(path, target)
        path, seen = target, read_sample(target)
    upload.data, upload.columns = path.name, seen.columns
    if upload.corrects and not missing_columns(upload.corrects.mapping, seen.columns):
        upload.resource, upload.mapping = upload.corrects.resource, upload.corrects.mapping
        return
    propose(upload, seen, today=today)


def propose(upload: Upload, seen: FileSample, *, today: date, remembered: bool = True) -> None:
    """Set resource and mapping from a saved mapping for these columns, else suggested ones. Does not save."""
    saved = find_saved_mapping(columns=seen.columns, resource=upload.resource) if remembered else None
    if saved:
        upload.resource, upload.mapping, upload.mapping_name = saved.resource, saved.document, saved.name
        return
    upload.mapping_name = ""
    upload.resource = upload.resource or suggest_resource(seen)
    if upload.resource:
        resource = resource_named(upload.resource)
        upload.mapping = write_toml(document_from_choices(resource, suggest_choices(resource, seen, given_day=today)))


def set_mapping(*, upload: Upload, text: str, resource: str = "", name: str = "") -> None:
    """Use this mapping text. name: of the saved mapping, if it is one. Conflict once the import has started."""
    if not upload.is_draft:
        raise Conflict(_("The import has begun already."), code="started")
    upload.mapping, upload.mapping_name = text, name
    upload.resource = resource or upload.resource
    upload.save(update_fields=["mapping", "mapping_name", "resource"])


def set_resource(*, upload: Upload, resource: str, today: date, remembered: bool = True) -> None:
    """Import the file as this resource; the mapping is suggested again, without saved ones unless `remembered`."""
    if not upload.is_draft:
        raise Conflict(_("The import has begun already."), code="started")
    upload.resource = resource_named(resource).name
    propose(upload, read_sample(storage.path_of(upload)), today=today, remembered=remembered)
    upload.save(update_fields=["mapping", "mapping_name", "resource"])


def discard(*, upload: Upload, actor: User) -> None:
    """Delete an import that has not started, with its file."""
    if not upload.is_draft:
        raise Conflict(_("The import has begun already."), code="started")
    audit.record(actor=actor, action="facts.import", target=f"upload:{upload.pk}", deed="discard", file=upload.name)
    storage.drop(upload.folder)
    upload.delete()
