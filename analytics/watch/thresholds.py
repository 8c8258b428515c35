"""When an alarm opens and closes: rows, shipped as below and changed by people."""

from django.db import transaction

from analytics.models import AlarmKind, WatchThreshold
from retention.core import audit
from retention.core.models import User

# kind: opens at, closes below, figures in a row below it, lines (leavers) needed, proposes to retrain.
# .25 and .10 are what the field calls a shifted and a stable population. Measured on a quiet simulated operator of
# 3,000 lines: no feature above .15 and no rise of blanks above .05 in 45 nights.
# Blanks propose nothing: a feed is to be mended, not learnt.
SHIPPED: dict[str, tuple[float, float, int, int, bool]] = {
    AlarmKind.FEATURE: (0.25, 0.10, 2, 500, True),
    AlarmKind.SCORE: (0.25, 0.10, 2, 500, True),
    AlarmKind.MISSING: (0.10, 0.05, 2, 500, False),
    # How far the whole 99 % interval of happened / said lies from 1.
    AlarmKind.CALIBRATION: (0.10, 0.05, 1, 50, True),
    # Part of the lift promised at training that is lost for certain (the upper end of the 99 % interval).
    AlarmKind.LIFT: (0.15, 0.05, 1, 50, True),
    # Days since it was trained.
    AlarmKind.OLD: (120, 120, 1, 0, True),
    # Nights.
    AlarmKind.UNSCORED: (1, 1, 1, 0, False),
}


def install_thresholds() -> int:
    """Write the thresholds that are missing; the others stay as people left them. Returns how many are new."""
    new = 0
    for kind, (opens_at, closes_at, calm, floor, serious) in SHIPPED.items():
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
