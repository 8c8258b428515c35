"""Credit in words: what was measured behind the points of a factor, and the bands of the card."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.credit.rules import FACTORS, CreditLevel, Factor
from retention.core.ui import formats

LEVEL_TONES = {
    CreditLevel.EXCELLENT: ("good", "circle-check"),
    CreditLevel.GOOD: ("good", "check"),
    CreditLevel.FAIR: ("warning", "alert-triangle"),
    CreditLevel.POOR: ("bad", "alert-circle"),
    CreditLevel.UNRATED: ("neutral", "minus"),
}
Measured = Mapping[str, Any]


def level_badge(level: str) -> tuple[str, str, str]:
    """(text, tone, icon) of a level."""
    found = CreditLevel(level)
    return str(found.label), *LEVEL_TONES[found]


def format_measured(key: str, measured: Measured) -> str:
    """What the points of a factor stand on: `3 of 12 bills (25%)`, `62 days`, `¥120, 2 months of usual spend`."""
    return _MEASURED[key](measured)


def format_bands(factor: Factor) -> Iterator[tuple[str, int]]:
    """(the values of a band, its points), in the order of the card; last what an unknown value gives, if anything."""
    below: Decimal | None = None
    for band in factor.bands:
        if band.up_to is not None:
            value = _value(factor, band.up_to)
            yield (value if not band.up_to else _("up to %(value)s") % {"value": value}), band.points
        elif below is not None:
            yield _("over %(value)s") % {"value": _value(factor, below)}, band.points
        below = band.up_to
    if factor.unknown:
        yield _("not known"), factor.unknown


def format_moves(points: Mapping[str, int], before: Mapping[str, int]) -> str:
    """The factors whose points differ, with the difference: `Stops for arrears, twelve months −7`."""
    return ", ".join(
        f"{factor.label} {formats.signed(points.get(key, 0) - before.get(key, 0))}"
        for key, factor in FACTORS.items()
        if points.get(key, 0) != before.get(key, 0)
    )


def _late(measured: Measured) -> str:
    words = ngettext("%(late)s of %(bills)s bill", "%(late)s of %(bills)s bills", measured["bills"])
    counts = words % {"late": formats.number(measured["late"]), "bills": formats.number(measured["bills"])}
    return f"{counts} ({_share(measured['late_share'])})"


def _owed(measured: Measured) -> str:
    if "owed" not in measured:
        return _("not known")
    if not measured["owed"]:
        return _("nothing owed")
    owed, months = formats.money(measured["owed"]), _number(measured["owed_months"])
    if not measured.get("monthly"):
        return _("%(owed)s; usually nothing is spent") % {"owed": owed}
    return _("%(owed)s, %(months)s months of %(usual)s") % {
        "owed": owed, "months": months, "usual": formats.money(measured["monthly"]),
    }  # fmt: skip


def _complaints(measured: Measured) -> str:
    count = formats.number(measured["complaints_all"])
    if measured["complaints"] == measured["complaints_all"]:
        return count
    return _("%(count)s on %(lines)s lines: %(rate)s for every ten") % {
        "count": count, "lines": formats.number(measured["lines"]), "rate": _number(measured["complaints"]),
    }  # fmt: skip


def _days(days: float) -> str:
    return ngettext("%(days)d day", "%(days)d days", int(days)) % {"days": days}


def _months(months: float) -> str:
    return ngettext("%(months)s month", "%(months)s months", 1 if months == 1 else 2) % {"months": _number(months)}


def _number(value: Any) -> str:
    text = formats.number(value, 2)
    return text.rstrip("0").rstrip(".")


def _share(share: float | Decimal) -> str:
    return f"{_number(round(share * 100, 1))}%"


_MEASURED: Mapping[str, Callable[[Measured], str]] = {
    "late_share": _late,
    "topup_gap": lambda measured: _days(measured["topup_gap"]),
    "owed_months": _owed,
    "stops": lambda measured: formats.number(measured["stops"]),
    "complaints": _complaints,
    "tenure_months": lambda measured: _months(measured["tenure_months"]),
}
_VALUES: Mapping[str, Callable[[Any], str]] = {
    "late_share": _share, "topup_gap": _days, "owed_months": _months, "tenure_months": _months,
}  # fmt: skip


def _value(factor: Factor, value: Decimal) -> str:
    return _VALUES.get(factor.key, _number)(value)
