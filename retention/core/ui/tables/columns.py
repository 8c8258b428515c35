"""Columns for BaseTable. On the page they format, in an export (`value`) they give the raw value."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import django_tables2 as tables
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from retention.core import clock, masking
from retention.core.ui import components, drawing, formats
from retention.core.ui.references import addresses, reference


def _classed(attrs: dict[str, Any], css: str) -> dict[str, Any]:
    """Column attributes with a class added to head and cells."""
    parts = {part: {**attrs.get(part, {})} for part in ("th", "td")}
    for values in parts.values():
        values["class"] = f"{values.get('class', '')} {css}".strip()
    return {**attrs, **parts}


# Of a cell with a sentence: it wraps, but not to a word a line.
SENTENCE = {"td": {"class": "rp-wrap rp-sentence"}}


class Column(tables.Column):
    """Text. `help_text` is one sentence on what the column means: the heading's title, and a line of a workbook.

    `descending_first` is the direction of the first click on the heading, where the largest or newest is looked for.
    """

    descending_first = False

    def __init__(self, *args: Any, help_text: Any = "", **kwargs: Any) -> None:
        kwargs.setdefault("initial_sort_descending", self.descending_first)
        attrs = kwargs.get("attrs", {})
        if help_text:
            kwargs["attrs"] = {**attrs, "th": {**attrs.get("th", {}), "title": help_text}}
        super().__init__(*args, **kwargs)
        self.help_text = help_text


class NumberColumn(Column):
    """A number, right-aligned; `show` is a name of formats.FORMATS. The largest comes first."""

    show = "count"
    descending_first = True

    def __init__(self, *args: Any, show: str = "", **kwargs: Any) -> None:
        kwargs["attrs"] = _classed(kwargs.get("attrs", {}), "num")
        super().__init__(*args, **kwargs)
        self.show = show or self.show

    def render(self, value: Any) -> str:
        return formats.show(value, self.show)

    def value(self, value: Any) -> Any:
        return value


class PercentColumn(NumberColumn):
    show = "percent"


class MoneyColumn(NumberColumn):
    show = "money"


class GainColumn(MoneyColumn):
    """The expected gain of a contact, in yuan; marked where the contact does not pay: zero or less."""

    def render(self, value: Any) -> SafeString | str:
        text = super().render(value)
        if value is None or value > 0:
            return text
        sign = components.icon("trending-down", gettext("A contact does not pay"))
        return format_html('<span class="rp-bad">{} {}</span>', sign, text)


class DurationColumn(NumberColumn):
    show = "duration"


class BarColumn(Column):
    """A share as a bar with its figure; `tone` may be a name or a function of the record."""

    descending_first = True

    def __init__(
        self,
        *args: Any,
        maximum: float = 1,
        show: str = "percent",
        tone: str | Callable[[Any], str] = "",
        **kwargs: Any,
    ) -> None:
        kwargs["attrs"] = _classed(kwargs.get("attrs", {}), "rp-bar-cell")
        super().__init__(*args, **kwargs)
        self.maximum, self.show, self.tone = maximum, show, tone

    def render(self, value: Any, record: Any) -> SafeString:
        tone = self.tone(record) if callable(self.tone) else self.tone
        bar = drawing.bar(value, self.maximum, tone=tone)
        text = formats.show(value, self.show)
        return format_html('<span class="rp-meter">{}<span class="rp-meter-value">{}</span></span>', bar, text)

    def value(self, value: Any) -> Any:
        return value


class RiskColumn(Column):
    """A risk tier (its code) as its badge; in an export as its label."""

    def render(self, value: str, record: Any, bound_column: Any) -> SafeString:
        return components.risk_badge(bound_column.accessor.resolve(record, quiet=True))

    def value(self, record: Any, bound_column: Any) -> str:
        return str(components.RISK[bound_column.accessor.resolve(record, quiet=True)][1])


class BadgeColumn(Column):
    """A state as a badge: `tones` maps the raw value to (tone, icon name); choices are shown by their label."""

    def __init__(self, *args: Any, tones: Mapping[Any, tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tones = tones or {}

    def render(self, value: Any, record: Any, bound_column: Any) -> SafeString:
        raw = bound_column.accessor.resolve(record, quiet=True)
        tone, icon = self.tones.get(raw, ("neutral", ""))
        return components.badge(value, tone, icon)

    def value(self, value: Any) -> str:
        return str(value)


class SwitchColumn(BadgeColumn):
    """Whether a row is in use, as a badge."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("verbose_name", _("State"))
        tones = {True: ("good", "player-play"), False: ("neutral", "player-pause")}
        super().__init__(*args, tones=tones, **kwargs)

    def render(self, value: bool, record: Any, bound_column: Any) -> SafeString:
        return super().render(self.value(value), record, bound_column)

    def value(self, value: bool) -> str:
        return gettext("On") if value else gettext("Off")


