"""The monthly measure: what has become of every member, and what it brought, at each month end since the freezing.

A month end is measured on its night and again, for good, once the bills of the month are there; one on which no night
ran is made up from the lines as they stood then. Running a night again changes nothing.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from campaigns.cohorts.models import CohortCount, CohortMonth
from campaigns.cohorts.states import KEPT_STATES, STATE_SQL
from customers.cohorts.models import Cohort, CohortHandover, CohortMember
from customers.facts.models import Account, Bill, Subscriber
from customers.fields.spend import topups_cte
from customers.profile.queries.point_in_time import as_it_stood
from customers.profile.queries.snapshots import month_ends
from customers.profile.queries.windows import HALF_YEAR, months_before, profile_windows
from customers.profile.services.build import tune_transaction
from retention.core import clock
from retention.core.db import partitioned_tables

MONTHS, COUNTS, MEMBERS = (model._meta.db_table for model in (CohortMonth, CohortCount, CohortMember))
LINES, ACCOUNTS = Subscriber._meta.db_table, Account._meta.db_table
_MEASURE = f"""
{{shadows}}
INSERT INTO {MONTHS} (member_id, cohort_id, month, state, owner_id)
SELECT m.id, m.cohort_id, %(as_of)s, {STATE_SQL}, h.owner_id
FROM {MEMBERS} m
JOIN {LINES} s ON s.id = m.subscriber_id
JOIN {ACCOUNTS} a ON a.id = s.account_id
LEFT JOIN (
    SELECT DISTINCT n.id FROM {MEMBERS} n
    JOIN {LINES} t ON t.phone_number = n.phone_number AND t.id <> n.subscriber_id
    JOIN {ACCOUNTS} ta ON ta.id = t.account_id AND ta.customer_id <> n.customer_id
    WHERE n.cohort_id = %(cohort)s AND n.phone_number <> '' AND t.activated_on > %(frozen_on)s
      AND t.activated_on <= %(as_of)s AND (t.terminated_on IS NULL OR t.terminated_on > %(as_of)s)
) reused ON reused.id = m.id
LEFT JOIN (
    SELECT DISTINCT ON (o.member_id) o.member_id, o.owner_id
    FROM {CohortHandover._meta.db_table} o JOIN {MEMBERS} n ON n.id = o.member_id AND n.cohort_id = %(cohort)s
    WHERE o.at < %(midnight)s ORDER BY o.member_id, o.at DESC, o.id DESC
) h ON h.member_id = m.id
WHERE m.cohort_id = %(cohort)s
"""
_OF_KEPT = f"""s.id IN (
    SELECT n.subscriber_id FROM {MEMBERS} n JOIN {MONTHS} d ON d.member_id = n.id AND d.month = %(as_of)s
    WHERE n.cohort_id = %(cohort)s AND d.state = ANY(%(kept)s))"""
_REVENUE = f"""
WITH {topups_cte(_OF_KEPT)}
UPDATE {MONTHS} d
SET revenue = CASE WHEN d.state = ANY(%(kept)s) THEN greatest(coalesce(b.total, t.total, 0), 0) ELSE 0 END
FROM {MEMBERS} m
LEFT JOIN {Bill._meta.db_table} b ON b.subscriber_id = m.subscriber_id AND b.month = %(bill_month)s
LEFT JOIN topups t ON t.subscriber_id = m.subscriber_id
WHERE d.member_id = m.id AND d.month = %(as_of)s AND m.cohort_id = %(cohort)s
"""
_COUNT = f"""
INSERT INTO {COUNTS} (cohort_id, month, branch_id, owner_id, state, members, base_revenue, revenue)
SELECT d.cohort_id, d.month, m.branch_id, d.owner_id, d.state, count(*), sum(m.base_revenue), sum(d.revenue)
FROM {MONTHS} d JOIN {MEMBERS} m ON m.id = d.member_id
WHERE d.cohort_id = %(cohort)s AND d.month = %(as_of)s
GROUP BY d.cohort_id, d.month, m.branch_id, d.owner_id, d.state
"""


@dataclass(frozen=True)
class CohortsReport:
    """rows: members measured. months: {cohort: month ends that were measured now}."""

    rows: int = 0
    months: dict[str, list[str]] = field(default_factory=dict)


def measure_cohorts(*, as_of: date) -> CohortsReport:
    """Measure the month ends up to a date that the running cohorts lack. One transaction a cohort and month end."""
    billed = _billed_month(as_of)
    rows, months = 0, dict[str, list[str]]()
    for cohort in Cohort.objects.running().order_by("pk"):
        for end in _owed(cohort, as_of, billed):
            rows += _measure(cohort.pk, end, has_bills=end.replace(day=1) <= billed)
            months.setdefault(cohort.code, []).append(str(end))
    return CohortsReport(rows, months)


def _billed_month(as_of: date) -> date:
    """The newest month whose bills and top-ups are there on a date."""
    windows = profile_windows(as_of)
    return min(windows.bill_month, windows.topup_month)


def _owed(cohort: Cohort, as_of: date, billed: date) -> list[date]:
    """Month ends after the freezing that were never measured, or without the bills that are there now."""
    assert cohort.frozen_on is not None, "a running cohort is frozen"
    rows = CohortCount.objects.filter(cohort=cohort)
    measured, provisional = set(rows.months()), set(rows.filter(revenue=None).months())
    return [
        end
        for end in month_ends(as_of)
        if end > cohort.frozen_on and (end not in measured or end in provisional and end.replace(day=1) <= billed)
    ]


def _measure(pk: int, end: date, *, has_bills: bool) -> int:
    """Returns the members. 0 for a cohort that another process has switched off meanwhile."""
    partitioned_tables.ensure_partitions(MONTHS, [end])
    with transaction.atomic(), connection.cursor() as cursor:
        cohort = Cohort.objects.running().select_for_update(no_key=True).filter(pk=pk).first()
        if cohort is None:
            return 0
        tune_transaction(cursor)  # of the rows written just now the planner knows nothing: it expects a handful
        shadows, known = as_it_stood(cursor, on=end)
        own = {"cohort": pk, "frozen_on": cohort.frozen_on, "midnight": clock.midnight(end + timedelta(days=1))}
        params: dict[str, Any] = {**known, **own, "kept": list(KEPT_STATES)}
        cursor.execute(f"DELETE FROM {MONTHS} WHERE cohort_id = %(cohort)s AND month = %(as_of)s", params)
        cursor.execute(_MEASURE.replace("{shadows}", shadows), params)
        rows = int(cursor.rowcount)
        if has_bills:
            _add_revenue(cursor, params)
        cursor.execute(f"DELETE FROM {COUNTS} WHERE cohort_id = %(cohort)s AND month = %(as_of)s", params)
        cursor.execute(_COUNT, params)
    return rows


def _add_revenue(cursor: CursorWrapper, params: dict[str, Any]) -> None:
    """Bills of the month, and for prepaid lines that are not billed their part of what was topped up in it."""
    month = params["as_of"].replace(day=1)
    cursor.execute(
        _REVENUE,
        params
        | {
            "zone": settings.TIME_ZONE,
            "bill_month": month,
            "bill_from": months_before(month, HALF_YEAR - 1),
            "topup_months": [month],
            "topup_from": clock.midnight(month),
            "topup_until": clock.midnight(months_before(month, -1)),
        },
    )
