"""Outcome counts aggregated for a page: by month, outcome, cohort and line type. Pure, on rows."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from analytics.churn.models import CHURNED, COMPETING, EXCLUDED, OutcomeStatus
from analytics.outcomes.models import OutcomeCount
from retention.core.ui.periods import all_month_ends

Counts = dict[str, int]
FIGURES = ("lines", "labelled", "churned", "rate", "competing", "excluded")
MISSING: dict[str, Any] = {"mature": False, "missing": True, **dict.fromkeys([*FIGURES, *map(str, OutcomeStatus)])}


def by_month(rows: Iterable[OutcomeCount]) -> list[dict[str, Any]]:
    """One dict a month end, newest first: pk, month, lines, labelled, churned, rate, competing, excluded, mature, and
    the lines of every outcome by its name. A month end in between that has no snapshot is `missing`, with blanks."""
    months: dict[date, Counts] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        months[row.snapshot][row.fate] += row.lines
    return [
        {"pk": str(day), "month": day, **(_counted(months[day]) if day in months else MISSING)}
        for day in sorted({*months, *all_month_ends(months)}, reverse=True)
    ]


def _counted(counts: Counts) -> dict[str, Any]:
    mature = OutcomeStatus.NOT_MATURE not in counts
    return {"mature": mature, "missing": False, **summed(counts), **_total(counts)}


def summed(counts: Counts) -> dict[str, Any]:
    churned = sum(counts.get(fate, 0) for fate in CHURNED)
    labelled = churned + counts.get(OutcomeStatus.STAYS, 0)
    return {
        "lines": sum(counts.values()),
        "labelled": labelled,
        "churned": churned,
        "rate": churned / labelled if labelled else None,
        "competing": sum(counts.get(fate, 0) for fate in COMPETING),
        "excluded": sum(counts.get(fate, 0) for fate in EXCLUDED),
    }


def _total(counts: Counts) -> Counts:
    return {str(fate): counts.get(fate, 0) for fate in OutcomeStatus}


def groups_of(rows: Iterable[OutcomeCount], attribute: str) -> dict[str, dict[str, Any]]:
    """{value of an attribute (cohort, line_type): summed counts}, without empty groups."""
    found: dict[str, Counts] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        found[getattr(row, attribute)][row.fate] += row.lines
    return {key: figures for key, counts in found.items() if (figures := summed(counts))["lines"]}
