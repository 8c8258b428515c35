"""Checks over several fields of a row, on what was sent and, where a field was left out, on what the row becomes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


class CheckedChunk(Protocol):
    """What a check may do with a chunk whose values were read (validators.rows.Checked).

    values: by field, the default where it was left out. absent: by field that was left out somewhere, where.
    taken: what a row got from others of its key.
    """

    values: dict[str, pa.Array]
    absent: dict[str, np.ndarray]
    taken: dict[int, dict[str, int]]
    good: np.ndarray

    def positions(self) -> np.ndarray: ...
    def raw(self, name: str, position: int) -> object: ...
    def reject(self, position: int, name: str, code: str, **words: object) -> None: ...
    def reject_all(self, positions: np.ndarray, name: str, code: str, **words: object) -> None: ...
    def wait(self, position: int, name: str) -> None: ...


class Check(Protocol):
    """A rule that a row must keep."""

    @property
    def fields(self) -> tuple[str, ...]:
        """Those it reads. Rows that leave out one of them are looked at again with the stored row (`broken`)."""

    def run(self, checked: CheckedChunk) -> None:
        """Reject the rows that break it by what was sent."""

    def broken(self, merged: Mapping[str, str]) -> str:
        """Whether a row breaks it: a condition over the SQL of its fields as it becomes."""

    def reject(self, checked: CheckedChunk, position: int) -> None:
        """Reject one row."""


@dataclass(frozen=True)
class Order:
    """`later` is not before `earlier`; either may be blank."""

    earlier: str
    later: str

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.earlier, self.later)

    def run(self, checked: CheckedChunk) -> None:
        wrong = pc.less(checked.values[self.later], checked.values[self.earlier])
        if pc.any(wrong).as_py():
            for position in _places(as_mask(wrong) & checked.good):
                self.reject(checked, position)

    def broken(self, merged: Mapping[str, str]) -> str:
        return f"{merged[self.later]} < {merged[self.earlier]}"

    def reject(self, checked: CheckedChunk, position: int) -> None:
        if self.later in checked.absent and checked.absent[self.later][position]:
            checked.reject(position, self.earlier, "after_stored", later=self.later)
        else:
            checked.reject(position, self.later, "wrong_order", earlier=self.earlier)


@dataclass(frozen=True)
class DateOfState:
    """A row has the day `on` exactly when `state` has this value; `also` may only be given then.

    A row in another state that leaves these out states that there is none: what was stored of an earlier end goes.
    """

    state: str
    value: str
    on: str
    also: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.state, self.on)

    def run(self, checked: CheckedChunk) -> None:
        ended = as_mask(pc.equal(checked.values[self.state], self.value))
        for name in (self.on, *self.also):
            if name in checked.absent:
                checked.absent[name] &= ended
            for position in _places(_is_given(checked.values[name]) & ~ended & checked.good):
                said = checked.values[self.state][position]
                checked.reject(position, name, "not_allowed_for", other=self.state, said=said)
        missing = ended & ~_is_given(checked.values[self.on]) & checked.good
        if self.on in checked.absent:
            missing &= ~checked.absent[self.on]
        for position in _places(missing):
            self.reject(checked, position)

    def broken(self, merged: Mapping[str, str]) -> str:
        return f"{merged[self.state]} = '{self.value}' AND {merged[self.on]} IS NULL"

    def reject(self, checked: CheckedChunk, position: int) -> None:
        checked.reject(position, self.on, "missing_for", other=self.state, said=self.value)


@dataclass(frozen=True)
class DialledNumber:
    """A line of these kinds is called: it has a number. The name of an access is for the others."""

    phone: str
    kind: str
    kinds: tuple[str, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.kind, self.phone)

    def run(self, checked: CheckedChunk) -> None:
        named = pc.match_substring_regex(checked.values[self.phone], "[A-Za-z]")
        if pc.any(named).as_py():
            called = pc.is_in(checked.values[self.kind], value_set=pa.array(self.kinds, pa.string()))
            for position in _places(as_mask(pc.and_(named, called)) & checked.good):
                self.reject(checked, position)

    def broken(self, merged: Mapping[str, str]) -> str:
        kinds = ", ".join(f"'{kind}'" for kind in self.kinds)
        return f"{merged[self.kind]} IN ({kinds}) AND {merged[self.phone]} ~ '[A-Za-z]'"

    def reject(self, checked: CheckedChunk, position: int) -> None:
        checked.reject(position, self.phone, "not_a_phone")


def _is_given(values: pa.Array) -> np.ndarray:
    """Where a value is neither null nor empty text."""
    return as_mask(pc.not_equal(values, "") if pa.types.is_string(values.type) else pc.is_valid(values))


def _places(mask: np.ndarray) -> list[int]:
    return np.flatnonzero(mask).tolist()


def as_mask(mask: pa.Array) -> np.ndarray:
    return np.asarray(pc.fill_null(mask, False), dtype=bool)
