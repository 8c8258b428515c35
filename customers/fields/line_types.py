"""What is shown of a line of each type: the one table that the 360 page, the call screen and lists read.

Only facts that billing sends: one without a feed, such as the moves of a fixed-wireless set between base stations, is
not shown at all. What a line has no value for is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from customers.facts.models import LineType


@dataclass(frozen=True)
class LineView:
    """facts: keys of the catalogue, in the order shown; listed: those of them that are columns of a list of one type.

    calls, data: whether minutes and megabytes mean something on such a line. icon: of its panels.
    """

    facts: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    calls: bool = True
    data: bool = True
    icon: str = "device-mobile"


_FAULTS = ("faults_90d", "days_since_fault", "tickets_open")
_EQUIPMENT = ("terminal_brand", "terminal_months")
_CALLS = (
    "calls_out_recent", "calls_in_recent", "voice_out_recent", "voice_in_recent", "last_call_on", "zero_call_days",
)  # fmt: skip
# The household around a wired line: who has his mobile line with us as well leaves less easily.
_HOUSEHOLD = ("is_bundle", "mobile_lines_of_customer", "iptv_lines_of_customer")

LINE_VIEWS: Mapping[str, LineView] = {
    LineType.MOBILE: LineView(
        facts=(
            "voice_out_recent",
            "voice_in_recent",
            "data_recent",
            "sms_recent",
            "contacts_recent",
            "roaming_days",
            "dropped_rate",
            "terminal_generation",
        ),
        listed=("voice_out_recent", "data_recent", "terminal_generation"),
    ),
    LineType.BROADBAND: LineView(
        facts=("bandwidth", "active_days", "data_recent", *_FAULTS, *_EQUIPMENT, *_HOUSEHOLD),
        listed=("bandwidth", "active_days", "faults_90d", "is_bundle"),
        calls=False,
        icon="wifi",
    ),
    LineType.FIXED: LineView(
        facts=(*_CALLS, *_FAULTS), listed=("voice_out_recent", "zero_call_days", "faults_90d"), data=False, icon="phone"
    ),
    LineType.IPTV: LineView(
        facts=("active_days", "data_recent", "vas_count", *_FAULTS, *_EQUIPMENT, "is_bundle"),
        listed=("active_days", "vas_count", "faults_90d"),
        calls=False,
        icon="device-desktop",
    ),
    LineType.WIRELESS_LANDLINE: LineView(
        facts=(*_CALLS, "dropped_rate", *_FAULTS, *_EQUIPMENT),
        listed=("voice_out_recent", "zero_call_days", "faults_90d", "dropped_rate"),
        data=False,
        icon="phone",
    ),
}


def view_of(line_type: str) -> LineView:
    """Of a type that the table does not know: minutes and data, and no facts of its own."""
    return LINE_VIEWS.get(line_type, LineView())
