"""Figures of the champion, alarm thresholds, and the comparison of both."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypeAlias

from django.db import transaction
from django.utils import timezone

from analytics.monitoring.defaults import CRITICAL_FACTOR, DEFAULT_THRESHOLDS
from analytics.monitoring.models import AlarmKind, WatchThreshold, WatchValue
from retention.core import clock
from retention.core.accounts.models import User
from retention.core.alerts.rules import Reading, Rule, Severity
from retention.core.alerts.services import judging
from retention.core.audit import services as audit

DECIMALS = 6
# {(measure, subject): value}
Values: TypeAlias = dict[tuple[str, str], float]


@dataclass(frozen=True)
class Figure:
    """A figure for the threshold of `kind`. rows: lines or leavers behind it; detail: JSON for the alarm's text."""

    kind: str
    subject: str
    value: float
    rows: int
    detail: dict


def store_values(values: Values, *, as_of: date, version: str) -> int:
    """Write the values of a date, in place of those that stand. Returns how many."""
    rows = [
        WatchValue(as_of=as_of, version=version, measure=measure, subject=subject, value=round(value, DECIMALS))
        for (measure, subject), value in values.items()
    ]
    WatchValue.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["measure", "as_of", "subject", "version"],
        update_fields=["value"],
    )
    return len(rows)


def install_thresholds() -> int:
    """Write the thresholds that are missing; the others stay as people left them. Returns how many are new."""
    new = 0
    for kind, (opens_at, closes_at, calm, floor, serious) in DEFAULT_THRESHOLDS.items():
        values = {"opens_at": opens_at, "closes_at": closes_at, "calm": calm, "floor": floor, "serious": serious}
        _row, is_new = WatchThreshold.objects.get_or_create(kind=kind, defaults=values)
        new += is_new
    return new


@transaction.atomic
def save_threshold(*, threshold: WatchThreshold, actor: User, changes: dict[str, str]) -> WatchThreshold:
    """Keep a threshold that a form has checked. It holds from the next night on."""
    threshold.save()
    audit.record(actor=actor, action="watch.change", target=f"threshold:{threshold.kind}", changes=changes)
    return threshold


def judge(*, as_of: date, version: str, figures: Iterable[Figure]) -> dict[str, int]:
    """Hold tonight's figures of the champion against the thresholds: {"opened", "closed"}.

    What is not among them stays as it is; alarms about another version close.
    """
    result = judging.judge(
        readings=[
            Reading(AlarmKind(one.kind).alert_kind, one.subject, one.value, one.rows, one.detail) for one in figures
        ],
        rules={AlarmKind(row.kind).alert_kind: _rule(row) for row in WatchThreshold.objects.all()},
        as_of=timezone.make_aware(datetime.combine(as_of, time())),
        now=clock.now(),
        source=version,
    )
    return {"opened": len(result.opened), "closed": len(result.closed)}


def _rule(threshold: WatchThreshold) -> Rule:
    return Rule(
        opens_at=threshold.opens_at,
        closes_below=threshold.closes_at,
        calm_readings=threshold.calm,
        floor=threshold.floor,
        severity=Severity.MAJOR if threshold.serious else Severity.MINOR,
        critical_at=CRITICAL_FACTOR * threshold.opens_at,
    )
