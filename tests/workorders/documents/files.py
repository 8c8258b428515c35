"""Small files of each kind, made in memory."""

import io
import struct
import zipfile
from typing import Any

from tests.factories import number
from workorders.documents.models import Document
from workorders.documents.storage import keep

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
WAV = b"RIFF" + struct.pack("<I4s4sIHHIIHH4sI", 36, b"WAVE", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16, b"data", 0)
EXE = b"MZ\x90\x00\x03\x00\x00\x00" + bytes(200)


def docx(**more: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("_rels/.rels", "<Relationships/>")
        file.writestr("word/document.xml", "<w:document/>")
        for name, content in more.items():
            file.writestr(name, content)
    return packed.getvalue()


def make_document(**given: Any) -> Document:
    """A price list in use, for all orders about leaving; its file is on the disk."""
    values = {"code": number("doc").lower(), "name": "Price list", "order_types": ["churn_retention"], "enabled": True}
    return Document.objects.create(**values | {"content": keep(name="prices.pdf", blocks=[PDF])} | given)
