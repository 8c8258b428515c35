"""Preview of an import: the first rows read, mapped and checked as by the run. Nothing is written."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.imports.queries import unknown_references
from customers.imports.services.suggestions import SAMPLE_ROWS
from customers.imports.text import format_row_problem
from customers.ingest.chunks import Chunk
from customers.ingest.resources.base import Field, Resource
from customers.ingest.services.file_keys import refuse_single_records, survey_keys
from customers.ingest.services.file_rows import FileRows
from customers.ingest.services.files import check_mapping
from customers.ingest.services.mapping.document import Mapping
from customers.ingest.services.readers import Unreadable, ending_sentence
from customers.ingest.validators.rows import Checked, Problem, check, count_bad_rows
from retention.core.errors import Invalid

YES, NO = _("yes"), _("no")


@dataclass(frozen=True)
class Cell:
    value: object
    wrong: str = ""

    @property
    def shown(self) -> str:
        if isinstance(self.value, bool):
            return str(YES if self.value else NO)
        if isinstance(self.value, datetime) and timezone.is_aware(self.value):
            return timezone.localtime(self.value).isoformat(" ")
        return "" if self.value is None else str(self.value)


@dataclass(frozen=True)
class Row:
    """number: in the file, from 1. wrong: messages; waits: the unknown reference."""

    number: int
    cells: list[Cell]
    wrong: list[str]
    waits: list[str]


@dataclass
class Preview:
    """fields: the columns shown. counts: problems by code. good, waiting, bad: rows."""

    fields: list[Field] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    counts: Counter = field(default_factory=Counter)
    good: int = 0
    waiting: int = 0
    bad: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def seen(self) -> int:
        return self.good + self.waiting + self.bad


def preview(path: Path, resource: Resource, mapping: Mapping, *, now: datetime, rows: int = SAMPLE_ROWS) -> Preview:
    """The first `rows` rows of the file. Invalid when the mapping cannot be used on it."""
    check_mapping(resource, mapping)
    shown = Preview(fields=[f for f in resource.fields if f.name in mapping.makes])
    with path.open("rb") as file:
        sample = FileRows(resource, file, mapping, sample=rows)
        for chunk in sample.chunks():
            _add_chunk(shown, check(resource, chunk, now=now), keep=True)
        shown.notes = sample.notes
    return shown


def dry_run(path: Path, resource: Resource, mapping: Mapping, *, now: datetime) -> Preview:
    """The whole file: counts only."""
    check_mapping(resource, mapping)
    shown = Preview()
    with path.open("rb") as file:
        rows = FileRows(resource, file, mapping)
        keys = survey_keys(resource, rows.chunks())
        try:
            refuse_single_records(resource, keys, rows.chunks, now=now)
        except Invalid as error:
            shown.notes.append(str(error.message))
        for chunk in _until_unreadable(shown, rows.chunks()):
            checked = check(resource, chunk, now=now)
            keys.reject_repeats(checked)
            _add_chunk(shown, checked, keep=False)
        shown.notes += rows.notes
        if rows.reading.ended:
            shown.notes.append(ending_sentence(rows.reading.ended, shown.seen))
    return shown


def _until_unreadable(shown: Preview, chunks: Iterator[Chunk]) -> Iterator[Chunk]:
    try:
        yield from chunks
    except Unreadable as error:
        shown.notes.append(str(error.message))


def _add_chunk(shown: Preview, checked: Checked, *, keep: bool) -> None:
    problems = _counted_problems(checked)
    waiting = unknown_references(checked, problems)
    bad = count_bad_rows(problems)
    shown.bad += bad
    shown.waiting += len(waiting)
    shown.good += len(checked.chunk.rows) + len(checked.chunk.defects) - bad - len(waiting)
    shown.counts.update(problem.code for problem in problems)
    if waiting:
        shown.counts["unknown_reference"] += len(waiting)
    if keep:
        shown.rows = sorted(_rows(shown.fields, checked, problems, waiting), key=lambda row: row.number)


def _counted_problems(checked: Checked) -> list[Problem]:
    """All problems except undeclared custom fields: the run declares them."""
    return [p for p in checked.problems if p.code != "unknown_attribute"]


def _rows(fields: list[Field], checked: Checked, wrong_ones: list[Problem], waiting: dict[int, str]) -> Iterator[Row]:
    problems: dict[int, list[Problem]] = {}
    for problem in wrong_ones:
        problems.setdefault(problem.position, []).append(problem)
    for problem in problems.pop(-1, []):
        yield Row(problem.row, [Cell("") for _ in fields], [_format_problem(checked, problem)], [])
    given = {f.name: _column(checked, f.name) for f in fields}
    for position, number in enumerate(checked.chunk.rows):
        wrong = {p.field: _format_problem(checked, p) for p in problems.get(position, [])}
        cells = [Cell(given[f.name][position], wrong.get(f.name, "")) for f in fields]
        waits = []
        if position in waiting:
            name = waiting[position]
            value = checked.values[name][position].as_py()
            waits = [
                format_row_problem(checked.resource, code="unknown_reference", field=name, value=value, message="")
            ]
        yield Row(int(number), cells, list(wrong.values()), waits)


def _column(checked: Checked, name: str) -> list[object]:
    """The values as they would be stored, or as given where they are invalid."""
    landing = checked.values[name].to_pylist()
    given = checked.chunk.columns[name].to_pylist() if name in checked.chunk.columns.column_names else landing
    return [old if new is None else new for old, new in zip(given, landing, strict=True)]


def _format_problem(checked: Checked, problem: Problem) -> str:
    value = problem.raw if problem.position < 0 else checked.raw(problem.field, problem.position)
    return format_row_problem(
        checked.resource, code=problem.code, field=problem.field, value=value, message=problem.message
    )
