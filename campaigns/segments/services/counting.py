"""How many lines, and how much revenue, stand in each cell of each branch on a date."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Sum

from campaigns.segments.models import Segmentation, SegmentCount, SegmentNight
from campaigns.segments.rules import STABILITY

# {rows}: a SELECT of branch_id, segment, segment_need and spend. The matrix of a place is what stands before its mark.
COUNT_SQL = f"""
INSERT INTO {SegmentCount._meta.db_table} (segmentation_id, branch_id, as_of, layer, cell, lines, revenue)
SELECT s.id, g.branch_id, %(as_of)s, g.layer, g.cell, g.lines, g.revenue
FROM (
    SELECT branch_id, CASE WHEN grouping(segment) = 0 THEN 'stability' ELSE 'need' END AS layer,
           CASE WHEN grouping(segment) = 0 THEN segment ELSE segment_need END AS cell,
           count(*) AS lines, sum(spend) AS revenue
    FROM ({{rows}}) r
    GROUP BY GROUPING SETS ((branch_id, segment), (branch_id, segment_need))
) g LEFT JOIN {Segmentation._meta.db_table} s ON s.code = split_part(translate(g.cell, '~', '.'), '.', 1)
WHERE g.cell IS NOT NULL
"""


def count_cells(*, as_of: date, definition: str, rows: str, params: Mapping[str, Any]) -> SegmentNight:
    """Replace the counts of a date by those of `rows`; call it in a transaction."""
    SegmentCount.objects.filter(as_of=as_of).delete()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute(COUNT_SQL.format(rows=rows), {**params, "as_of": as_of})
    counted = SegmentCount.objects.filter(as_of=as_of, layer=STABILITY)
    lines = counted.aggregate(n=Sum("lines"))["n"] or 0
    unplaced = counted.filter(segmentation=None).aggregate(n=Sum("lines"))["n"] or 0
    values = {"definition": definition, "lines": lines, "unplaced": unplaced}
    night, _is_new = SegmentNight.objects.update_or_create(as_of=as_of, defaults=values)
    return night
