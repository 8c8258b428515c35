"""The month ends that have a snapshot of the profile, and those that lack one."""

from datetime import date, timedelta

from django.db import connection

from customers.profile.models import ProfileSnapshot
from customers.profile.queries.windows import months_before
from retention.core.jobs.models import Job

SNAPSHOTS = ProfileSnapshot._meta.db_table
HISTORY_MONTHS = 24


def month_ends(until: date) -> list[date]:
    """The last day of each of HISTORY_MONTHS months, up to and with `until`, oldest first."""
    month = (until + timedelta(days=1)).replace(day=1)
    return [months_before(month, back) - timedelta(days=1) for back in reversed(range(HISTORY_MONTHS))]


def snapshot_dates(until: date) -> list[date]:
    """Month ends up to `until` with a snapshot, of the last two years, oldest first. One probe a month."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.day FROM unnest(%s::date[]) AS e(day), LATERAL ("
            f"SELECT FROM {SNAPSHOTS} p WHERE p.as_of = e.day LIMIT 1) AS hit ORDER BY 1",
            [month_ends(until)],
        )
        return [day for (day,) in cursor.fetchall()]


def missing_dates(before: date) -> list[date]:
    """Month ends before a day that lack a snapshot though an earlier one has it, oldest first."""
    there = snapshot_dates(before - timedelta(days=1))
    if not there:
        return []
    return [end for end in month_ends(before - timedelta(days=1)) if end > there[0] and end not in there]


def first_night() -> date | None:
    """The day of the first night that ran; what was before is known as a sample only."""
    return Job.objects.nights().order_by("business_date").values_list("business_date", flat=True).first()
