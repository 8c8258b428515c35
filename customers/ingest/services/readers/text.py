"""Bytes of a text file as clean UTF-8, a block of whole lines at a time, whatever its size, packing or encoding."""

import codecs
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from customers.ingest.services.readers.base import Ending, Unreadable

BLOCK_BYTES = 1 << 20
LONGEST_LINE = 16 << 20
BOMS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
TRUNCATED = (EOFError, zlib.error, OSError)


class TextBlocks:
    """Iterate for blocks (bytes, UTF-8) that end with a line end, the last one excepted.

    notes: remarks on the encoding for the reader. damaged: U+FFFD has been put where bytes were no text.
    ended: why the source stopped before its end, if it did; its last, broken line is then left out.
    """

    def __init__(self, raw: BinaryIO, *, packed: bool) -> None:
        self.notes: list[str] = []
        self.damaged = False
        self.ended: Ending | None = None
        self._raw, self._packed = raw, packed
        self._encoding = ""

    def __iter__(self) -> Iterator[bytes]:
        for lines in self._whole_lines():
            text = self._as_utf8(lines)
            if b"\0" in text:
                text, self.damaged = text.replace(b"\0", REPLACEMENT.encode()), True
            yield text

    def _whole_lines(self) -> Iterator[bytes]:
        rest = b""
        for block in self._decoded_if_wide(self._blocks()):
            end = block.rfind(b"\n") + 1
            if end:
                yield rest + block[:end]
                rest = block[end:]
            else:
                rest += block
            if len(rest) > LONGEST_LINE:
                raise Unreadable(_("The file has a line longer than 16 MB; it is no table of rows."))
        if rest and not self.ended:
            yield rest

    def _blocks(self) -> Iterator[bytes]:
        while block := self._block():
            yield block

    def _block(self) -> bytes:
        """About BLOCK bytes. Of a broken archive all that can still be unpacked: `read` would lose that."""
        parts, length = [], 0
        while length < BLOCK_BYTES and not self.ended:
            try:
                part = self._raw.read1(BLOCK_BYTES)  # type: ignore[attr-defined]
            except TRUNCATED as error:
                if not self._packed:
                    raise
                self.ended = Ending.EARLY if isinstance(error, EOFError) else Ending.DAMAGED
                break
            if not part:
                break
            parts.append(part)
            length += len(part)
        return b"".join(parts)

    def _decoded_if_wide(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        """Take off a byte order mark; UTF-16 becomes UTF-8 here, because its lines cannot be found by bytes."""
        first = next(blocks, b"")
        for mark, encoding in BOMS.items():
            if first.startswith(mark):
                first, self._encoding = first[len(mark) :], "utf-8"
                if encoding != "utf-8":
                    self.notes.append(_("The file is in UTF-16; it was read as such."))
                    yield from self._from_utf16(encoding, first, blocks)
                    return
        yield first
        yield from blocks

    def _from_utf16(self, encoding: str, first: bytes, blocks: Iterator[bytes]) -> Iterator[bytes]:
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        yield decoder.decode(first).encode()
        for block in blocks:
            yield decoder.decode(block).encode()
        yield decoder.decode(b"", final=True).encode()

    def _as_utf8(self, lines: bytes) -> bytes:
        if lines.isascii():
            return lines
        self._encoding = self._encoding or self._recognise(lines)
        if self._encoding == "utf-8" and _is_encoded(lines, "utf-8"):
            return lines
        text = lines.decode(self._encoding, "replace")
        if text.count(REPLACEMENT) > lines.count(REPLACEMENT.encode()):
            self.damaged = True
        return text.encode()

    def _recognise(self, lines: bytes) -> str:
        """UTF-8 or GB18030 (which contains GBK and GB2312), from the first block that is not plain ASCII."""
        if _is_encoded(lines, "utf-8") or not _is_encoded(lines, "gb18030"):
            return "utf-8"
        guess = lines.decode("utf-8", "replace")
        other = sum(not character.isascii() for character in guess)
        if guess.count(REPLACEMENT) < other / 10:  # UTF-8 with a few damaged places
            return "utf-8"
        self.notes.append(_("The file is not in UTF-8; it was read as GB18030 (GBK)."))
        return "gb18030"


def _is_encoded(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
