"""Figures on their way: values to keep, and those that a threshold is held to."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from analytics.monitoring.models import WatchValue

DECIMALS = 6
# {(measure, subject): value}
Values: TypeAlias = dict[tuple[str, str], float]


@dataclass(frozen=True)
class Figure:
    """A figure for the threshold of `kind`. rows: lines or leavers behind it; detail: JSON for the alarm's words."""

    kind: str
    subject: str
    value: float
    rows: int
    detail: dict


def store_values(values: Values, *, as_of: date, version: str) -> int:
    """Write the values of a date, in place of those that stand. Returns how many."""
    rows = [
        WatchValue(as_of=as_of, version=version, measure=measure, subject=subject, value=round(value, DECIMALS))
        for (measure, subject), value in values.items()
    ]
    WatchValue.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["measure", "as_of", "subject", "version"],
        update_fields=["value"],
    )
    return len(rows)
