"""Placing the whole base in its segments, beside one pass over the profile that writes a row a line."""

from datetime import date

from django.db import connection

from bench.measure import beside, seconds
from bench.night import after_a_night
from campaigns.segments.models import SegmentNight
from campaigns.segments.services.placement import record_segments
from customers.profile.models import LineSegment
from retention.core.db.temporary_tables import SESSION, TemporaryTable
from retention.core.jobs.models import ChunkedRun

MOST_SECONDS = 20
PLACED = TemporaryTable("placed_by_hand", {"subscriber_id": "bigint", "segment": "text"}, on_commit=SESSION)


def run(subscribers: int) -> dict:
    night = after_a_night()
    record_segments(as_of=night)  # also places the month ends, which is no part of a usual night
    first = _place(night, anew=True)
    again = _place(night, anew=False)
    floor = seconds(_floor)
    return beside(
        figure=first, floor=floor, unit="s", floor_is="one CASE over the profile into a table without indexes",
        goal=f"<= {MOST_SECONDS} s at 1,000,000", reached=first <= MOST_SECONDS,
        second_night=round(again, 2), lines=LineSegment.objects.count(),
    )  # fmt: skip


def _place(night: date, *, anew: bool) -> float:
    """anew: from nothing, as on the first night of a matrix; else on a night on which few lines have moved."""
    if anew:
        LineSegment.objects.all().delete()
    SegmentNight.objects.filter(as_of=night).delete()
    ChunkedRun.objects.filter(kind="segments").delete()
    return seconds(lambda: record_segments(as_of=night))


def _floor() -> None:
    with connection.cursor() as cursor:
        PLACED.create(cursor)
        cursor.execute(
            f"INSERT INTO {PLACED} SELECT subscriber_id, line_type || '.' || CASE WHEN arpu >= 120 THEN 'high'"
            " WHEN arpu >= 60 THEN 'middle' ELSE 'low' END FROM customers_subscriberprofile"
        )
