"""Columns for BaseTable. On the page they format, in an export (`value`) they give the raw value."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from retention.core import clock, masking
from retention.core.ui import components, drawing, formats


def _classed(attrs: dict[str, Any], css: str) -> dict[str, Any]:
    """Column attributes with a class added to head and cells."""
    parts = {part: {**attrs.get(part, {})} for part in ("th", "td")}
    for values in parts.values():
        values["class"] = f"{values.get('class', '')} {css}".strip()
    return {**attrs, **parts}


class NumberColumn(tables.Column):
    """A number, right-aligned; `show` is a name of formats.FORMATS."""

    show = "count"

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


class DurationColumn(NumberColumn):
    show = "duration"


class BarColumn(tables.Column):
    """A share as a bar with its figure; `tone` may be a name or a function of the record."""

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


class RiskColumn(tables.Column):
    """A risk tier as its badge."""

    def render(self, value: str) -> SafeString:
        return components.risk_badge(value)

    def value(self, value: str) -> str:
        return value


class BadgeColumn(tables.Column):
    """A state as a badge: `tones` maps the raw value to (tone, icon name); choices are shown by their label."""

    def __init__(self, *args: Any, tones: dict[str, tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tones = tones or {}

    def render(self, value: Any, record: Any, bound_column: Any) -> SafeString:
        raw = bound_column.accessor.resolve(record, quiet=True)
        tone, icon = self.tones.get(raw, ("neutral", ""))
        return components.badge(value, tone, icon)

    def value(self, value: Any) -> str:
        return str(value)


class SwitchColumn(BadgeColumn):
    """Whether a row is in use, as a badge; a truth value in an export."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("verbose_name", _("State"))
        tones = {True: ("good", "player-play"), False: ("neutral", "player-pause")}
        super().__init__(*args, tones=tones, **kwargs)

    def render(self, value: bool, record: Any, bound_column: Any) -> SafeString:
        return super().render(gettext("On") if value else gettext("Off"), record, bound_column)

    def value(self, value: bool) -> Any:
        return value


class PhoneColumn(tables.Column):
    """A phone number, masked on the page and in the export alike."""

    def render(self, value: str) -> str:
        return formats.phone(value)

    def value(self, value: str) -> str:
        return masking.mask_phone(value)


class DayColumn(tables.Column):
    """A date, or a date and time, as the language writes it; the raw value in an export."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["attrs"] = _classed(kwargs.get("attrs", {}), "text-nowrap")
        super().__init__(*args, **kwargs)

    def render(self, value: date | datetime) -> str:
        return formats.moment(value)

    def value(self, value: Any) -> Any:
        return value


class DueColumn(tables.Column):
    """A date with how far off it is (`22 Nov 2026, in 3 days`), counted from `table.today`, else the clock's day."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["attrs"] = _classed(kwargs.get("attrs", {}), "text-nowrap")
        super().__init__(*args, **kwargs)

    def render(self, value: date | datetime, table: Any) -> SafeString:
        today = getattr(table, "today", None) or clock.today()
        apart = formats.relative_days(value, today)
        return format_html('{} <span class="rp-muted rp-small">{}</span>', formats.moment(value), apart)

    def value(self, value: Any) -> Any:
        return value


class SparkColumn(tables.Column):
    """A list of numbers as a small line; left out of exports."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("orderable", False)
        kwargs.setdefault("exclude_from_export", True)
        kwargs["attrs"] = _classed(kwargs.get("attrs", {}), "rp-bar-cell")
        super().__init__(*args, **kwargs)

    def render(self, value: Any) -> SafeString:
        return drawing.sparkline(value)
