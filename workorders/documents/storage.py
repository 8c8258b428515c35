"""Files of documents: a random folder each outside the web root, readable by the service alone."""

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from customers.imports.services.storage import safe_name
from retention.core.errors import Invalid, NotFound
from workorders.documents.files import MOST_VOICE_BYTES, kind_of, too_large


def root() -> Path:
    return Path(settings.MEDIA_ROOT) / "documents"


def keep(*, name: str, blocks: Iterable[bytes]) -> dict[str, Any]:
    """Write a file that was sent, and check what it is; its Document.content. Invalid, with a message for the field
    `file`, for what may not be kept: nothing is left of it then."""
    folder = root() / secrets.token_hex(16)
    folder.mkdir(mode=0o700, parents=True)
    shown = safe_name(name)
    path = folder / shown
    try:
        digest, size = _write(path, blocks)
        kind = kind_of(path, name=shown)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return {"folder": folder.name, "name": shown, "type": kind.type, "size": size, "sha256": digest}


def drop(content: dict[str, Any]) -> None:
    """Delete a file that no row has come to hold."""
    if content:
        shutil.rmtree(root() / content["folder"], ignore_errors=True)


def path_of(content: dict[str, Any]) -> Path:
    """NotFound when the file is gone from the disk."""
    path = root() / content["folder"] / content["name"]
    if not path.is_file():
        raise NotFound(_("The file of this document is no longer there."), code="file_gone")
    return path


def _write(path: Path, blocks: Iterable[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        for block in blocks:
            size += len(block)
            if size > MOST_VOICE_BYTES:
                message = too_large(MOST_VOICE_BYTES)
                raise Invalid(message, details=[{"field": "file", "code": "too_large", "message": message}])
            digest.update(block)
            file.write(block)
    return digest.hexdigest(), size
