"""A kind of alert for tests, and its readings."""

from datetime import datetime, timedelta

from retention.core.alerts.models import Alert
from retention.core.alerts.rules import KINDS, AlertKind, Reading, Rule, Severity, declare_kinds
from retention.core.alerts.services.judging import Judgement, judge
from tests.factories import NOW

KIND = "test.delay"
RULE = Rule(opens_at=10, closes_below=5, floor=3, severity=Severity.MAJOR, critical_at=20)


def declare_kind() -> None:
    """Managers, analysts and administrators may handle it."""
    if KIND in KINDS:
        return
    declare_kinds(
        [
            AlertKind(
                code=KIND, label="Delay", opens_when="It takes long.", meaning="Work is late.",
                permission="churn.view", route="analytics:watch",
                format=lambda alert: f"{alert.subject or 'all'} takes {alert.value:g} minutes",
            )
        ]
    )  # fmt: skip


def judge_values(*, as_of: datetime = NOW, source: str = "", weight: float = 9, **values: float) -> Judgement:
    """Judge one reading a subject, given as subject=value."""
    readings = [Reading(KIND, subject, value, weight) for subject, value in values.items()]
    return judge(readings=readings, rules={KIND: RULE}, as_of=as_of, now=as_of, source=source)


def make_alert(**given: object) -> Alert:
    values = {
        "kind": KIND, "subject": "east", "severity": Severity.MAJOR, "value": 12, "peak": 12, "threshold": 10,
        "opened_at": NOW - timedelta(days=1), "seen_at": NOW,
    }  # fmt: skip
    return Alert.objects.create(**values | given)
