"""Alarm thresholds and the life of an alarm: it opens above one threshold and closes below a lower one."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from analytics.monitoring.defaults import DEFAULT_THRESHOLDS
from analytics.monitoring.models import AlarmKind, WatchAlarm, WatchThreshold, WatchValue
from analytics.monitoring.services.figures import Figure
from retention.core import clock
from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.errors import Conflict


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


M = WatchValue.Measure
# The row that holds an alarm's figure, night by night: its past is read there, so that judging twice changes nothing.
FIGURE_OF = {
    AlarmKind.FEATURE: M.DRIFT,
    AlarmKind.SCORE: M.SCORE_DRIFT,
    AlarmKind.MISSING: M.MISSING_RISE,
    AlarmKind.CALIBRATION: M.CALIBRATION,
    AlarmKind.LIFT: M.LIFT_LOST,
    AlarmKind.OLD: M.AGE,
    AlarmKind.UNSCORED: M.UNSCORED,
}


@transaction.atomic
def judge(*, as_of: date, version: str, figures: list[Figure]) -> dict[str, int]:
    """Hold tonight's figures of the champion against the thresholds: {"opened", "closed"}.

    The figures must have been kept before. What is not among them stays as it is; alarms about another version close.
    """
    thresholds = {row.kind: row for row in WatchThreshold.objects.all()}
    judged = {(one.kind, one.subject): one for one in figures if one.rows >= thresholds[one.kind].floor}
    closed = 0
    for alarm in WatchAlarm.objects.select_for_update().filter(closed_on=None):
        figure = judged.pop((alarm.kind, alarm.subject), None)
        closed += _update(alarm, figure, thresholds[alarm.kind], as_of, version)
    opened = 0
    for figure in judged.values():
        if figure.value >= thresholds[figure.kind].opens_at:
            _open(figure, as_of, version)
            opened += 1
    return {"opened": opened, "closed": closed}


def _open(figure: Figure, as_of: date, version: str) -> None:
    WatchAlarm.objects.create(
        kind=figure.kind,
        subject=figure.subject,
        version=version,
        opened_on=as_of,
        judged_on=as_of,
        value=figure.value,
        peak=figure.value,
        detail=figure.detail,
    )


def _update(alarm: WatchAlarm, figure: Figure | None, threshold: WatchThreshold, as_of: date, version: str) -> bool:
    """Bring an open alarm up to tonight; whether it closes."""
    if alarm.version != version:
        alarm.closed_on = as_of
    elif figure is not None:
        alarm.judged_on, alarm.value, alarm.detail = as_of, figure.value, figure.detail
        alarm.peak = max(alarm.peak, figure.value)
        if _is_calm(alarm, threshold):
            alarm.closed_on = as_of
    alarm.save()
    return alarm.closed_on is not None


def _is_calm(alarm: WatchAlarm, threshold: WatchThreshold) -> bool:
    kept = WatchValue.objects.of(FIGURE_OF[AlarmKind(alarm.kind)]).filter(
        subject=alarm.subject, version=alarm.version, as_of__lte=alarm.judged_on
    )
    last = list(kept.order_by("-as_of").values_list("value", flat=True)[: threshold.calm])
    return len(last) == threshold.calm and max(last) < threshold.closes_at


@transaction.atomic
def acknowledge(*, alarm: WatchAlarm, actor: User, note: str) -> WatchAlarm:
    """Say that somebody has seen it and what is done about it. Conflict when it is closed or somebody was first."""
    alarm = WatchAlarm.objects.select_for_update().get(pk=alarm.pk)
    if alarm.closed_on is not None or alarm.acknowledged_at is not None:
        raise Conflict(_("This alarm is closed or acknowledged already."), code="settled")
    alarm.acknowledged_at, alarm.acknowledged_by, alarm.note = clock.now(), actor, note.strip()
    alarm.save(update_fields=["acknowledged_at", "acknowledged_by", "note"])
    audit.record(actor=actor, action="watch.change", target=f"alarm:{alarm.pk}", kind=alarm.kind, note=alarm.note)
    return alarm
