"""The contact gate in words: its answers (`answers`), the figure of the 360 (`figure`), the policy (`policy`)."""

from campaigns.outreach.text.answers import (
    format_because,
    format_first_allowed,
    format_next_call,
    format_source,
    format_why,
)
from campaigns.outreach.text.figure import call_figure
from campaigns.outreach.text.policy import format_caps, format_hour, format_hours, format_purposes, format_weekdays

__all__ = [
    "call_figure",
    "format_because",
    "format_caps",
    "format_first_allowed",
    "format_hour",
    "format_hours",
    "format_next_call",
    "format_purposes",
    "format_source",
    "format_weekdays",
    "format_why",
]
