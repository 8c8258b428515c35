"""The base's own leaving rates, by line type and tenure cohort: what lifetimes are reckoned from."""

from datetime import date, timedelta

from django.db import connection, transaction

from analytics.models import LeavingRate
from customers.directory import COHORTS
from customers.models import Subscriber

WINDOW = timedelta(days=90)
# Each line gives every cohort the days that it spent in it within the window; a leaver counts where it left.
_COUNT = f"""
INSERT INTO {LeavingRate._meta.db_table} (as_of, line_type, cohort, line_days, leavers)
SELECT %(as_of)s, s.line_type, c.cohort,
       sum(greatest(0, least(%(as_of)s::date + 1, s.activated_on + c.until,
                             coalesce(s.terminated_on, %(as_of)s::date + 1))
                       - greatest(%(since)s::date, s.activated_on + c.since))),
       count(*) FILTER (WHERE s.terminated_on > %(since)s AND s.terminated_on <= %(as_of)s
                          AND s.terminated_on >= s.activated_on + c.since
                          AND s.terminated_on < s.activated_on + c.until)
FROM {Subscriber._meta.db_table} s
CROSS JOIN unnest(%(cohorts)s::text[], %(sinces)s::int[], %(untils)s::int[]) AS c(cohort, since, until)
WHERE s.activated_on <= %(as_of)s AND (s.terminated_on IS NULL OR s.terminated_on > %(since)s)
GROUP BY s.line_type, c.cohort
"""


def record_leaving_rates(*, as_of: date) -> dict[str, int]:
    """Count leavers and line-days of the 90 days up to `as_of`, once a month. {"rows": rows written, 0 when done}.

    Everybody who went counts, for whatever reason: a lifetime ends either way.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [LeavingRate._meta.db_table])
        if LeavingRate.objects.filter(as_of__year=as_of.year, as_of__month=as_of.month).exists():
            return {"rows": 0}
        names = list(COHORTS)
        cursor.execute(
            _COUNT,
            {
                "as_of": as_of,
                "since": as_of - WINDOW,
                "cohorts": [name.value for name in names],
                "sinces": [COHORTS[name][0] for name in names],
                "untils": [COHORTS[name][1] for name in names],
            },
        )
        return {"rows": cursor.rowcount}
