"""Lines of a month end made by hand, with the feeds that a label needs."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from analytics.churn.queries.definitions import Outcome, outcomes_of
from analytics.churn.queries.label_sql import OUTCOMES_TABLE, find_outcomes
from customers.facts.models import Subscriber
from customers.profile.models import ProfileSnapshot
from retention.core.db import partitioned_tables
from tests import factories as make

SNAPSHOT = date(2026, 8, 31)
SEPTEMBER = date(2026, 9, 1)
MONTHS = [date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)]


def at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("Asia/Shanghai"))


def make_line(
    *, snapshot: dict[str, Any] | None = None, september: dict[str, Any] | None = None, **line: Any
) -> Subscriber:
    """A line in use on the snapshot and in September; `snapshot`: columns of its row, `september`: its usage then."""
    partitioned_tables.ensure_partitions("customers_profilesnapshot", [SNAPSHOT])
    made = make.make_subscriber(**line)
    for month in MONTHS:
        make.make_usage_month(subscriber=made, month=month)
    if september is None or september:
        make.make_usage_month(subscriber=made, month=SEPTEMBER, **(september or {}))
    values = {
        "line_type": made.line_type, "status": "active", "plan_code": made.plan.code, "tenure_days": 600,
        "tenure_cohort": "over_12", "silent": False, "stopped_now": False, "promotion": False, "false_user": False,
        "profiling_opt_out": False,
    }  # fmt: skip
    ProfileSnapshot.objects.create(subscriber=made, as_of=SNAPSHOT, **values | (snapshot or {}))
    return made


def leaver(*, after: int, reason: str = "port_out", **more: Any) -> Subscriber:
    """A line that is gone so many days after the snapshot."""
    gone = {"status": "terminated", "terminated_on": SNAPSHOT + timedelta(days=after), "termination_reason": reason}
    return make_line(**gone | more)


UNUSED = {"calls_out": 0, "calls_in": 0, "sms_out": 0, "data_mb": 0}


def fates(meaning: str = "leaves", outcome: Outcome | None = None) -> dict[int, str]:
    """{subscriber id: fate} on the snapshot."""
    find_outcomes(snapshot=SNAPSHOT, outcomes=[outcome] if outcome else outcomes_of(meaning))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT subscriber_id, fate FROM {OUTCOMES_TABLE}")
        return dict(cursor.fetchall())


def fate(line: Subscriber, meaning: str = "leaves") -> str:
    return fates(meaning)[line.pk]
