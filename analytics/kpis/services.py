from collections.abc import Collection
from datetime import date

from django.db import connection, transaction

from analytics.kpis.defaults import KPIS, Kpi
from analytics.kpis.models import KpiValue
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
