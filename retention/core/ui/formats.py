"""Numbers, money, times and phones as people read them; every filter shows a dash for None.

`{% load ui %}`; the same functions serve exports and messages, so they take and give plain values.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeGuard

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from retention.core import clock, masking

register = template.Library()

DASH = "–"
MINUS = "\N{MINUS SIGN}"
Number = int | float | Decimal
# Chinese counts in ten thousands and hundred millions, English in thousands.
ZH_STEPS = ((100_000_000, "亿"), (10_000, "万"))
EN_STEPS = ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "K"))


def _is_number(value: object) -> TypeGuard[Number]:
    return isinstance(value, (int, float, Decimal)) and value == value  # NaN is not equal to itself


@register.filter
def number(value: Number | None, decimals: int = 0) -> str:
    """`1234.5|number:1` -> `1,234.5`."""
    if not _is_number(value):
        return DASH
    # Not number_format(): Django groups Chinese numbers by four digits, our readers by three.
    text = f"{abs(value):,.{decimals}f}"
    is_zero = not any(digit in "123456789" for digit in text)
    return f"{MINUS}{text}" if value < 0 and not is_zero else text


@register.filter
def signed(value: Number | None, decimals: int = 0) -> str:
    """`12|signed` -> `+12`."""
    if not _is_number(value):
        return DASH
    text = number(value, decimals)
    return f"+{text}" if value > 0 else text


@register.filter
def compact(value: Number | None, decimals: int = 1) -> str:
    """`123456|compact` -> `123.5K`, in Chinese `12.3万`; below ten thousand nothing is shortened."""
    if not _is_number(value):
        return DASH
    size = abs(float(value))
    if size < 10_000:
        return number(value, 0 if size.is_integer() else decimals)
    steps = ZH_STEPS if (get_language() or "").startswith("zh") else EN_STEPS
    step, unit = next((step, unit) for step, unit in steps if size >= step)
    return f"{number(value / step, decimals)}{unit}"


@register.filter
def percent(value: Number | None, decimals: int = 1) -> str:
    """A share of one: `0.1234|percent` -> `12.3%`."""
    return f"{number(value * 100, decimals)}%" if _is_number(value) else DASH


@register.filter
def points(value: Number | None, decimals: int = 1) -> str:
    """A difference of two shares: `0.012|points` -> `+1.2 pp`."""
    if not _is_number(value):
        return DASH
    return gettext("%(value)s pp") % {"value": signed(value * 100, decimals)}


@register.filter
def money(value: Number | None, decimals: int = 2) -> str:
    """Yuan: `1234.5|money` -> `¥1,234.50`."""
    if not _is_number(value):
        return DASH
    text = number(value, decimals)
    return f"{MINUS}¥{text[1:]}" if text.startswith(MINUS) else f"¥{text}"


@register.filter
def money_compact(value: Number | None, decimals: int = 1) -> str:
    """Yuan on a figure card: `¥1.2M`, in Chinese `¥123.5万`."""
    if not _is_number(value):
        return DASH
    text = compact(value, decimals)
    return f"{MINUS}¥{text[1:]}" if text.startswith(MINUS) else f"¥{text}"


@register.filter
def duration(seconds: Number | None) -> str:
    """`3725|duration` -> `1 h 2 min`."""
    if not _is_number(seconds):
        return DASH
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return gettext("%(days)d d %(hours)d h") % {"days": days, "hours": hours}
    if hours:
        return gettext("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
    if minutes:
        return gettext("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest}
    return gettext("%(seconds)d s") % {"seconds": rest}


@register.filter
def stopwatch(seconds: Number | None) -> str:
    """`200|stopwatch` -> `03:20`."""
    if not _is_number(seconds):
        return DASH
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes:02d}:{rest:02d}"


@register.filter
def phone(value: str | None) -> str:
    """A phone number is only ever shown masked: `138****1234`."""
    return masking.mask_phone(value) if value else DASH


@register.filter
def relative_days(day: date | datetime | None, today: date | None = None) -> str:
    """`today`, `in 3 days`, `5 days ago`; pass the business date where the page has one."""
    if day is None:
        return DASH
    if isinstance(day, datetime):
        day = timezone.localtime(day).date() if timezone.is_aware(day) else day.date()
    apart = (day - (today or clock.today())).days
    if apart == 0:
        return gettext("today")
    if apart == 1:
        return gettext("tomorrow")
    if apart == -1:
        return gettext("yesterday")
    if apart > 0:
        return ngettext("in %(days)d day", "in %(days)d days", apart) % {"days": apart}
    return ngettext("%(days)d day ago", "%(days)d days ago", -apart) % {"days": -apart}


@register.filter
def moment(value: date | datetime | None) -> str:
    """A date, or a date with its time where it has one: `22 Nov 2026`, `2026-11-22 09:30`."""
    if value is None:
        return DASH
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value) if timezone.is_aware(value) else value, "SHORT_DATETIME_FORMAT")
    return date_format(value, "DATE_FORMAT")


def labelled(label: object, value: object) -> str:
    """`Price: 3`, with the colon of the reader's language."""
    return gettext("%(label)s: %(value)s") % {"label": label, "value": value}


@register.filter
def or_dash(value: object) -> object:
    """Anything, or a dash where there is nothing to show."""
    return DASH if value is None or value == "" else value


FORMATS: dict[str, Callable[[Any], object]] = {
    "count": number,
    "compact": compact,
    "tenths": lambda value: number(value, 1),
    "decimal": lambda value: number(value, 2),
    "thousandths": lambda value: number(value, 3),
    "probability": lambda value: number(value, 4),
    "fine": lambda value: number(value, 5),
    "percent": percent,
    "percent_fine": lambda value: percent(value, 2),
    "points": points,
    "money": money,
    "money_compact": money_compact,
    "duration": duration,
    "text": or_dash,
}


def show(value: object, kind: str = "count") -> str:
    """One value by the name of its format (a key of FORMATS); KeyError for an unknown name."""
    return str(FORMATS[kind](value))
