"""Counting the outcomes of every month end once they are known. Each meaning and line type is counted once."""

import json
from dataclasses import asdict, replace
from datetime import date

from django.db import connection, transaction
from django.db.models import QuerySet

from analytics.churn.models import Meaning, OutcomeStatus
from analytics.churn.queries.definitions import Outcome, outcomes_of
from analytics.churn.queries.label_sql import OUTCOMES_TABLE, find_outcomes
from analytics.outcomes.models import OutcomeCount
from analytics.outcomes.services.definitions import install_definitions
from customers.facts.models import LineType
from customers.fields.choices import TenureCohort
from customers.profile.models import ProfileSnapshot
from customers.profile.queries.snapshots import snapshot_dates

COUNTS, SNAPSHOTS = OutcomeCount._meta.db_table, ProfileSnapshot._meta.db_table
COLUMNS = "snapshot, meaning, line_type, cohort, fate, lines, definition"


def record_outcomes(*, as_of: date) -> int:
    """Count the month ends whose outcome is mature by `as_of`, and the lines of immature ones. Gives the rows written.

    Nothing is counted twice; a killed run continues with the missing counts.
    """
    install_definitions()
    settled, waiting = _counted()
    rows = 0
    for snapshot in snapshot_dates(as_of):
        for meaning in Meaning.values:
            for outcome in outcomes_of(meaning):
                types = [one for one in _types(outcome) if (snapshot, meaning, one) not in settled]
                outcome = replace(outcome, line_types=tuple(types), other_than=())
                if types and outcome.matures_on(snapshot) <= as_of:
                    rows += _count(snapshot, outcome)
                elif any((snapshot, meaning, one) not in waiting for one in types):
                    rows += _mark_pending(snapshot, outcome)
    return rows


def _types(outcome: Outcome) -> list[str]:
    return list(outcome.line_types) or [one for one in LineType.values if one not in outcome.other_than]


def _counted() -> tuple[set[tuple], set[tuple]]:
    """(snapshot, meaning, line type) with final counts, and those with preliminary ones."""
    found: tuple[set[tuple], set[tuple]] = (set(), set())
    keys = OutcomeCount.objects.values_list("snapshot", "meaning", "line_type")
    found[0].update(keys.exclude(fate=OutcomeStatus.NOT_MATURE).distinct())
    found[1].update(keys.filter(fate=OutcomeStatus.NOT_MATURE).distinct())
    return found


@transaction.atomic
def _count(snapshot: date, outcome: Outcome) -> int:
    """Replace preliminary counts by final ones."""
    find_outcomes(snapshot=snapshot, outcomes=[outcome])
    _here(snapshot, outcome).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {COUNTS} ({COLUMNS}) SELECT %(snapshot)s, %(meaning)s, line_type, cohort, fate, count(*),"
            f" %(definition)s::jsonb FROM {OUTCOMES_TABLE} GROUP BY line_type, cohort, fate",
            _params(snapshot, outcome),
        )
        rows = cursor.rowcount
    return rows + _mark_empty(snapshot, outcome, OutcomeStatus.STAYS)


@transaction.atomic
def _mark_pending(snapshot: date, outcome: Outcome) -> int:
    _here(snapshot, outcome).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {COUNTS} ({COLUMNS}) SELECT %(snapshot)s, %(meaning)s, line_type, tenure_cohort,"
            f" '{OutcomeStatus.NOT_MATURE}', count(*), %(definition)s::jsonb FROM {SNAPSHOTS}"
            " WHERE as_of = %(snapshot)s AND line_type = ANY(%(types)s) GROUP BY line_type, tenure_cohort",
            _params(snapshot, outcome),
        )
        rows = cursor.rowcount
    return rows + _mark_empty(snapshot, outcome, OutcomeStatus.NOT_MATURE)


def _here(snapshot: date, outcome: Outcome) -> QuerySet[OutcomeCount]:
    return OutcomeCount.objects.filter(snapshot=snapshot, meaning=outcome.meaning, line_type__in=outcome.line_types)


def _mark_empty(snapshot: date, outcome: Outcome, fate: OutcomeStatus) -> int:
    """A row of zero for types without a line, so that they are not counted again every night."""
    there = set(_here(snapshot, outcome).values_list("line_type", flat=True))
    rows = [
        OutcomeCount(
            snapshot=snapshot, meaning=outcome.meaning, line_type=one, cohort=TenureCohort.OVER_12, fate=fate, lines=0,
            definition=_definition(outcome),
        )
        for one in outcome.line_types
        if one not in there
    ]  # fmt: skip
    OutcomeCount.objects.bulk_create(rows)
    return len(rows)


def _params(snapshot: date, outcome: Outcome) -> dict:
    return {
        "snapshot": snapshot,
        "meaning": outcome.meaning,
        "types": list(outcome.line_types),
        "definition": json.dumps(_definition(outcome)),
    }


def _definition(outcome: Outcome) -> dict:
    """The definition as stored with the counts."""
    kept = asdict(outcome)
    return {name: kept[name] for name in ("gap", "horizon", "observation", "bills", "fall_share", "edges", "brands")}
