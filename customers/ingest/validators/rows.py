"""A chunk against its resource: typed columns for good rows, every problem of bad rows, repeated keys. No database."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from customers.ingest import field_types, text
from customers.ingest.chunks import Chunk
from customers.ingest.field_types.base import Parsed, as_text
from customers.ingest.resources.base import VERSION, Field, Resource, columns_of
from customers.ingest.resources.checks import as_mask
from customers.ingest.validators.repeated_keys import repeated_keys

MAX_PROBLEMS_PER_ROW = 5  # kept; a row with more is bad enough
# Clocks of billing systems differ from ours, and a day begins earlier in the east.
FUTURE_TOLERANCE = {"day": timedelta(days=1), "month": timedelta(days=1), "instant": timedelta(hours=1)}


@dataclass(frozen=True)
class Problem:
    """Why a row does not land. position: in the chunk, -1 for a row that could not be taken apart."""

    position: int
    row: int
    field: str
    code: str
    message: str
    raw: str = ""

    def as_dict(self) -> dict[str, object]:
        return {"row": self.row, "field": self.field, "code": self.code, "message": self.message}


@dataclass
class Checked:
    """A chunk after its check.

    values: typed columns by field, all rows; the default where a row leaves the field out. good: which rows may land.
    absent: by field that some row leaves out, where; such a row keeps what is stored of it. taken: by row, the fields
    that it got from another row of its key, and the place of that one. inserted: the places of those that a landing
    with `records` found to be new. overtaken_parts: of rows of which newer ones took some fields.
    """

    resource: Resource
    chunk: Chunk
    values: dict[str, pa.Array]
    good: np.ndarray
    problems: list[Problem] = field(default_factory=list)
    waiting: dict[int, str] = field(default_factory=dict)
    inserted: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    absent: dict[str, np.ndarray] = field(default_factory=dict)
    taken: dict[int, dict[str, int]] = field(default_factory=dict)
    overtaken_parts: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._told = np.zeros(len(self.good), dtype=np.int16)
        self._given = dict(zip(self.chunk.columns.column_names, self.chunk.columns.columns, strict=True))

    def raw(self, name: str, position: int) -> object:
        """The value as it was given."""
        column = self._given.get(name)
        return None if column is None else column[int(position)].as_py()

    def reject(self, position: int, name: str, code: str, **words: object) -> None:
        self.good[position] = False
        if self._told[position] >= MAX_PROBLEMS_PER_ROW:
            return
        self._told[position] += 1
        row = int(self.chunk.rows[position])
        words = {"field": name, "value": self.raw(name, position), "resource": self.resource.name} | words
        self.problems.append(Problem(int(position), row, name, code, text.format_problem(code, row, **words)))

    def reject_all(self, positions: np.ndarray, name: str, code: str, **words: object) -> None:
        self.good[positions] = False
        for position in positions[self._told[positions] < MAX_PROBLEMS_PER_ROW]:
            self.reject(position, name, code, **words)

    def reject_repeat(self, position: int, first_row: int) -> None:
        """The row's key stands in an earlier row, with other values."""
        key = ", ".join(f"{name} {self.raw(name, position)}" for name in self.resource.key)
        self.reject(position, self.resource.key[0], "duplicate_key", key=key, first=first_row)

    def wait(self, position: int, name: str) -> None:
        """The row cannot land before what its field `name` refers to."""
        self.good[position] = False
        self.waiting[int(position)] = name

    def overtake(self, position: int) -> None:
        """A newer row of its key has landed: this one neither lands nor waits."""
        self.good[position] = False
        self.waiting.pop(position, None)

    def key_text(self, position: int) -> str:
        """The natural key of a row, its parts joined by "~"."""
        return "~".join(str(self.values[name][position].as_py()) for name in self.resource.key)

    def version(self, position: int) -> int | None:
        return self.values["source_version"][position].as_py()

    def positions(self) -> np.ndarray:
        return np.flatnonzero(self.good)

    @property
    def is_partial(self) -> bool:
        """Whether a row leaves out a field."""
        return any(mask.any() for mask in self.absent.values())

    def staged(self) -> pa.Table:
        """The good rows as the staging table takes them: `_pos`, `_absent`, the fields in order, the version.

        `_absent` has a bit for each optional field, set where the row leaves it out; all null when no row does.
        """
        names = [f.name for f in columns_of(self.resource)]
        table = pa.table([self.values[name] for name in names], names=names)
        positions = pa.array(np.arange(len(self.good), dtype=np.int32))
        table = table.add_column(0, "_absent", pa.array(self._absent_bits())).add_column(0, "_pos", positions)
        return table if self.good.all() else table.filter(pa.array(self.good))

    def _absent_bits(self) -> np.ndarray:
        bits = np.zeros(len(self.good), dtype=np.int64)
        for place, one in enumerate(self.resource.optional):
            if one.name in self.absent:
                bits |= self.absent[one.name].astype(np.int64) << place
        return bits


