"""What a file is by its first bytes, whatever its name says; which kinds may be kept."""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import filetype
from django.utils.translation import gettext as _

from retention.core.errors import Invalid

MB = 1 << 20
MOST_DOCUMENT_BYTES, MOST_VOICE_BYTES = 20 * MB, 50 * MB
OFFICE = "application/vnd.openxmlformats-officedocument."
# {ending: content type}. Nothing that a browser or an office program would run.
KINDS: Mapping[str, str] = {
    "pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "docx": f"{OFFICE}wordprocessingml.document",
    "xlsx": f"{OFFICE}spreadsheetml.sheet", "pptx": f"{OFFICE}presentationml.presentation",
    "mp3": "audio/mpeg", "wav": "audio/wav", "ogg": "audio/ogg", "m4a": "audio/mp4",
}  # fmt: skip
_SAME_ENDING = {"jpeg": "jpg"}
_HEAD_BYTES = 8_192


@dataclass(frozen=True)
class Kind:
    """ending: as KINDS has it; type: of the content."""

    ending: str
    type: str

    @property
    def is_voice(self) -> bool:
        return self.type.startswith("audio/")

    @property
    def most_bytes(self) -> int:
        return MOST_VOICE_BYTES if self.is_voice else MOST_DOCUMENT_BYTES


def kind_of(path: Path, *, name: str) -> Kind:
    """Of the stored file that was sent under this name. Invalid for content that may not be kept, that is not what the
    name says, that is too large, or that holds macros."""
    with path.open("rb") as file:
        found = filetype.guess(file.read(_HEAD_BYTES))
    ending = found.extension if found else ""
    if ending not in KINDS:
        raise _refused(_("This is no PDF, picture, Office document or sound file."), "bad_type")
    kind = Kind(ending, KINDS[ending])
    named = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if _SAME_ENDING.get(named, named) != ending:
        text = _("The file is named .%(named)s, but its content is .%(found)s.")
        raise _refused(text % {"named": named, "found": ending}, "other_type")
    if path.stat().st_size > kind.most_bytes:
        raise _refused(too_large(kind.most_bytes), "too_large")
    if kind.type.startswith(OFFICE) and _has_macros(path):
        raise _refused(_("The document holds macros. Save it without them."), "macros")
    return kind


def too_large(most_bytes: int) -> str:
    return _("The file is larger than %(most)s MB.") % {"most": most_bytes // MB}


def _has_macros(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as packed:
            return any(one.lower().endswith(("vbaproject.bin", ".exe", ".js")) for one in packed.namelist())
    except zipfile.BadZipFile as error:
        raise _refused(_("The document cannot be read."), "damaged") from error


def _refused(message: str, code: str) -> Invalid:
    return Invalid(message, code=code, details=[{"field": "file", "code": code, "message": message}])
