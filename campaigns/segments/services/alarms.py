"""Alerts when more lines than usual have gone from one cell to another in a month."""

from collections import defaultdict
from datetime import date, datetime, time
from statistics import fmean

from django.db.models import Sum
from django.utils import timezone

from campaigns.segments.defaults import FLOW_KIND, FLOW_RULE, LEAST_MOVED, MONTHS_COMPARED
from campaigns.segments.models import Segmentation, SegmentFlow
from campaigns.segments.queries import readable, recent_month_ends
from campaigns.segments.rules import STABILITY
from retention.core import clock
from retention.core.alerts.rules import Reading
from retention.core.alerts.services import judging

Flow = tuple[str, str]


def judge_flows(*, until: date) -> int:
    """Hold the migration of the newest month end up to `until` against the months before. Returns the alerts opened.

    A reading is the share of a cell's lines that went to another, as a multiple of its mean over the months before.
    """
    month = recent_month_ends(until, 1)[0]
    segmentations, _broken = readable(Segmentation.objects.in_use())
    readings = [one for row in segmentations for one in readings_of(row, month)]
    if not readings:
        return 0
    judged = judging.judge(
        readings=readings,
        rules={FLOW_KIND: FLOW_RULE},
        as_of=timezone.make_aware(datetime.combine(month, time())),
        now=clock.now(),
    )
    return len(judged.opened)


def readings_of(segmentation: Segmentation, month: date) -> list[Reading]:
    """One for every pair of cells between which lines have gone in this month or the months before."""
    shares, moved = _shares(segmentation, recent_month_ends(month, MONTHS_COMPARED + 1))
    earlier = sorted(day for day in shares if day < month)
    if month not in shares or not earlier:
        return []
    pairs = {pair for share in shares.values() for pair in share}
    return [
        Reading(
            FLOW_KIND,
            _subject(segmentation, before, after),
            _times(shares[month].get((before, after), 0.0), usual, moved.get((before, after), 0)),
            moved.get((before, ""), 0),
            {
                "segmentation": segmentation.code, "month": str(month), "lines": moved.get((before, after), 0),
                "before": before, "after": after, "share": shares[month].get((before, after), 0.0), "usual": usual,
            },
        )
        for before, after in sorted(pairs)
        for usual in [fmean(shares[day].get((before, after), 0.0) for day in earlier)]
    ]  # fmt: skip


def _subject(segmentation: Segmentation, before: str, after: str) -> str:
    head = segmentation.code + "."
    return f"{head}{before.removeprefix(head)}>{after.removeprefix(head)}"


def _times(share: float, usual: float, lines: int) -> float:
    """How many times the usual share; too few lines are no movement. Where none ever went, what opens an alert."""
    if lines < LEAST_MOVED:
        return 0.0
    return round(share / usual, 2) if usual else FLOW_RULE.opens_at


def _shares(
    segmentation: Segmentation, months: list[date]
) -> tuple[dict[date, dict[Flow, float]], dict[Flow, int]]:  # fmt: skip
    """{month: {(before, after): share of `before`}}, and the lines of the last month, of which (before, "") is all."""
    flows = SegmentFlow.objects.filter(segmentation=segmentation, layer=STABILITY, month__in=months).exclude(before="")
    rows = flows.values_list("month", "before", "after").annotate(n=Sum("lines"))
    lines: dict[date, dict[Flow, int]] = defaultdict(dict)
    stood: dict[tuple[date, str], int] = defaultdict(int)
    for month, before, after, n in rows:
        lines[month][before, after] = n
        stood[month, before] += n
    cells = {segmentation.matrix.cell_code(STABILITY, bands) for bands in segmentation.matrix.cells(STABILITY)}
    shares = {
        month: {
            (before, after): n / stood[month, before]
            for (before, after), n in found.items()
            if before != after and before in cells and after in cells
        }
        for month, found in lines.items()
    }
    last = dict(lines.get(months[-1], {}))
    return shares, last | {(before, ""): n for (month, before), n in stood.items() if month == months[-1]}
