"""Thresholds that ship: when an alarm of each kind opens and closes."""

from analytics.monitoring.models import AlarmKind

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
