"""The form of columns: the options for each column and field, and the choices read from the posted form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from customers.imports.rules.choices import (
    CUSTOM_FIELDS_RESOURCE,
    FieldChoice,
    MappingChoices,
    accepted_values,
    fields_of,
    suggest_field_choice,
    unaccepted_values,
)
from customers.imports.rules.formats import GIVEN_DAY, VALUE_FORMATS, format_choices
from customers.imports.services.suggestions import FileSample
from customers.imports.text import field_label, value_label
from customers.ingest.resources.base import Field, Resource

CUSTOM_FIELD_CHOICE, MAX_TRANSLATED_VALUES, SHOWN_SAMPLES = "*", 12, 3


@dataclass(frozen=True)
class ValueRow:
    """A value of the file that the field does not accept, and its replacement."""

    name: str
    old: str
    new: str
    options: list[tuple[str, str]]


@dataclass(frozen=True)
class ColumnRow:
    """A column of the file: sample values, the field chosen, its format, values to translate."""

    number: int
    name: str
    samples: list[str]
    chosen: str
    way: str
    ways: list[tuple[str, str]]
    values: list[ValueRow]


@dataclass(frozen=True)
class FieldRow:
    """A field without a column of its own: a second use of a column, or one value for all rows."""

    field: Field
    label: str
    source: str
    constant: str
    options: list[tuple[str, str]]

    @property
    def input_type(self) -> str:
        return {"day": "date", "month": "month"}.get(self.field.kind.name, "text")


@dataclass
class ColumnsForm:
    columns: list[ColumnRow] = field(default_factory=list)
    needed: list[FieldRow] = field(default_factory=list)
    further: list[FieldRow] = field(default_factory=list)
    asks_day: bool = False

    @property
    def further_used(self) -> bool:
        return any(row.source or row.constant for row in self.further)


def columns_form(resource: Resource, seen: FileSample, picks: MappingChoices) -> ColumnsForm:
    """The rows of the form for these choices."""
    known = fields_of(resource)
    page, placed = ColumnsForm(), set()
    for number, column in enumerate(seen.columns):
        name = picks.field_of(column)
        placed.add(name)
        page.columns.append(_column_row(resource, seen, picks, number, column, name))
    for name, one in known.items():
        if name in placed or (picks.own and name in {"name", "value"}):
            continue
        pick = picks.fields.get(name, FieldChoice())
        row = FieldRow(one, field_label(one), pick.source, pick.constant, _options(resource, one))
        (page.needed if one.required else page.further).append(row)
    page.asks_day = any(_needs_day(pick) for pick in picks.fields.values())
    return page


def _needs_day(pick: FieldChoice) -> bool:
    return any(setting == GIVEN_DAY for _step, setting in VALUE_FORMATS[pick.way].steps) if pick.way else False


def _column_row(
    resource: Resource, seen: FileSample, picks: MappingChoices, number: int, column: str, name: str
) -> ColumnRow:
    samples = list(dict.fromkeys(seen.samples[column]))
    if not name:
        chosen = CUSTOM_FIELD_CHOICE if column in picks.own else ""
        return ColumnRow(number, column, samples[:SHOWN_SAMPLES], chosen, "", [], [])
    pick, one = picks.fields[name], fields_of(resource)[name]
    values = value_rows(resource, one, number, samples, pick)
    return ColumnRow(number, column, samples[:SHOWN_SAMPLES], name, pick.way, format_choices(one), values)


def _options(resource: Resource, one: Field) -> list[tuple[str, str]]:
    """(value, label) of a closed list."""
    return [(value, value_label(resource, one, value)) for value in accepted_values(one)]


def value_rows(resource: Resource, one: Field, number: int, samples: list[str], pick: FieldChoice) -> list[ValueRow]:
    """The values of column `number` to be replaced: those with a replacement and those the field does not accept."""
    if not accepted_values(one):
        return []
    odd = list(dict.fromkeys([*pick.values, *unaccepted_values(one, samples)]))[:MAX_TRANSLATED_VALUES]
    options = _options(resource, one)
    return [ValueRow(f"value-{number}-{i}", old, pick.values.get(old, ""), options) for i, old in enumerate(odd)]


def read_choices(
    resource: Resource, seen: FileSample, post: Mapping[str, str], *, before: MappingChoices, today: date
) -> tuple[MappingChoices, list[str]]:
    """(choices, error messages) of a posted form. before: the choices that the page showed.

    A column newly assigned to another field gets that field's most likely format and values.
    """
    known = fields_of(resource)
    wrong: list[str] = []
    picks = MappingChoices(distinct=bool(post.get("distinct")), given_day=_day(post.get("given_day", ""), today, wrong))
    for number, column in enumerate(seen.columns):
        name = post.get(f"field-{number}", "")
        if name == CUSTOM_FIELD_CHOICE and resource.name == CUSTOM_FIELDS_RESOURCE:
            picks.own.append(column)
        elif name in known and name in picks.fields:
            words = {"field": field_label(known[name]), "columns": f"{picks.fields[name].source}, {column}"}
            wrong.append(_("%(field)s is chosen for more than one column: %(columns)s.") % words)
        elif name in known:
            picks.fields[name] = _column_choice(resource, known[name], seen, post, number, column, before)
    for name, one in known.items():
        if name not in picks.fields and (pick := _constant_or_second_use(one, seen, post)):
            picks.fields[name] = pick
    _sort_fields(picks, known)
    return picks, wrong


def _sort_fields(picks: MappingChoices, known: dict[str, Field]) -> None:
    picks.fields = {name: picks.fields[name] for name in known if name in picks.fields}


def _column_choice(
    resource: Resource,
    one: Field,
    seen: FileSample,
    post: Mapping[str, str],
    number: int,
    column: str,
    before: MappingChoices,
) -> FieldChoice:
    if before.field_of(column) != one.name:
        return suggest_field_choice(one, column, seen.samples[column])
    way = post.get(f"way-{number}", "")
    if way and way not in dict(format_choices(one)):
        way = ""
    old = before.fields[one.name]
    shown = value_rows(resource, one, number, seen.samples[column], old)
    chosen = {value.old: post.get(value.name, "") for value in shown}
    values = {text: new for text, new in chosen.items() if new in accepted_values(one)}
    return FieldChoice(column, way=way, values=values)


def _constant_or_second_use(one: Field, seen: FileSample, post: Mapping[str, str]) -> FieldChoice | None:
    source, constant = post.get(f"from-{one.name}", ""), post.get(f"const-{one.name}", "").strip()[:200]
    if source in seen.columns:
        return suggest_field_choice(one, source, seen.samples[source])
    return FieldChoice(constant=constant) if constant else None


def _day(text: str, today: date, wrong: list[str]) -> date:
    try:
        return date.fromisoformat(text) if text else today
    except ValueError:
        wrong.append(_("The given day is not a date."))
        return today


def missing_fields(resource: Resource, picks: MappingChoices) -> list[str]:
    """Labels of the required fields without a value."""
    made = {"name", "value"} if picks.own else set()
    return [field_label(f) for f in resource.fields if f.required and f.name not in {*picks.fields, *made}]
