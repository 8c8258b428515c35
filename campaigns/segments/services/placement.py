"""The night's placement: every live line into one cell or one exclusion, in chunks, and the counts of the night."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

from django.db import connection, transaction
from django.db.models import QuerySet

from campaigns.declarations import SEGMENTS
from campaigns.segments.models import Segmentation, SegmentCount, SegmentNight
from campaigns.segments.queries import definition_of, placed, readable
from campaigns.segments.services.alarms import judge_flows
from campaigns.segments.services.counting import count_cells
from campaigns.segments.services.months import keep_months
from customers.fields.spend import MONTHLY_SPEND
from customers.profile.models import LineSegment, SubscriberProfile
from customers.profile.queries.windows import is_month_end
from customers.profile.services.build import subscriber_blocks
from retention.core.db.inline import inline
from retention.core.db.temporary_tables import TemporaryTable
from retention.core.jobs.chunks import ChunkedWork, Done, run_in_chunks
from retention.core.jobs.models import Chunk, ChunkedRun

PROFILES, PLACES = SubscriberProfile._meta.db_table, LineSegment._meta.db_table
# Nights beside the month ends are of use for a comparison with last week or last month only.
NIGHTS_KEPT = timedelta(days=40)
# Of a block: where more lines have moved, their profiles take the new places from the next build. Writing a wide row
# costs about forty times as much as a narrow one.
PATCHED_SHARE, LEAST_PATCHED = 0.2, 1_000

PLACED = TemporaryTable(
    "placed",
    {
        "subscriber_id": "bigint", "branch_id": "bigint", "place": "text", "need_place": "text",
        "monthly_spend": "numeric(12, 2)", "segment": "text", "segment_need": "text",
    },
)  # fmt: skip
_WRITE = f"""
INSERT INTO {PLACES} AS t (subscriber_id, branch_id, segment, segment_need, spend)
SELECT n.subscriber_id, n.branch_id, n.place, n.need_place, n.monthly_spend
FROM {PLACED} n LEFT JOIN {PLACES} o USING (subscriber_id)
WHERE (o.branch_id, o.segment, o.segment_need, o.spend)
    IS DISTINCT FROM (n.branch_id, n.place, n.need_place, n.monthly_spend)
ON CONFLICT (subscriber_id) DO UPDATE SET (branch_id, segment, segment_need, spend)
    = ROW (excluded.branch_id, excluded.segment, excluded.segment_need, excluded.spend)
"""
_FORGET = f"""
DELETE FROM {PLACES} o WHERE o.subscriber_id BETWEEN %(low)s AND %(high)s
    AND NOT EXISTS (SELECT FROM {PLACED} n WHERE n.subscriber_id = o.subscriber_id)
"""
_MOVED = "(n.segment, n.segment_need) IS DISTINCT FROM (n.place, n.need_place)"
_PATCH = f"""
UPDATE {PROFILES} p SET segment = n.place, segment_need = n.need_place
FROM {PLACED} n WHERE p.subscriber_id = n.subscriber_id AND {_MOVED}
"""


@dataclass(frozen=True)
class SegmentsReport:
    """rows: places written. lines: live ones; unplaced: of types without a matrix. months: month ends that were placed
    anew. broken: {code: why} of matrices that cannot be read; their lines are unplaced.
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
    opened = 0 if history_only else judge_flows(until=as_of)
    night = SegmentNight.objects.filter(as_of=as_of).first()
    return SegmentsReport(
        rows, night.lines if night else 0, night.unplaced if night else 0, [str(end) for end in months], opened, broken
    )


def _begin(run: ChunkedRun) -> Callable[[Chunk], Done]:
    segmentations, _broken = readable(Segmentation.objects.in_use())
    lines = placed(SubscriberProfile.objects.filter(as_of=run.as_of), segmentations).annotate(
        monthly_spend=MONTHLY_SPEND
    )
    return partial(_place_block, lines.values(*PLACED.columns))


def _place_block(lines: QuerySet, block: Chunk) -> Done:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute("SET LOCAL jit = off")
        sql, params = inline(lines.filter(subscriber_id__gte=block.low, subscriber_id__lte=block.high), "place")
        PLACED.create_as(cursor, sql, params)
        cursor.execute(_WRITE)
        written = cursor.rowcount
        cursor.execute(_FORGET, {"low": block.low, "high": block.high})
        cursor.execute(f"SELECT count(*) FILTER (WHERE {_MOVED}), count(*) FROM {PLACED} n")
        moved, every = cursor.fetchone()
        if moved <= max(PATCHED_SHARE * every, LEAST_PATCHED):
            cursor.execute(_PATCH)
    return Done(rows=written)


SEGMENT_WORK = ChunkedWork(rounds=[_begin])


@transaction.atomic
def _count_night(as_of: date, definition: str) -> None:
    rows = f"SELECT branch_id, segment, segment_need, spend FROM {PLACES}"
    count_cells(as_of=as_of, definition=definition, rows=rows, params={})
    old = SegmentNight.objects.filter(as_of__lt=as_of - NIGHTS_KEPT)
    over = [one for one in old.values_list("as_of", flat=True) if not is_month_end(one)]
    SegmentCount.objects.filter(as_of__in=over).delete()
    SegmentNight.objects.filter(as_of__in=over).delete()
