"""The life of an alarm: it opens above one threshold and closes below a lower one. Nothing but rows decides."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from analytics.models import AlarmKind, WatchAlarm, WatchThreshold, WatchValue
from analytics.watch.figures import Figure
from retention.core import audit, clock
from retention.core.errors import Conflict
from retention.core.models import User

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
        closed += _go_on(alarm, figure, thresholds[alarm.kind], as_of, version)
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


def _go_on(alarm: WatchAlarm, figure: Figure | None, threshold: WatchThreshold, as_of: date, version: str) -> bool:
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
