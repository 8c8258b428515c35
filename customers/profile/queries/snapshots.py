"""The month ends that have a snapshot of the profile, and those that lack one."""

from datetime import date, timedelta

from django.db import connection
from django.db.models import Q

from customers import fields
from customers.facts.models import Subscriber
from customers.profile.models import ProfileSnapshot
from customers.profile.queries.windows import months_before
from retention.core.jobs.models import Job

SNAPSHOTS = ProfileSnapshot._meta.db_table
HISTORY_MONTHS = 24
# Of the live lines: what a snapshot of the whole base must hold. A sample for the training of models holds far less.
WHOLE = 0.99
# Of no past date: a rule that uses them holds for the newest night only.
LATER_FIELDS = {field.key for field in fields.FIELDS.values() if field.area in fields.LATER_AREAS}


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


def is_whole(end: date) -> bool:
    """Whether the snapshot of a date is one of the whole base."""
    rows = ProfileSnapshot.objects.filter(as_of=end).count()
    if not rows:
        return False
    live = Subscriber.objects.filter(Q(terminated_on=None) | Q(terminated_on__gt=end), activated_on__lte=end).count()
    return rows >= WHOLE * live


def missing_dates(before: date) -> list[date]:
    """Month ends before a day that lack a snapshot though an earlier one has it, oldest first."""
    there = snapshot_dates(before - timedelta(days=1))
    if not there:
        return []
    return [end for end in month_ends(before - timedelta(days=1)) if end > there[0] and end not in there]


def first_night() -> date | None:
    """The day of the first night that ran; what was before is known as a sample only."""
    return Job.objects.nights().order_by("business_date").values_list("business_date", flat=True).first()
