"""The night's placement: every live line into one cell or one exclusion, in chunks, and the counts of the night.

A line's place stands on its profile (`segment`, `segment_need`); only lines that have moved are written.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

from django.db import connection, transaction

from campaigns.declarations import SEGMENTS
from campaigns.segments.models import Segmentation, SegmentCount, SegmentNight
from campaigns.segments.queries import Part, definition_of, is_month_end, parts_of, readable, spend_sql
from campaigns.segments.rules import NO_MATRIX
from campaigns.segments.services.alarms import judge_flows
from campaigns.segments.services.counting import count_cells
from campaigns.segments.services.months import keep_months
from customers.profile.models import SubscriberProfile
from customers.profile.services.build import subscriber_blocks
from retention.core.db.inline import inline
from retention.core.jobs.chunks import ChunkedWork, Done, run_in_chunks
from retention.core.jobs.models import Chunk, ChunkedRun

PROFILES = SubscriberProfile._meta.db_table
# Nights beside the month ends are of use for a comparison with last week or last month only.
NIGHTS_KEPT = timedelta(days=40)
_MOVE = f"""
UPDATE {PROFILES} p SET segment = n.place, segment_need = n.need_place
FROM ({{placed}}) n
WHERE p.subscriber_id = n.subscriber_id AND (p.segment, p.segment_need) IS DISTINCT FROM (n.place, n.need_place)
"""


@dataclass(frozen=True)
class SegmentsReport:
    """rows: lines whose place changed. lines: live ones; unplaced: of types without a matrix. months: month ends that
    were placed anew. broken: {code: why} of matrices that cannot be read; their lines are unplaced.
    """

    rows: int = 0
    lines: int = 0
    unplaced: int = 0
    months: list[str] = field(default_factory=list)
    opened: int = 0
    broken: dict[str, str] = field(default_factory=dict)


def record_segments(*, as_of: date, history_only: bool = False) -> SegmentsReport:
    """Place every live line of the profile of `as_of`, count the cells, keep the month ends and judge their flows.

    Running it again changes nothing. history_only: for a night before the one that stands, whose profile is gone; month
    ends are then placed from their snapshots.
    """
    segmentations, broken = readable(Segmentation.objects.in_use())
    definition = definition_of(segmentations)
    rows = 0
    if not history_only:
        rows = run_in_chunks(kind=SEGMENTS, as_of=as_of, key=definition, ranges=subscriber_blocks()).rows
        if not is_month_end(as_of):
            _count_night(as_of, definition)
    months = keep_months(
        until=as_of, segmentations=segmentations, definition=definition, live=None if history_only else as_of
    )
    opened = judge_flows(until=as_of) if months else 0
    night = SegmentNight.objects.filter(as_of=as_of).first()
    return SegmentsReport(
        rows, night.lines if night else 0, night.unplaced if night else 0, [str(end) for end in months], opened, broken
    )


def _begin(run: ChunkedRun) -> Callable[[Chunk], Done]:
    segmentations, _broken = readable(Segmentation.objects.in_use())
    return partial(_place_block, run.as_of, parts_of(segmentations))


def _place_block(as_of: date, parts: list[Part], block: Chunk) -> Done:
    lines = SubscriberProfile.objects.filter(as_of=as_of, subscriber_id__gte=block.low, subscriber_id__lte=block.high)
    moved = 0
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute("SET LOCAL jit = off")
        for part in parts:
            sql, params = inline(part.of(lines), "place")
            cursor.execute(_MOVE.format(placed=sql), params)
            moved += cursor.rowcount
    return Done(rows=moved)


SEGMENT_WORK = ChunkedWork(rounds=[_begin])


@transaction.atomic
def _count_night(as_of: date, definition: str) -> None:
    rows = (
        f"SELECT branch_id, coalesce(segment, '{NO_MATRIX}') AS segment, segment_need, {spend_sql('p')} AS spend"
        f" FROM {PROFILES} p WHERE as_of = %(as_of)s"
    )
    count_cells(as_of=as_of, definition=definition, rows=rows, params={"as_of": as_of})
    old = SegmentNight.objects.filter(as_of__lt=as_of - NIGHTS_KEPT)
    over = [one for one in old.values_list("as_of", flat=True) if not is_month_end(one)]
    SegmentCount.objects.filter(as_of__in=over).delete()
    SegmentNight.objects.filter(as_of__in=over).delete()