def check(resource: Resource, chunk: Chunk, *, now: datetime, last_wins: bool = False) -> Checked:
    """Check a chunk. `last_wins`: of rows with one key the later replaces the earlier instead of being rejected."""
    checked = Checked(resource, chunk, {}, np.ones(len(chunk.rows), dtype=bool))
    with text.in_english():
        _check(checked, now, last_wins=last_wins)
    checked.problems.sort(key=lambda problem: problem.row)
    return checked


def _check(checked: Checked, now: datetime, *, last_wins: bool) -> None:
    resource, chunk = checked.resource, checked.chunk
    for defect in chunk.defects:
        message = text.format_problem(defect.code, defect.row, value=defect.raw, **defect.words)
        checked.problems.append(Problem(-1, defect.row, "", defect.code, message, defect.raw))
    for one in columns_of(resource):
        checked.values[one.name] = _read(checked, one, now)
    _unknown_columns(checked)
    if chunk.damaged:
        _damaged_text(checked)
    for rule in resource.checks:
        rule.run(checked)
    if resource.prepare:
        resource.prepare(checked)
    for repeat in repeated_keys(resource, checked, last_wins=last_wins):
        checked.good[repeat.position] = False
        if not repeat.is_identical:
            checked.reject_repeat(repeat.position, int(chunk.rows[repeat.first]))


def _read(checked: Checked, one: Field, now: datetime) -> pa.Array:
    """One field's column, typed, with defaults for blank values; what is wrong with it goes to `checked`."""
    columns, rows = checked.chunk.columns, len(checked.chunk.rows)
    _note_absent(checked, one)
    if one.name in columns.column_names:
        given = columns[one.name]
        given = given.combine_chunks() if isinstance(given, pa.ChunkedArray) else given
    else:
        given = pa.nulls(rows, pa.string())
    parsed = one.kind.read(given) if given.type != pa.null() else Parsed(pa.nulls(rows, one.kind.arrow))
    for code, positions in parsed.faults:
        checked.reject_all(positions, one.name, code, **one.kind.limits())
    _reject_shapes(checked, one, parsed)
    _reject_future(checked, one, parsed.values, now)
    if not parsed.values.null_count:
        return parsed.values
    if one.required:
        missing = pc.is_null(parsed.values)
        if given.null_count < parsed.values.null_count:  # values that could not be read are null by now too
            missing = pc.is_null(as_text(given))
        checked.reject_all(np.flatnonzero(missing.to_numpy(zero_copy_only=False)), one.name, "required")
    if one.explicit:
        checked.absent[one.name] = checked.absent.get(one.name, False) | as_mask(pc.is_null(parsed.values))
    if not one.required and one.default is not None:
        return pc.fill_null(parsed.values, pa.scalar(one.default, parsed.values.type))
    return parsed.values


def _reject_shapes(checked: Checked, one: Field, parsed: Parsed) -> None:
    """An object, a list or true where a text or a number belongs, unless it is refused as such already."""
    shapes = checked.chunk.shaped.get(one.name)
    if shapes is None:
        return
    wrong = (shapes != "") & ~np.isin(shapes, list(one.kind.shapes))
    for _code, positions in parsed.faults:
        wrong[positions] = False
    checked.reject_all(np.flatnonzero(wrong), one.name, "wrong_shape")


def _note_absent(checked: Checked, one: Field) -> None:
    """A version that is left out is none; a required field that is left out is an error."""
    if one.required or one is VERSION:
        return
    if one.name not in checked.chunk.columns.column_names:
        checked.absent[one.name] = np.ones(len(checked.chunk.rows), dtype=bool)
    elif one.name in checked.chunk.absent:
        checked.absent[one.name] = checked.chunk.absent[one.name].copy()


def _reject_future(checked: Checked, one: Field, values: pa.Array, now: datetime) -> None:
    if not one.past:
        return
    late = field_types.future_mask(values, now, FUTURE_TOLERANCE[one.kind.name])
    if late is not None:
        checked.reject_all(np.flatnonzero(as_mask(late) & checked.good), one.name, "in_future")


def _unknown_columns(checked: Checked) -> None:
    """Rows of JSON name their own fields; an unknown name is an error, since its data would be lost."""
    known = {f.name for f in columns_of(checked.resource)}
    for name in checked.chunk.columns.column_names:
        if name not in known:
            given = as_mask(pc.is_valid(checked.chunk.columns[name]))
            checked.reject_all(np.flatnonzero(given), name, "unknown_column")


def _damaged_text(checked: Checked) -> None:
    for name in checked.chunk.columns.column_names:
        column = checked.chunk.columns[name]
        if pa.types.is_string(column.type):
            found = as_mask(pc.match_substring(column, "\N{REPLACEMENT CHARACTER}"))
            checked.reject_all(np.flatnonzero(found), name, "bad_encoding")


def count_bad_rows(problems: list[Problem]) -> int:
    """Number of rows with problems."""
    return len({(p.position, p.row) for p in problems})
