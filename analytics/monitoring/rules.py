"""Drift of a night from the reference, and the part of it due to the calendar. Pure.

The reference is of one day, mostly a month end. Through the month some facts move by nature: days since the last
payment, a first whole month of use that new lines do not have yet. A figure therefore is drift *beyond the calendar*
only if it also differs from comparable days of the calendar. Three rules select them:

- At the reference's own place of the month nothing is excused.
- What stood within bounds when that place was last passed, and is now what it was a month ago, moves with the month.
- Where no month has been watched yet, features known to follow the calendar (CALENDAR) are compared with the night
  before: a break shows in one night, the month does not.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from typing import Any

from analytics.churn.learners.stability import SMOOTHING, noise, psi
from customers.profile.queries.windows import is_month_end

# Features that follow billing and calendar months, whatever the operator.
CALENDAR = frozenset(
    {
        "arrears", "bills_unpaid", "contacts_change", "contacts_recent", "days_late", "days_since_payment",
        "payments_90d",
    }
)  # fmt: skip
SCORE = ""
# This part of the rows is added to each bin where features of the calendar are compared, and whatever is held against
# another night: a sharp edge that moves into the next bin with the day, or with a month of 30 and not 31 days, would
# weigh as much as a break.
COARSE = 0.01


@dataclass(frozen=True)
class Distance:
    """Two sketches of one feature compared. psi: as stability.psi over all bins. moved: what the values that are there
    moved by, chance taken off, weighted by how many are there. blank, blank_before: shares of the rows."""

    psi: float
    moved: float
    blank: float
    blank_before: float

    @property
    def rise(self) -> float:
        return self.blank - self.blank_before


class Verdict(Enum):
    """What a feature's distance from the reference means, against the threshold of its alarm."""

    USUAL = "usual"
    CALENDAR = "calendar"
    UNJUDGED = "unjudged"
    BEYOND = "beyond"


def verdict(*, psi: float, beyond: float | None, limit: float) -> Verdict:
    """psi, beyond: as in Drift; limit: the value at which the alarm opens."""
    if psi < limit and (beyond is None or beyond < limit):
        return Verdict.USUAL
    if beyond is None:
        return Verdict.UNJUDGED
    return Verdict.BEYOND if beyond >= limit else Verdict.CALENDAR


@dataclass(frozen=True)
class Past:
    """Earlier nights of one version. month_ago, night_before: counts of a feature, where there is
    such a night and the feature was not in alarm; in_bounds: features that were when the reference's place of the month
    was last passed."""

    month_ago: dict[str, list[int]] = field(default_factory=dict)
    night_before: dict[str, list[int]] = field(default_factory=dict)
    in_bounds: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Drift:
    """of_reference: as it is; beyond, rise: what the calendar does not explain, None where that is not known yet."""

    of_reference: Distance
    beyond: float | None
    rise: float | None


def drifts(reference: dict[str, Any], sketch: dict[str, Any], *, at_place: bool, past: Past) -> dict[str, Drift]:
    """{feature: drift}, the score under SCORE. at_place: tonight is at the reference's place of the month."""
    bins = reference["features"] | {SCORE: reference["score"]}
    counts = sketch["features"] | {SCORE: sketch["score"]}
    found = {}
    for name, counted in counts.items():
        held = [share * reference["rows"] for share in bins[name]["shares"]]
        plain = compare(held, counted)
        alike = _alike(name, at_place, past)
        if alike is None:
            found[name] = Drift(plain, None, None)
        else:
            coarse = COARSE * sum(counted)
            own = compare(held, counted, coarse) if name in CALENDAR else plain
            others = [compare(one, counted, coarse) for one in alike]
            beyond = min([own.moved, *(one.moved for one in others)])
            found[name] = Drift(plain, beyond, min([plain.rise, *(one.rise for one in others)]))
    return found


def _alike(name: str, at_place: bool, past: Past) -> list[list[int]] | None:
    """The counts that may excuse a feature, [] for none; None: not to be judged tonight."""
    if at_place:
        return []
    if name in past.month_ago and (name in CALENDAR or name in past.in_bounds):
        return [past.month_ago[name]]
    if name not in CALENDAR:
        return []
    return [past.night_before[name]] if name in past.night_before else None


def compare(before: list[float] | list[int], now: list[int], smoothing: float = SMOOTHING) -> Distance:
    """Two counts (the first may be shares times rows) in the same bins, the last of which is for blanks."""
    rows_before, rows = sum(before), sum(now)
    filled_before, filled = rows_before - before[-1], rows - now[-1]
    whole = psi(before, rows_before, now, smoothing) if rows_before else 0.0
    moved = 0.0
    if filled_before > 0 and filled > 0:
        shares = [one / filled_before for one in before[:-1]]
        chance = noise(len(shares), filled_before, filled)
        moved = max(0.0, psi(shares, filled_before, now[:-1], smoothing) - chance) * min(
            filled_before / rows_before, filled / rows
        )
    blank = now[-1] / rows if rows else 0.0
    return Distance(whole, moved, blank, before[-1] / rows_before if rows_before else 0.0)


def same_place(day: date, other: date) -> bool:
    """Whether both are at the same place of their months; the last days are one place, however long the months."""
    if is_month_end(day) or is_month_end(other):
        return is_month_end(day) and is_month_end(other)
    return day.day == other.day


def month_before(day: date) -> date:
    """The same place of the month before: the same day, of a month's last day the last one."""
    last = day.replace(day=1) - timedelta(days=1)
    return last if is_month_end(day) else last.replace(day=min(day.day, last.day))
