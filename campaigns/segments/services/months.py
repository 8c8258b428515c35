"""Month ends: where each line stood, and the migration between two of them.

A month end whose night did not run, one before the matrices were there, and one whose matrices have been changed since
are placed from the snapshot of that date, so that months always compare.
"""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from django.db import connection, transaction

from campaigns.segments.models import Segmentation, SegmentFlow, SegmentMonth, SegmentNight
from campaigns.segments.queries import placed, recent_month_ends
from campaigns.segments.services.counting import count_cells
from customers.facts.models import Subscriber
from customers.fields.spend import MONTHLY_SPEND
from customers.profile.models import LineSegment, ProfileSnapshot
from customers.profile.queries.snapshots import LATER_FIELDS, is_whole
from retention.core.db import partitioned_tables
from retention.core.db.inline import inline

MONTHS_KEPT = 12
MONTHS, LINES, PLACES, FLOWS = (model._meta.db_table for model in (SegmentMonth, Subscriber, LineSegment, SegmentFlow))
COLUMNS = "subscriber_id, branch_id, month, segment, segment_need, spend"
_FROM_PLACES = f"""
INSERT INTO {MONTHS} ({COLUMNS})
SELECT g.subscriber_id, g.branch_id, %(month)s, g.segment, g.segment_need, g.spend FROM {PLACES} g
"""
_FROM_SNAPSHOT = f"""
INSERT INTO {MONTHS} ({COLUMNS})
SELECT n.subscriber_id, s.branch_id, %(month)s, n.place, n.need_place, n.monthly_spend
FROM ({{placed}}) n JOIN {LINES} s ON s.id = n.subscriber_id
"""
_COUNTED = f"SELECT branch_id, segment, segment_need, spend FROM {MONTHS} WHERE month = %(as_of)s"


def _matrix_of(place: str) -> str:
    return f"split_part(translate({place}, '~', '.'), '.', 1)"


# A line that came to this matrix from another one, or from none, has joined it.
_FLOWS = f"""
INSERT INTO {FLOWS} (segmentation_id, branch_id, month, layer, before, after, lines, revenue)
SELECT s.id, g.branch_id, %(month)s, g.layer, g.before, g.after, count(*), sum(g.spend)
FROM (
    SELECT coalesce(n.branch_id, b.branch_id) AS branch_id, coalesce(n.spend, b.spend, 0) AS spend, w.layer,
           coalesce(w.after, '') AS after,
           CASE WHEN w.after IS NULL OR {_matrix_of("w.before")} = {_matrix_of("w.after")} THEN coalesce(w.before, '')
                ELSE '' END AS before
    FROM (SELECT * FROM {MONTHS} WHERE month = %(month)s) n
    FULL JOIN (SELECT * FROM {MONTHS} WHERE month = %(before)s) b USING (subscriber_id)
    CROSS JOIN LATERAL (VALUES ('stability', b.segment, n.segment), ('need', b.segment_need, n.segment_need))
        AS w(layer, before, after)
    WHERE w.before IS NOT NULL OR w.after IS NOT NULL
) g JOIN {Segmentation._meta.db_table} s
    ON s.code = {_matrix_of("coalesce(nullif(g.after, ''), g.before)")}
GROUP BY s.id, g.branch_id, g.layer, g.before, g.after
"""


def keep_months(
    *, until: date, segmentations: Sequence[Segmentation], definition: str, live: date | None
) -> list[date]:
    """Keep the month ends up to `until` that are missing or were counted with other matrices; returns those kept now.

    live: the date of the places that stand; None where it is of a later date. One transaction a month end.
    """
    kept = [end for end in recent_month_ends(until, MONTHS_KEPT) if _keep(end, segmentations, definition, live)]
    counted = set(SegmentFlow.objects.values_list("month", flat=True).distinct())
    for before, month in pairwise(recent_month_ends(until, MONTHS_KEPT)):
        # Also those that a killed run has left out.
        if {before, month} & set(kept) or month not in counted:
            _record_flows(before, month, definition)
    return kept


def _keep(end: date, segmentations: Sequence[Segmentation], definition: str, live: date | None) -> bool:
    if end != live and SegmentNight.objects.filter(as_of=end, definition=definition).exists():
        return False
    if end == live:
        sql, params = _FROM_PLACES, dict[str, Any]()
    elif is_whole(end) and not any(LATER_FIELDS & one.matrix.fields for one in segmentations):
        lines = placed(ProfileSnapshot.objects.filter(as_of=end), segmentations).annotate(monthly_spend=MONTHLY_SPEND)
        select, params = inline(lines.values("subscriber_id", "place", "need_place", "monthly_spend"), "place")
        sql = _FROM_SNAPSHOT.format(placed=select)
    else:
        return False
    partitioned_tables.ensure_partitions(MONTHS, [end])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute("SET LOCAL jit = off")
        cursor.execute(f"DELETE FROM {MONTHS} WHERE month = %s", [end])
        cursor.execute(sql, params | {"month": end})
        count_cells(as_of=end, definition=definition, rows=_COUNTED, params={})
    return True


@transaction.atomic
def _record_flows(before: date, month: date, definition: str) -> None:
    """Nothing where one of the two is missing or was placed by other matrices: all lines would seem to have moved."""
    SegmentFlow.objects.filter(month=month).delete()
    if SegmentNight.objects.filter(as_of__in=[before, month], definition=definition).count() < 2:
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute("SET LOCAL jit = off")
        cursor.execute(_FLOWS, {"before": before, "month": month})
