"""Tables of others, read through the readers of the ingest: whatever is left out or changed is noted."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd
import pyarrow as pa

from analytics.churn.learners.cells.spelling import quoted
from customers.ingest.chunks import Defect
from customers.ingest.services.readers import Reading, Unreadable, ending_sentence, open_source
from customers.ingest.text import format_problem
from retention.core.errors import Invalid

BLANKS = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "?", "-", "--", ".", "\\n", "missing"})
# With more rows that cannot be taken apart the file is no table, or its separator was taken for another.
MOST_DEFECTS = 0.2
UNSEEN = "\ufeff\u200b"


@dataclass(frozen=True)
class Table:
    """frame: text without surrounding blanks, blank text is missing; columns that the file types keep their type.

    written: {a name as the header writes it: the column's name here}.
    """

    frame: pd.DataFrame
    notes: list[str] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)

    def column(self, name: str) -> str:
        """The column of this name, as the header writes it or but for surrounding blanks. Invalid without one."""
        found = self.written.get(name, _trimmed(name))
        if found not in self.frame.columns:
            names = ", ".join(map(str, self.frame.columns[:40]))
            raise Invalid(f"The table has no column {_trimmed(name)}; it has {names}.", code="no_column")
        return found

    def with_frame(self, frame: pd.DataFrame) -> "Table":
        return replace(self, frame=frame)


def read_table(path: str | Path) -> Table:
    """CSV, NDJSON, a JSON array or Parquet, also packed. Invalid, in a sentence, when it is no table."""
    path = Path(path)
    if not path.is_file():
        raise Invalid(f"There is no file {path}.", code="no_file")
    header = _Header()
    with path.open("rb") as file:
        try:
            reading = open_source(file, naming=header)
            tables, defects, damaged = _chunks(reading)
        except Unreadable as error:
            raise Invalid(f"{path.name} cannot be read as a table: {error.message}", code=error.code) from error
    rows = sum(table.num_rows for table in tables)
    if reading.ended:
        raise Invalid(f"{path.name} cannot be read whole: {ending_sentence(reading.ended, rows)}", code="unreadable")
    if len(defects) > MOST_DEFECTS * (rows + len(defects)):
        raise Invalid(
            f"{path.name} cannot be read as a table: {len(defects)} of {rows + len(defects)} rows cannot be taken"
            f" apart. {_told(defects[0])}",
            code="unreadable",
        )
    if not rows:
        raise Invalid(f"{path.name} holds no rows.", code="empty")
    frame = _joined(tables)
    if not header.written:
        frame.columns = header([str(name) for name in frame.columns])
    notes = [*reading.notes, *header.notes]
    if defects:
        told = "; ".join(_told(one) for one in defects[:3])
        notes.append(f"{len(defects)} rows were left out, for they cannot be taken apart: {told}")
    if damaged:
        notes.append("Some characters cannot be read in the file's encoding and were replaced.")
    frame, blanks = without_blanks(frame)
    return Table(frame, notes + blanks, header.written)


def _chunks(reading: Reading) -> tuple[list[pa.Table], list[Defect], bool]:
    tables: list[pa.Table] = []
    defects: list[Defect] = []
    damaged = False
    for chunk in reading:
        tables.append(chunk.columns)
        defects += chunk.defects
        damaged = damaged or chunk.damaged
    return tables, defects, damaged


def _told(defect: Defect) -> str:
    return format_problem(defect.code, defect.row, value=defect.raw, **defect.words)


def _joined(tables: list[pa.Table]) -> pd.DataFrame:
    """All chunks below one another; a column whose chunks differ in type becomes text."""
    try:
        table = pa.concat_tables(tables, promote_options="permissive")
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        texts = [pa.table({name: one[name].cast(pa.string()) for name in one.column_names}) for one in tables]
        table = pa.concat_tables(texts, promote_options="default")
    columns = [_plain(column) for column in table.columns]
    return pa.table(columns, names=table.column_names).to_pandas(date_as_object=False)


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Numbers, dates and text stay, decimals become floats, all else text."""
    kind = column.type
    if pa.types.is_decimal(kind):
        return column.cast(pa.float64())
    kept = (pa.types.is_integer, pa.types.is_floating, pa.types.is_date, pa.types.is_timestamp, pa.types.is_string)
    return column if any(one(kind) for one in kept) else column.cast(pa.string())


def _trimmed(name: str) -> str:
    return " ".join(name.strip(UNSEEN).split())


class _Header:
    """Names columns as people write them: blanks are trimmed, an empty name is filled, a repeated one numbered."""

    def __init__(self) -> None:
        self.written: dict[str, str] = {}
        self.notes: list[str] = []

    def __call__(self, cells: list[str]) -> list[str]:
        names: list[str] = []
        for place, cell in enumerate(cells, start=1):
            own = _trimmed(cell) or f"column {place}"
            name, copy = own, 1
            while name in names:
                copy += 1
                name = f"{own} ({copy})"
            if name != own:
                self.notes.append(f"Doubtful: two columns are named {own}; column {place} is called {name} here.")
            elif not _trimmed(cell):
                self.notes.append(f"Column {place} has no name; it is called {name} here.")
            names.append(name)
            self.written.setdefault(cell, name)
        return names


def without_blanks(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """(text without surrounding space, blank text missing; notes on the words that were read as blank)."""
    cleared: dict[str, pd.Series] = {}
    words: dict[str, list[str]] = {}
    for name in frame.columns:
        cleared[name] = frame[name]
        if not pd.api.types.is_string_dtype(frame[name]):
            continue
        codes, distinct = pd.factorize(frame[name])
        texts = pd.Series(distinct, dtype="str").str.strip()
        is_blank = texts.str.lower().isin(BLANKS)
        for text in texts[is_blank & (texts != "")].unique():
            words.setdefault(text, []).append(str(name))
        found = texts.mask(is_blank).reindex([*range(len(texts)), -1])
        cleared[name] = found.iloc[codes].set_axis(frame.index)
    notes = [f"Cells of '{word}' were read as blank, in {quoted(names, 5)}." for word, names in words.items()]
    return pd.DataFrame(cleared, index=frame.index), notes
