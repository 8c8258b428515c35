"""The definitions of churn that the operator has set, with the dates and numbers of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from analytics.churn.models import Meaning, OutcomeDefinition
from customers.profile.queries.windows import BILL_LAG, months_before

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Outcome:
    """Periods around a snapshot that define an outcome. Days, months; edges in yuan, ascending; brands highest first.

    A call list needs the gap: a call comes too late for a line that leaves tomorrow. observation 0: every line present
    is labelled, with or without history; otherwise lines whose label would be wrong are left out.
    line_types, other_than: the types it is for, or all but those it is not for.
    """

    gap: int = 7
    horizon: int = 30
    observation: int = 0
    meaning: str = Meaning.LEAVES
    bills: int = 2
    fall_share: float = 0.2
    edges: tuple[float, ...] = ()
    brands: tuple[str, ...] = ()
    line_types: tuple[str, ...] = ()
    other_than: tuple[str, ...] = ()

    def known_until(self, snapshot: date) -> date:
        """The last day of the gap."""
        return snapshot + timedelta(days=self.gap)

    def ends_on(self, snapshot: date) -> date:
        """The last day of the outcome window."""
        if self.meaning == Meaning.SPENDS_LESS:
            return months_before(self.first_bill(snapshot), -self.bills) - ONE_DAY
        return snapshot + timedelta(days=self.gap + self.horizon)

    def matures_on(self, snapshot: date) -> date:
        """The first day on which all that the label needs can have arrived."""
        ends_on = self.ends_on(snapshot)
        return ends_on + BILL_LAG if self.meaning == Meaning.SPENDS_LESS else ends_on

    def first_bill(self, snapshot: date) -> date:
        """The first whole month after the gap."""
        begins = self.known_until(snapshot) + ONE_DAY
        return begins if begins.day == 1 else months_before(begins.replace(day=1), -1)

    def silent_month(self, snapshot: date) -> date:
        """The last whole month of the outcome window; the month after the snapshot when it holds none."""
        following = (snapshot + ONE_DAY).replace(day=1)
        last = months_before((self.ends_on(snapshot) + ONE_DAY).replace(day=1), 1)
        return max(last, following)

    def first_observed(self, snapshot: date) -> date:
        """The first month of the observation window, which ends with the month of the snapshot."""
        return months_before(snapshot.replace(day=1), max(self.observation - 1, 0))


LEAVING = Outcome()


# Rows that ship: one per meaning, for all line types.
DEFAULT_DEFINITIONS: dict[str, dict] = {
    Meaning.LEAVES: {"observation_months": 3, "gap_days": 7, "horizon_days": 30},
    Meaning.FALLS: {"observation_months": 3, "gap_days": 7, "horizon_days": 60},
    Meaning.SPENDS_LESS: {
        "observation_months": 3, "gap_days": 0, "outcome_months": 2, "fall_share": 0.2,
        "edges": [20, 40, 60, 100, 150, 200],
    },
}  # fmt: skip


def outcomes_of(meaning: str) -> list[Outcome]:
    """The outcomes that together cover every line type; what ships where nothing is set."""
    rows = list(OutcomeDefinition.objects.filter(meaning=meaning))
    if not any(not row.line_type for row in rows):
        rows.append(OutcomeDefinition(meaning=meaning, **DEFAULT_DEFINITIONS[meaning]))
    own = tuple(sorted(row.line_type for row in rows if row.line_type))
    return [as_outcome(row, other_than=own) for row in rows]


def as_outcome(row: OutcomeDefinition, *, other_than: tuple[str, ...] = ()) -> Outcome:
    """other_than: the line types with rows of their own, for the row of all others."""
    return Outcome(
        gap=row.gap_days,
        horizon=row.horizon_days,
        observation=row.observation_months,
        meaning=row.meaning,
        bills=row.outcome_months,
        fall_share=row.fall_share,
        edges=tuple(float(edge) for edge in row.edges),
        brands=tuple(row.brands),
        line_types=(row.line_type,) if row.line_type else (),
        other_than=() if row.line_type else other_than,
    )


def windows_overlap(earlier: date, later: date, outcomes: Sequence[Outcome]) -> bool:
    """Whether the outcome windows of two snapshots share a day: a departure on it is the answer to both."""
    return any(one.ends_on(earlier) > one.known_until(later) for one in outcomes)


def month_ends(as_of: date, count: int, outcome: Outcome | None = None, *, meaning: str = Meaning.LEAVES) -> list[date]:
    """The latest `count` month ends whose outcome is known by `as_of` for every line type, oldest first."""
    outcomes = [outcome] if outcome else outcomes_of(meaning)
    ends: list[date] = []
    month = as_of.replace(day=1)
    while len(ends) < count:
        end = month - timedelta(days=1)
        if all(one.matures_on(end) <= as_of for one in outcomes):
            ends.append(end)
        month = months_before(month, 1)
    return ends[::-1]
