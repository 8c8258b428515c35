from collections.abc import Collection
from datetime import date, timedelta

from django.db import connection, transaction

from analytics.kpis.defaults import KPIS, Kpi
from analytics.kpis.models import KpiValue
from customers.profile import checks
from customers.profile.queries.snapshots import month_ends
from customers.profile.queries.windows import Windows, profile_windows

TABLE = KpiValue._meta.db_table


def record_kpis(*, as_of: date, historic_only: bool = False, held: Collection[str] = ()) -> int:
    """Write every indicator of every branch for a date, replacing existing rows. Returns the rows written.

    held: feeds that cannot be trusted; indicators of theirs are left out.
    """
    period = profile_windows(as_of)
    wanted = [kpi for kpi in KPIS.values() if (kpi.historic or not historic_only) and kpi.feed not in held]
    with transaction.atomic():
        return sum(_record(kpi, period) for kpi in wanted)


def make_up_kpis(*, before: date) -> dict[date, int]:
    """The indicators of facts for month ends before a day that lack them though an earlier one has them; {month end:
    rows}. A night that does not run on the last day of a month must leave no hole in the trend."""
    return {
        end: record_kpis(as_of=end, historic_only=True, held=checks.held_feeds(checks.check_arrivals(as_of=end)))
        for end in _missing_dates(before)
    }


def _missing_dates(before: date) -> list[date]:
    ends = month_ends(before - timedelta(days=1))
    there = set(KpiValue.objects.filter(as_of__in=ends).values_list("as_of", flat=True).distinct())
    return [end for end in ends if there and min(there) < end and end not in there]


def _record(kpi: Kpi, period: Windows) -> int:
    source, denominator = kpi.source, kpi.denominator or "NULL"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {TABLE} (as_of, kpi, branch_id, numerator, denominator)
            SELECT %(as_of)s, %(kpi)s, {source.branch}, coalesce({kpi.numerator}, 0), {denominator} {source.sql}
            GROUP BY {source.branch}
            ON CONFLICT (kpi, as_of, branch_id)
            DO UPDATE SET numerator = excluded.numerator, denominator = excluded.denominator
            WHERE ({TABLE}.numerator, {TABLE}.denominator) IS DISTINCT FROM (excluded.numerator, excluded.denominator)
            """,  # noqa: S608
            period.params() | {"kpi": kpi.key},
        )
        return cursor.rowcount
