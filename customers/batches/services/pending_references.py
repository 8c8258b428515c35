"""Rows that wait too long raise an alert for each kind of rows; it closes when they have landed."""

from datetime import datetime

from customers.batches.rules import LONG_WAIT, RULES, WAITING_ROWS
from customers.ingest.models import QuarantinedRow
from customers.ingest.resources import RESOURCES
from retention.core.alerts.rules import Reading
from retention.core.alerts.services.judging import Judgement, judge


def judge_waiting_rows(*, now: datetime) -> Judgement:
    """Open, continue and close the alerts. People are notified once, when an alert opens."""
    late = QuarantinedRow.objects.waiting_since(now - LONG_WAIT).by_resource()
    readings = [
        Reading(WAITING_ROWS.code, name, late[name][0], detail={"since": late[name][1].isoformat()})
        if name in late
        else Reading(WAITING_ROWS.code, name, 0)
        for name in RESOURCES
    ]
    return judge(readings=readings, rules=RULES, as_of=now, now=now)
