"""What ships: kinds of alert of the model watch, declared to the core when the app starts, and their thresholds."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from analytics.monitoring.models import AlarmKind
from analytics.monitoring.text import FORMATTERS
from retention.core.alerts.rules import AlertKind, declare_kinds

# kind: opens at, closes below, figures in a row below it, lines (leavers) needed, proposes to retrain.
# .25 and .10 are what the field calls a shifted and a stable population. Measured on a quiet simulated operator of
# 3,000 lines: no feature above .15 and no rise of blanks above .05 in 45 nights.
# Blanks propose nothing: a feed is to be mended, not learnt.
DEFAULT_THRESHOLDS: dict[str, tuple[float, float, int, int, bool]] = {
    AlarmKind.FEATURE: (0.25, 0.10, 2, 500, True),
    AlarmKind.SCORE: (0.25, 0.10, 2, 500, True),
    AlarmKind.MISSING: (0.10, 0.05, 2, 500, False),
    # How far the whole 99 % interval of observed / predicted churn lies from 1.
    AlarmKind.CALIBRATION: (0.10, 0.05, 1, 50, True),
    # Share of the lift at training that is lost with confidence (by the upper end of the 99 % interval).
    AlarmKind.LIFT: (0.15, 0.05, 1, 50, True),
    # Days since it was trained.
    AlarmKind.OLD: (120, 120, 1, 0, True),
    # Nights.
    AlarmKind.UNSCORED: (1, 1, 1, 0, False),
}
# An alarm at this multiple of the value that opens it is critical: its people are notified once more.
CRITICAL_FACTOR = 2.0

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


def register_alert_kinds() -> None:
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
