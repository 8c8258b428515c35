"""The points card of credit: which facts of an account give how many points. Pure; the only place of its numbers.

A card holds a factor of payment, which depends on how the account pays, and four that all accounts have. The best
points of a card add up to MOST_POINTS, so the score is the plain sum of the points.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.facts.models import Account


class CreditLevel(models.TextChoices):
    EXCELLENT = "excellent", pgettext_lazy("credit", "Excellent")
    GOOD = "good", pgettext_lazy("credit", "Good")
    FAIR = "fair", pgettext_lazy("credit", "Fair")
    POOR = "poor", pgettext_lazy("credit", "Poor")
    UNRATED = "unrated", pgettext_lazy("credit", "Not rated")


class Unrated(models.TextChoices):
    """Why an account has no score. The first that applies."""

    OPTED_OUT = "opted_out", _("The customer has opted out of profiling.")
    NEW = "new", _("Not enough history: in use for less than 90 days.")
    FEW_BILLS = "few_bills", _("Not enough history: fewer than three bills whose due date is known and past.")
    NO_TOPUPS = "no_topups", _("Not enough history: no top-ups have arrived yet.")
    CLOSED = "closed", _("The account is closed: none of its lines is in use.")


MOST_POINTS = 100
# From which score a level begins, best first. The last begins at 0.
LEVEL_FLOORS = {CreditLevel.EXCELLENT: 85, CreditLevel.GOOD: 70, CreditLevel.FAIR: 50, CreditLevel.POOR: 0}

# A bill paid so many days after its due date is in time: a transfer takes that long.
GRACE_DAYS = 3
BILL_MONTHS, TOPUP_DAYS, EVENT_DAYS = 12, 180, 365
LEAST_AGE_DAYS, LEAST_BILLS = 90, 3
# The newest balance of a prepaid account tells what it owes, if it is not older.
BALANCE_DAYS = 45
# Where nothing is usually spent, every debt is as large as can be.
MOST_MONTHS = 99
# Complaints are counted for each so many lines begun, so that a large account may complain more often.
LINES_A_COMPLAINT = 10
# A reason of a stop that counts against the account. Who lost the phone has it stopped as well.
STOPPED_FOR = ("arrears", "")


@dataclass(frozen=True)
class Band:
    """Values up to `up_to`, that one included, and above the band before; None: all that are left."""

    up_to: Decimal | None
    points: int


@dataclass(frozen=True)
class Factor:
    """bands: in rising order, the last one open, so every value has one. unknown: the points where there is no value.

    decimals: of the value, which is rounded before it is judged, so that what is shown is what was judged.
    """

    key: str
    label: object
    decimals: int
    bands: tuple[Band, ...]
    unknown: int = 0

    @property
    def most(self) -> int:
        return max(band.points for band in self.bands)

    def points(self, value: Decimal | None) -> int:
        if value is None:
            return self.unknown
        return next(band.points for band in self.bands if band.up_to is None or value <= band.up_to)


def _bands(*pairs: tuple[str | None, int]) -> tuple[Band, ...]:
    return tuple(Band(None if up_to is None else Decimal(up_to), points) for up_to, points in pairs)


LATE_SHARE = Factor(
    "late_share", _("Bills paid late, twelve months"), 3,
    _bands(("0", 40), ("0.1", 32), ("0.25", 20), ("0.5", 8), (None, 0)),
)  # fmt: skip
TOPUP_GAP = Factor(
    "topup_gap", _("Longest time without a top-up, 180 days"), 0,
    _bands(("62", 40), ("93", 32), ("124", 20), ("155", 8), (None, 0)),
)  # fmt: skip
# One month is a bill or two of unequal size, so the borders lie between months. Unknown only for prepaid accounts whose
# balance is not sent.
OWED_MONTHS = Factor(
    "owed_months", _("Owed now, in months of usual spend"), 2,
    _bands(("0", 25), ("0.5", 15), ("1.5", 8), ("2.5", 3), (None, 0)), unknown=15,
)  # fmt: skip
STOPS = Factor("stops", _("Stops for arrears, twelve months"), 0, _bands(("0", 15), ("1", 8), ("2", 3), (None, 0)))
COMPLAINTS = Factor(
    "complaints", _("Complaints, twelve months"), 2, _bands(("0", 8), ("1", 5), ("2", 2), (None, 0))
)  # fmt: skip
TENURE = Factor(
    "tenure_months", _("Months with us"), 0,
    _bands(("5", 1), ("11", 3), ("23", 5), ("35", 8), ("59", 10), (None, 12)),
)  # fmt: skip

CARDS: Mapping[str, tuple[Factor, ...]] = {
    Account.PayMode.POSTPAID.value: (LATE_SHARE, OWED_MONTHS, STOPS, COMPLAINTS, TENURE),
    Account.PayMode.PREPAID.value: (TOPUP_GAP, OWED_MONTHS, STOPS, COMPLAINTS, TENURE),
}
FACTORS: Mapping[str, Factor] = {factor.key: factor for card in CARDS.values() for factor in card}


def level_of(score: int) -> CreditLevel:
    return next(level for level, floor in LEVEL_FLOORS.items() if score >= floor)


def level_bounds() -> Iterator[tuple[CreditLevel, int, int]]:
    """(level, lowest score, highest score), best first."""
    highest = MOST_POINTS
    for level, floor in LEVEL_FLOORS.items():
        yield level, floor, highest
        highest = floor - 1
