"""Bytes of a text file as clean UTF-8, a block of whole lines at a time, whatever its size, packing or encoding."""

import codecs
import zlib
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from django.utils.translation import gettext as _

from customers.ingest.services.readers.base import Ending, Unreadable

BLOCK_BYTES = 1 << 20
LONGEST_LINE = 16 << 20
BOMS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
MOST_UTF8_DAMAGE = 0.5  # share of the characters
GB, GB_SUBSETS = "gb18030", {"gb2312", "gbk"}
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
TRUNCATED = (EOFError, zlib.error, OSError)


class TextBlocks:
    """Iterate for blocks (bytes, UTF-8) that end with a line end, the last one excepted.

    notes: remarks on the encoding for the reader. damaged: U+FFFD has been put where bytes were no text.
    ended: why the source stopped before its end, if it did; its last, broken line is then left out.
    encoding: how the source says it is encoded; without a word it is recognised by its bytes.
    """

    def __init__(self, raw: BinaryIO, *, packed: bool, encoding: str = "") -> None:
        self.notes: list[str] = []
        self.damaged = False
        self.ended: Ending | None = None
        self._raw, self._packed = raw, packed
        self._encoding = GB if encoding in GB_SUBSETS else encoding

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
        mark = next((mark for mark in BOMS if first.startswith(mark)), b"")
        named, marked = self._encoding, BOMS.get(mark, "")
        if marked and (not named or marked.startswith(named)):
            first, self._encoding = first[len(mark) :], marked
        if not self._encoding:
            self._encoding = _unmarked_utf16(first)
        if self._encoding.startswith("utf-16"):
            if not named:
                self.notes.append(_("The file is in UTF-16; it was read as such."))
            encoding, self._encoding = self._encoding, "utf-8"
            yield from self._from_utf16(encoding, first, blocks)
            return
        yield first
        yield from blocks

    def _from_utf16(self, encoding: str, first: bytes, blocks: Iterator[bytes]) -> Iterator[bytes]:
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        for block in chain([first], blocks, [b""]):
            text = decoder.decode(block, final=not block)
            self.damaged = self.damaged or REPLACEMENT in text
            yield text.encode()

    def _as_utf8(self, lines: bytes) -> bytes:
        if lines.isascii():
            return lines
        self._encoding = self._encoding or self._recognise(lines)
        if self._encoding == "utf-8" and _is_encoded(lines, "utf-8"):
            return lines
        text = lines.decode(self._encoding, "replace")
        sent = lines.count(REPLACEMENT.encode()) if self._encoding == "utf-8" else 0
        if text.count(REPLACEMENT) > sent:
            self.damaged = True
        return text.encode()

    def _recognise(self, lines: bytes) -> str:
        """UTF-8 or GB18030 (which contains GBK and GB2312), from the first block that is not plain ASCII.

        Either may be damaged in places. GB18030 read as UTF-8 is damage nearly everywhere; UTF-8 read as GB18030 is
        often none at all, so UTF-8 is asked first.
        """
        damage = _damage(lines, "utf-8")
        if damage < MOST_UTF8_DAMAGE or damage <= _damage(lines, GB):
            return "utf-8"
        self.notes.append(_("The file is not in UTF-8; it was read as GB18030 (GBK)."))
        return GB


def _unmarked_utf16(first: bytes) -> str:
    """The UTF-16 whose byte order mark was left off, seen from the first line of a file; "" when it is none."""
    for encoding, end in (("utf-16-le", b"\n\0"), ("utf-16-be", b"\0\n")):
        line, found, _rest = first.partition(end)
        if found and len(line) % 2 == 0 and b"\0" in line and _is_encoded(line, encoding):
            return encoding if "\0" not in line.decode(encoding) else ""
    return ""


def _damage(data: bytes, encoding: str) -> float:
    """The share of its characters beyond ASCII that cannot be read in the encoding."""
    if _is_encoded(data, encoding):
        return 0.0
    text = data.decode(encoding, "replace")
    return text.count(REPLACEMENT) / sum(not character.isascii() for character in text)


def _is_encoded(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
