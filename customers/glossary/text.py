"""Values of a distribution, and what a field is, in words."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from customers.fields import SOURCES, Kind, ProfileField
from customers.fields.coded_rows import RowNames
from customers.fields.feeds import feeds_of, parts_of
from customers.fields.text import BORDER, field_label, format_code, format_flag, format_number
from customers.glossary.queries import FieldValues, Spread
from customers.glossary.rules import Scale
from customers.ingest.resources import RESOURCES
from retention.core.ui import formats

SHOWN_VALUES = 15


@dataclass(frozen=True)
class Named:
    """A field whose codes have the names of rows."""

    kind: Kind
    unit: object
    labels: Mapping[str, object]


def format_bin(field: ProfileField, scale: Scale, place: int) -> str:
    """`20 to 40`, `3`, `below 20`, `400 and more`, with the unit on the axis."""
    low, high = (format_number(field, scale.edge(edge), BORDER, unit=False) for edge in (place, place + 1))
    if scale.bins > 1 and place == scale.bins - 1:
        return _("%(low)s and more") % {"low": low}
    if scale.step == 1 and field.kind in (Kind.COUNT, Kind.DAYS):
        return low
    if place == 0 and scale.low != 0:
        return _("below %(high)s") % {"high": high}
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def format_span(text: str) -> str:
    """A year as it is, a month as `Mar 2026`."""
    return date_format(date.fromisoformat(f"{text}-01"), "YEAR_MONTH_FORMAT") if "-" in text else text


class ValueText:
    """The values of one field as a distribution keeps them. Names of rows are read at the first look."""

    def __init__(self, field: ProfileField, scale: Scale | None) -> None:
        self.field, self.scale = field, scale
        self._named = Named(field.kind, field.unit, RowNames(field.rows) if field.rows else field.labels)

    def __call__(self, value: str) -> str:
        if self.scale:
            return format_bin(self.field, self.scale, int(value))
        if self.field.kind == Kind.DATE:
            return format_span(value)
        return format_flag(value) if self.field.kind == Kind.FLAG else format_code(self._named, value)

    def bars(self, spread: Spread) -> list[tuple[str, int]]:
        """(value, lines): numbers and dates in their order, codes by frequency, the rare ones together."""
        if self.scale:
            return [(self(str(place)), spread.counts[str(place)]) for place in range(self.scale.bins)]
        if self.field.kind == Kind.DATE:
            return [(self(value), spread.known[value]) for value in sorted(spread.known)]
        ordered = sorted(spread.known.items(), key=lambda one: (-one[1], one[0]))
        shown = [(self(value), lines) for value, lines in ordered[:SHOWN_VALUES]]
        rest = sum(lines for _value, lines in ordered[SHOWN_VALUES:])
        return [*shown, (_("all others"), rest)] if rest else shown

    def typical(self, spread: Spread) -> str:
        """`60 to 80 yuan` in which the median lies, or `Active, 92%`."""
        if self.scale:
            place = spread.median_bin()
            unit = "" if self.field.kind in (Kind.SHARE, Kind.MONEY) else f" {self.field.unit}".rstrip()
            return "" if place is None else f"{self(str(place))}{unit}"
        found = spread.most_frequent()
        if found is None:
            return ""
        value, share = found
        return _("%(value)s, %(share)s") % {"value": self(value), "share": formats.percent(share, 0)}


def source_names(field: ProfileField) -> list[str]:
    """The kinds of facts that a field is read from, as they are called where they are sent."""
    source = SOURCES.get(field.source)
    tables = set(re.findall(r"\bcustomers_[a-z]+\b", source.sql)) if source else set()
    return [str(one.label) for one in RESOURCES.values() if one.model._meta.db_table in tables]


def field_facts(
    field: ProfileField, values: FieldValues | None, *, area: object, kind: object
) -> Iterator[tuple[Any, Any]]:
    """(label, value) of what the catalogue declares."""
    yield _("Meaning"), field.label
    if field.said:
        yield _("As an agent says it"), str(field.said).replace("{value}", "…")
    yield _("Part of the data"), area
    yield _("Type"), kind
    if field.unit:
        yield _("Unit"), field.unit
    if field.source == "derived":
        yield _("Computed from"), ", ".join(field_label(key) for key in sorted(parts_of(field)))
    elif names := source_names(field):
        yield _("Source"), ", ".join(names)
    if feeds := sorted(str(feed.label) for feed in feeds_of(field.key)):
        yield _("Held when late"), ", ".join(feeds)
    yield _("As of"), date_format(values.as_of) if values else _("no night has counted it yet")
    yield _("May be used in"), ", ".join(str(one) for one in uses_allowed(field))
    yield _("Key"), field.key


def uses_allowed(field: ProfileField) -> list[object]:
    named = (
        (_("rules"), field.rule), (_("breakdowns"), field.dimension), (_("sums"), field.measure),
        (_("models"), field.model),
    )  # fmt: skip
    return [name for name, is_on in named if is_on] or [_("nothing")]
