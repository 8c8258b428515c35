"""Working hours of a day as people write them: `09:00-12:00, 14:00-18:00`. Pure."""

import re

from django.utils.translation import gettext as _

from retention.core.errors import Invalid

Shift = tuple[int, int]  # minutes after midnight, first included, second not
MINUTES_A_DAY = 24 * 60
# What Chinese keyboards type for a colon, a comma and a dash.
_SAME = str.maketrans("：，、；;–—－~至", ":,,,,-----")
_SHIFT = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


def parse_hours(text: str) -> tuple[Shift, ...]:
    """The shifts of one day, by their start; a shift of no length is none. Invalid for what is no time of a day, ends
    before it starts, or overlaps. A shift through midnight is written as two, on two days: `22:00-24:00`.
    """
    shifts = []
    for part in text.translate(_SAME).split(","):
        if not (part := part.strip()):
            continue
        found = _SHIFT.fullmatch(part)
        if not found:
            raise _invalid(_("“%(text)s” is no shift: write 09:00-12:00, 14:00-18:00.") % {"text": part})
        first, last = _minute(found[1], found[2], part), _minute(found[3], found[4], part)
        if last < first:
            message = _(
                "“%(text)s” ends before it starts. Write a shift through midnight as two: to 24:00, from 00:00."
            )
            raise _invalid(message % {"text": part})
        if last > first:
            shifts.append((first, last))
    shifts.sort()
    for one, following in zip(shifts, shifts[1:], strict=False):
        if following[0] < one[1]:
            pair = {"first": format_shift(one), "second": format_shift(following)}
            raise _invalid(_("%(first)s and %(second)s overlap.") % pair)
    return tuple(shifts)


def format_hours(shifts: tuple[Shift, ...]) -> str:
    """As parse_hours reads it; "" for a day without work."""
    return ", ".join(format_shift(one) for one in shifts)


def format_shift(shift: Shift) -> str:
    return "-".join(f"{minute // 60:02d}:{minute % 60:02d}" for minute in shift)


def _minute(hour: str, minute: str, part: str) -> int:
    value = int(hour) * 60 + int(minute)
    if int(minute) > 59 or value > MINUTES_A_DAY:
        raise _invalid(_("“%(text)s” is no time of a day.") % {"text": part})
    return value


def _invalid(message: str) -> Invalid:
    return Invalid(message, code="bad_hours")
