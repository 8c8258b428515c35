"""The meanings of churn as the operator has set them."""

from datetime import date, timedelta

from analytics.churn.labels.outcome import Outcome
from analytics.models import Meaning, OutcomeDefinition
from customers.profile.windows import months_before

# What ships, one row a meaning for all line types.
SHIPPED: dict[str, dict] = {
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
        rows.append(OutcomeDefinition(meaning=meaning, **SHIPPED[meaning]))
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
