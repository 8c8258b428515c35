"""Money that a mapping makes: what has more decimals than are kept is rounded, counted and noted.

Rows in the resource's own form are refused instead: there nobody has asked for arithmetic.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext as _

from customers.ingest import field_types
from customers.ingest.chunks import Chunk
from customers.ingest.field_types.base import as_text, parse_where
from customers.ingest.resources.base import Resource


class Rounding:
    """Rounds the decimals of one resource's chunks, half away from zero. `notes`: what was rounded so far."""

    def __init__(self, resource: Resource) -> None:
        self._kinds = {f.name: f.kind for f in resource.fields if isinstance(f.kind, field_types.Decimal)}
        self._rounded: Counter[str] = Counter()

    @property
    def notes(self) -> list[str]:
        message = _(
            "%(field)s: %(count)s values had more than %(places)s decimals and were rounded (halves away from zero)."
        )
        return [
            message % {"field": name, "count": count, "places": self._kinds[name].places}
            for name, count in self._rounded.items()
        ]

    def each(self, chunks: Iterable[Chunk]) -> Iterator[Chunk]:
        return map(self.apply, chunks)

    def apply(self, chunk: Chunk) -> Chunk:
        table = chunk.columns
        for place, name in enumerate(table.column_names):
            if name in self._kinds:
                table = table.set_column(place, name, self._column(name, as_text(table[name].combine_chunks())))
        return replace(chunk, columns=table)

    def _column(self, name: str, text: pa.Array) -> pa.Array:
        kind = self._kinds[name]
        finer = kind.finer(text)
        count = pc.sum(finer).as_py()
        if not count:
            return text
        self._rounded[name] += count
        return parse_where(text, finer, lambda value: _rounded(value, kind.places)).values


def _rounded(text: str, places: int) -> str:
    try:
        return f"{Decimal(text).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"
    except InvalidOperation:  # more digits than any column keeps: the check says so
        return text
