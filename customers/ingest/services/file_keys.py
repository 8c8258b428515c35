"""Keys that repeat in a file, wherever in it: the first row lands, a later one with other values is refused.

Within a chunk the check sees that (validators/repeated_keys.py). Over chunks, keys and values are compared by 64-bit
hashes, so that a file of any length fits: 8 bytes a row, 24 a key that repeats. In 3 of 1,000,000 files of 10,000,000
rows two different ones have the same hash.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext as _

from customers.ingest import text
from customers.ingest.chunks import Chunk
from customers.ingest.resources.base import VERSION, Resource, columns_of
from customers.ingest.services.readers import Unreadable
from customers.ingest.validators.rows import Checked, Problem, check
from retention.core.errors import Invalid
from retention.core.ui import formats

MAX_REPEATED_SHARE = 0.2
DUPLICATE = "duplicate_key"
_PRIME = np.uint64(0x9E3779B97F4A7C15)


class FileKeys:
    """The keys of one file that occur more than once, and what the first row of each says."""

    def __init__(self, resource: Resource, hashes: np.ndarray) -> None:
        """hashes: of key and version of every row."""
        self._resource, self.rows = resource, len(hashes)
        self._repeated, counts = np.unique(hashes, return_counts=True)
        self.repeats = int((counts - 1).sum())
        self._repeated = self._repeated[counts > 1]
        self._first = np.zeros(len(self._repeated), dtype=np.int64)
        self._values = np.zeros(len(self._repeated), dtype=np.uint64)
        self._absent = np.zeros(len(self._repeated), dtype=np.uint64)

    def __bool__(self) -> bool:
        return len(self._repeated) > 0

    def reject_repeats(self, checked: Checked) -> None:
        """Reject the rows that contradict an earlier chunk's row of their key, and remember those of new keys.

        Rows that leave out different fields do not contradict each other. Call it for every chunk, in order.
        """
        if not self:
            return
        keys = _hash([checked.values[name] for name in _identity(self._resource)], len(checked.good))
        slots = np.searchsorted(self._repeated, keys).clip(max=len(self._repeated) - 1)
        places = np.flatnonzero(checked.good & (self._repeated[slots] == keys))
        if not len(places):
            return
        names = [one.name for one in columns_of(self._resource)]
        said = _hash([checked.values[name].take(pa.array(places)) for name in names], len(places))
        left_out = _left_out(checked, names, places)
        slots, first = slots[places], self._first[slots[places]]
        new = first == 0
        self._first[slots[new]] = checked.chunk.rows[places[new]]
        self._values[slots[new]], self._absent[slots[new]] = said[new], left_out[new]
        wrong = ~new & (self._absent[slots] == left_out) & (self._values[slots] != said)
        with text.in_english():
            for place, row in zip(places[wrong], first[wrong], strict=True):
                checked.reject_repeat(int(place), int(row))
        checked.problems.sort(key=lambda problem: problem.row)


def survey_keys(resource: Resource, chunks: Iterable[Chunk]) -> FileKeys:
    """Go through the file's keys; as far as it can be read."""
    found = [np.empty(0, dtype=np.uint64)]
    with suppress(Unreadable):  # the load says where it breaks off
        found.extend(_identities(resource, chunk) for chunk in chunks)
    return FileKeys(resource, np.concatenate(found))


def refuse_single_records(
    resource: Resource, keys: FileKeys, chunks: Callable[[], Iterator[Chunk]], *, now: datetime
) -> None:
    """Invalid when more than MAX_REPEATED_SHARE of the rows contradict an earlier row of their key: a file of calls or
    receipts where sums are wanted, of which one would stand for all."""
    if keys.repeats <= MAX_REPEATED_SHARE * keys.rows:
        return
    problems: list[Problem] = []
    count = 0
    try:
        for chunk in chunks():
            checked = check(resource, chunk, now=now)
            keys.reject_repeats(checked)
            wrong = [one for one in checked.problems if one.code == DUPLICATE]
            problems = problems or wrong[:1]
            count += len(wrong)
    except Unreadable:
        pass
    if count > MAX_REPEATED_SHARE * keys.rows:
        message = _(
            "%(share)s of the rows repeat a key with other values (%(example)s). They look like single records that "
            "have to be added up: do so with [sum] in a mapping, or send one row for each key. Nothing was loaded."
        )
        words = {"share": formats.percent(count / keys.rows), "example": problems[0].message.rstrip(".")}
        raise Invalid(message % words, code="single_records")


def _identity(resource: Resource) -> list[str]:
    return [*resource.key, VERSION.name]


def _identities(resource: Resource, chunk: Chunk) -> np.ndarray:
    """Hashes of key and version of the rows that have a key."""
    columns, count = [], len(chunk.rows)
    kinds = {one.name: one.kind for one in columns_of(resource)}
    for name in _identity(resource):
        given = chunk.columns[name].combine_chunks() if name in chunk.columns.column_names else pa.nulls(count)
        columns.append(kinds[name].read(given.cast(pa.string()) if pa.types.is_null(given.type) else given).values)
    keyed = np.ones(count, dtype=bool)
    for column in columns[:-1]:
        keyed &= np.asarray(pc.is_valid(column))
    return _hash(columns, count)[keyed]


def _left_out(checked: Checked, names: list[str], places: np.ndarray) -> np.ndarray:
    bits = np.zeros(len(places), dtype=np.uint64)
    for place, name in enumerate(names):
        if name in checked.absent:
            bits |= checked.absent[name][places].astype(np.uint64) << np.uint64(place)
    return bits


def _hash(columns: list[pa.Array], count: int) -> np.ndarray:
    """One 64-bit hash a row."""
    total = np.full(count, 1, dtype=np.uint64)
    for column in columns:
        plain = pd.util.hash_array(column.cast(pa.string()).to_numpy(zero_copy_only=False), categorize=False)
        with np.errstate(over="ignore"):
            total = (total ^ plain) * _PRIME
            total ^= total >> np.uint64(29)
    return total
