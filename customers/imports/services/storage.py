"""Storage of uploaded files: a random folder each, readable by the service alone; early size limit."""

import os
import re
import secrets
import shutil
from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.translation import gettext as _

from customers.imports.models import Upload
from retention.core.errors import Invalid, NotFound

MAX_FILE_BYTES = 200 << 20
LONGEST_NAME = 60  # Chinese takes three bytes a character, and copies of a file get longer names


def root() -> Path:
    return Path(settings.MEDIA_ROOT) / "imports"


def new_folder() -> Path:
    """Creates an empty folder with an unguessable name."""
    folder = root() / secrets.token_hex(16)
    folder.mkdir(mode=0o700, parents=True)
    return folder


def write(path: Path, blocks: Iterable[bytes]) -> int:
    """Write a new file block by block (mode 600); returns its size. Invalid `too_large` beyond MAX_FILE_BYTES."""
    size = 0
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        for block in blocks:
            size += len(block)
            if size > MAX_FILE_BYTES:
                raise Invalid(too_large(), code="too_large")
            file.write(block)
    return size


def too_large() -> str:
    message = _("The file is larger than %(most)s MB. Pack it with gzip, or send it in parts.")
    return message % {"most": MAX_FILE_BYTES >> 20}


def path_of(upload: Upload) -> Path:
    """The file to load. NotFound when it has been deleted after its retention time."""
    path = root() / upload.folder / upload.data
    if not upload.data or not path.is_file():
        raise NotFound(_("The file of this import is no longer kept."), code="file_gone")
    return path


def drop(folder: str) -> None:
    """Delete a folder with its content; a missing one is no error."""
    if folder:
        shutil.rmtree(root() / folder, ignore_errors=True)


def drop_orphans(known: Collection[str], *, before: datetime) -> int:
    """Delete folders of no import, older than `before`: left by a process that was killed on the way. How many."""
    folders = [path for path in root().glob("*") if path.name not in known]
    old = [path for path in folders if path.stat().st_mtime < before.timestamp()]
    for path in old:
        drop(path.name)
    return len(old)


def safe_name(name: str) -> str:
    """The file name without characters that are unsafe in a path, a header or a log line."""
    kept = re.sub(r"[^\w.-]+", "-", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(".-_")
    return kept[-LONGEST_NAME:].lstrip(".-_") or "file"


FORM_OVERHEAD_BYTES = 1 << 20  # the other form fields


class UploadSizeLimit(FileUploadHandler):
    """First of the upload handlers: checks the announced length only; the handlers after it receive the file."""

    def handle_raw_input(
        self, input_data: object, META: dict, content_length: int, boundary: str, encoding: str | None = None
    ) -> None:
        if content_length > MAX_FILE_BYTES + FORM_OVERHEAD_BYTES:
            raise RequestDataTooBig(f"{content_length} bytes are more than may be uploaded")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