class PhoneColumn(Column):
    """A phone number, masked on the page and in the export alike."""

    def render(self, value: str) -> str:
        return formats.phone(value)

    def value(self, value: str) -> str:
        return masking.mask_phone(value)


# (record, what is counted) -> the address of exactly its rows
FigureAddress = Callable[[Any, str], str]


class FigureColumn(NumberColumn):
    """A figure that opens the rows it counts, at `table.address` (a FigureAddress) of `counted`, else of its name."""

    def __init__(self, *args: Any, counted: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.counted = counted

    def render(self, value: Any, record: Any = None, bound_column: Any = None, table: Any = None) -> SafeString | str:
        shown = formats.show(value, self.show)
        if not value:
            return shown
        return format_html('<a href="{}">{}</a>', table.address(record, self.counted or bound_column.name), shown)


class FigureDurationColumn(FigureColumn):
    show = "duration"


class FigurePercentColumn(FigureColumn):
    show = "percent"


class DayColumn(Column):
    """A date, or a date and time, as the language writes it; the raw value in an export. The newest comes first."""

    descending_first = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["attrs"] = _classed(kwargs.get("attrs", {}), "text-nowrap")
        super().__init__(*args, **kwargs)

    def render(self, value: date | datetime) -> str:
        return formats.moment(value)

    def value(self, value: Any) -> Any:
        return value


class TimeColumn(Column):
    """The time of day of an instant, where the page says of which day; the raw value in an export."""

    descending_first = True

    def render(self, value: datetime) -> str:
        return time_format(timezone.localtime(value))

    def value(self, value: datetime) -> datetime:
        return value


class ReferenceColumn(Column):
    """The number of a row of another app, of a kind of core.ui.references: a link for who may open it.

    Whose page it is: `table.user`, else the request's, of a list or of the page that shows the table. One query a page,
    however many rows.
    """

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        kwargs["attrs"] = _classed(kwargs.get("attrs", {}), "text-nowrap")
        super().__init__(*args, **kwargs)
        self.kind = kind

    def render(self, value: str, table: Any, bound_column: Any) -> SafeString:
        found = vars(table).setdefault("found_references", {})
        if bound_column.name not in found:
            user = getattr(table, "user", None) or (getattr(table, "request", None) or table.context["request"]).user
            shown = [bound_column.accessor.resolve(row.record, quiet=True) for row in table.paginated_rows]
            found[bound_column.name] = addresses(self.kind, user, shown)
        return reference(value, found[bound_column.name].get(value))

    def value(self, value: str) -> str:
        return value


class DueColumn(Column):
    """A date with how far off it is (`22 Nov 2026, in 3 days`), counted from `table.today`, else the clock's day.

    The soonest comes first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["attrs"] = _classed(kwargs.get("attrs", {}), "text-nowrap")
        super().__init__(*args, **kwargs)

    def render(self, value: date | datetime, table: Any) -> SafeString:
        today = getattr(table, "today", None) or clock.today()
        apart = formats.relative_days(value, today)
        return format_html('{} <span class="rp-muted rp-small">{}</span>', formats.moment(value), apart)

    def value(self, value: Any) -> Any:
        return value


class SparkColumn(Column):
    """A list of numbers as a small line; left out of exports."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("orderable", False)
        kwargs.setdefault("exclude_from_export", True)
        kwargs["attrs"] = _classed(kwargs.get("attrs", {}), "rp-bar-cell")
        super().__init__(*args, **kwargs)

    def render(self, value: Any) -> SafeString:
        return drawing.sparkline(value)
