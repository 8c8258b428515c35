"""The line's place in the segmentation of its line type: written by the nightly placement (`campaigns.segments`).

Carried through a rebuild of the profile, as scores are; one pass over the old profile serves both.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.fields.base import Area, Kind, ProfileField, Source
from customers.fields.risk import RISK

SEGMENTS = Source("segments", RISK.sql)


def field(key: str, label: object, **more: Any) -> ProfileField:
    return ProfileField(key, label, Kind.CHOICE, Area.SEGMENT, "segments", f"o.{key}", **more)


SOURCES = [SEGMENTS]
FIELDS = [
    field("segment", _("Segment by stability"), dimension=True),
    field("segment_need", _("Segment by need"), dimension=True),
]
