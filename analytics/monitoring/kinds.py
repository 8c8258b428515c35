"""The model watch's kinds of alert, declared to the core when the app starts."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from analytics.monitoring.models import AlarmKind
from analytics.monitoring.text import FORMATTERS
from retention.core.alerts.kinds import AlertKind, declare_kinds

# kind: (condition, meaning).
DESCRIPTIONS = {
    AlarmKind.FEATURE: (
        _("The distribution of a factor moves beyond what the calendar explains."),
        _("The model sees customers unlike those it was trained on; its ranking may suffer."),
    ),
    AlarmKind.SCORE: (
        _("The distribution of the scores moves beyond what the calendar explains."),
        _("Risk tiers and warning lists change in size without a known cause."),
    ),
    AlarmKind.MISSING: (
        _("A factor is blank for clearly more lines than in the reference."),
        _("A feed is probably broken. Retraining would learn the fault."),
    ),
    AlarmKind.CALIBRATION: (
        _("The leavers of a month lie outside the 99% interval around the predicted number."),
        _("Probabilities are too high or too low; the ranking may still be right."),
    ),
    AlarmKind.LIFT: (
        _("The realised lift of the top tenth is clearly below the lift at training."),
        _("Lists find fewer leavers than they should."),
    ),
    AlarmKind.OLD: (
        _("The model in use was trained longer ago than the threshold."),
        _("A retrained version should be compared with it."),
    ),
    AlarmKind.UNSCORED: (
        _("A night ends without scores."),
        _("Pages and lists show the scores of an earlier night."),
    ),
}


def register() -> None:
    declare_kinds(_declared())


def _declared() -> Iterator[AlertKind]:
    for kind, (opens_when, meaning) in DESCRIPTIONS.items():
        yield AlertKind(
            code=kind.alert_kind,
            label=kind.label,
            opens_when=opens_when,
            meaning=meaning,
            permission="churn.view",
            route="analytics:watch",
            format=FORMATTERS[kind],
        )
