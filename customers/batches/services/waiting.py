"""Rows that wait too long raise an alert for each kind of rows; it closes when they have landed."""

from datetime import datetime, timedelta

from customers.batches.kinds import WAITING_ROWS
from customers.ingest.models import QuarantinedRow
from customers.ingest.resources import RESOURCES
from retention.core.alerts.rules import Reading, Rule, Severity
from retention.core.alerts.services.judging import Judgement, judge

LONG_WAIT = timedelta(days=1)
RULES = {WAITING_ROWS: Rule(opens_at=1, closes_below=1, severity=Severity.MAJOR)}


def judge_waiting_rows(*, now: datetime) -> Judgement:
    """Open, continue and close the alerts. People are notified once, when an alert opens."""
    late = QuarantinedRow.objects.waiting_since(now - LONG_WAIT).by_resource()
    readings = [
        Reading(WAITING_ROWS, name, late[name][0], detail={"since": late[name][1].isoformat()})
        if name in late
        else Reading(WAITING_ROWS, name, 0)
        for name in RESOURCES
    ]
    return judge(readings=readings, rules=RULES, as_of=now, now=now)
