"""The line's place in the segmentation of its line type, as the nightly placement left it (`campaigns.segments`).

A build takes the places of the night before; the night then writes those that have moved. Where most of the base moves,
on the first night of a matrix and after its bands were changed, rules see the new places from the next night on.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.fields.base import Area, Kind, ProfileField, Source

SEGMENTS = Source(
    "segments",
    """
    SELECT g.subscriber_id, {columns}
    FROM customers_linesegment g
    WHERE g.subscriber_id BETWEEN %(lo)s AND %(hi)s
    """,
)


def field(key: str, label: object, **more: Any) -> ProfileField:
    return ProfileField(key, label, Kind.CHOICE, Area.SEGMENT, "segments", f"g.{key}", **more)


SOURCES = [SEGMENTS]
FIELDS = [
    field("segment", _("Segment by stability"), dimension=True),
    field("segment_need", _("Segment by need"), dimension=True),
]
