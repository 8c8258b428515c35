"""Outcome counts aggregated for a page: by month, outcome, cohort and line type. Pure, on rows."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from analytics.churn.models import CHURNED, COMPETING, EXCLUDED, OutcomeStatus
from analytics.outcomes.models import OutcomeCount

Counts = dict[str, int]


def by_month(rows: Iterable[OutcomeCount]) -> list[dict[str, Any]]:
    """One dict a month end, newest first: pk, month, lines, labelled, churned, rate, competing, excluded, mature, and
    the lines of every outcome by its name."""
    months: dict[date, Counts] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        months[row.snapshot][row.fate] += row.lines
    return [
        {
            "pk": str(day),
            "month": day,
            "mature": OutcomeStatus.NOT_MATURE not in counts,
            **summed(counts),
            **_total(counts),
        }
        for day, counts in sorted(months.items(), reverse=True)
    ]


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
