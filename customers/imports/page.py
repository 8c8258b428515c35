"""The page of columns: what is offered for each column of the file and each field."""

from dataclasses import dataclass, field

from customers.imports.labels import field_label, value_label
from customers.imports.look import Look
from customers.imports.picks import Pick, Picks, fields_of
from customers.imports.values import choices_of, strangers
from customers.imports.ways import GIVEN_DAY, WAYS, ways_for
from customers.ingest.resource import Field, Resource

OWN, MOST_VALUES, SAMPLES = "*", 12, 3


@dataclass(frozen=True)
class Value:
    """A value of the file that the field would refuse, and what it shall become."""

    name: str
    old: str
    new: str
    options: list[tuple[str, str]]


@dataclass(frozen=True)
class ColumnRow:
    """A column of the file: sample values, the field chosen, how it is written, values to translate."""

    number: int
    name: str
    samples: list[str]
    chosen: str
    way: str
    ways: list[tuple[str, str]]
    values: list[Value]


@dataclass(frozen=True)
class FieldRow:
    """A field that no column of its own fills: a second use of a column, or one value for all rows."""

    field: Field
    label: str
    source: str
    constant: str
    options: list[tuple[str, str]]

    @property
    def input_type(self) -> str:
        return {"day": "date", "month": "month"}.get(self.field.kind.name, "text")


@dataclass
class Page:
    columns: list[ColumnRow] = field(default_factory=list)
    needed: list[FieldRow] = field(default_factory=list)
    further: list[FieldRow] = field(default_factory=list)
    asks_day: bool = False

    @property
    def further_used(self) -> bool:
        return any(row.source or row.constant for row in self.further)


def page_of(resource: Resource, seen: Look, picks: Picks) -> Page:
    """What to show for these choices."""
    known = fields_of(resource)
    page, placed = Page(), set()
    for number, column in enumerate(seen.columns):
        name = picks.field_of(column)
        placed.add(name)
        page.columns.append(_column_row(resource, seen, picks, number, column, name))
    for name, one in known.items():
        if name in placed or (picks.own and name in {"name", "value"}):
            continue
        pick = picks.fields.get(name, Pick())
        row = FieldRow(one, field_label(one), pick.source, pick.constant, _options(resource, one))
        (page.needed if one.required else page.further).append(row)
    page.asks_day = any(_needs_day(pick) for pick in picks.fields.values())
    return page


def _needs_day(pick: Pick) -> bool:
    return any(setting == GIVEN_DAY for _step, setting in WAYS[pick.way].steps) if pick.way else False


def _column_row(resource: Resource, seen: Look, picks: Picks, number: int, column: str, name: str) -> ColumnRow:
    samples = list(dict.fromkeys(seen.samples[column]))
    if not name:
        chosen = OWN if column in picks.own else ""
        return ColumnRow(number, column, samples[:SAMPLES], chosen, "", [], [])
    pick, one = picks.fields[name], fields_of(resource)[name]
    values = translations(resource, one, number, samples, pick)
    return ColumnRow(number, column, samples[:SAMPLES], name, pick.way, ways_for(one), values)


def _options(resource: Resource, one: Field) -> list[tuple[str, str]]:
    """(value, what it is called) of a closed list."""
    return [(value, value_label(resource, one, value)) for value in choices_of(one)]


def translations(resource: Resource, one: Field, number: int, samples: list[str], pick: Pick) -> list[Value]:
    """The values of column `number` that need one of the field's own: those in force and those it would refuse."""
    if not choices_of(one):
        return []
    odd = list(dict.fromkeys([*pick.values, *strangers(one, samples)]))[:MOST_VALUES]
    options = _options(resource, one)
    return [Value(f"value-{number}-{i}", old, pick.values.get(old, ""), options) for i, old in enumerate(odd)]
