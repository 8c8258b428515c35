"""Calendars and clocks in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dates import WEEKDAYS as _DAYS
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from retention.core.accounts.models import Team
from retention.core.ui import formats
from workorders.clocks.models import OrderClock
from workorders.order_types.clocks import ClockKind

WEEKDAYS = [_DAYS[place] for place in range(7)]


def format_week(hours: Sequence[str]) -> str:
    """`Mon–Fri 09:00-12:00, 14:00-18:00; Sat 09:00-12:00`: days of the same hours together, free ones left out."""
    parts: list[tuple[int, int, str]] = []
    for place, text in enumerate(hours):
        if parts and parts[-1][1] == place - 1 and parts[-1][2] == text:
            parts[-1] = parts[-1][0], place, text
        else:
            parts.append((place, place, text))
    between = pgettext("between the values of a list", "; ")
    return between.join(f"{_days(first, last)} {text}" for first, last, text in parts if text)


def _days(first: int, last: int) -> str:
    names = WEEKDAYS_ABBR
    return str(names[first]) if first == last else f"{names[first]}–{names[last]}"


def format_days(days: Sequence[Mapping[str, str]]) -> str:
    parts = [" ".join(filter(None, (one["day"], one["hours"] or _("off"), one["name"]))) for one in days]
    return pgettext("between the values of a list", "; ").join(parts)


def format_groups(codes: Sequence[str]) -> str:
    titles = {team.code: team.title for team in Team.objects.filter(code__in=codes)}
    return pgettext("between the values of a list", ", ").join(titles.get(code, code) for code in codes)


def calendar_words() -> dict[str, Any]:
    return {"hours": format_week, "days": format_days, "groups": format_groups}


@dataclass(frozen=True)
class ClockLine:
    """A clock as a page shows it. tone: of its badge."""

    label: str
    text: str
    tone: str
    icon: str


def clock_lines(clocks: Iterable[OrderClock], *, now: datetime) -> list[ClockLine]:
    """The clocks of one order in the order of their kinds, each in a few words."""
    places = {kind: place for place, kind in enumerate(ClockKind.values)}
    return [_line(one, now) for one in sorted(clocks, key=lambda one: places[one.kind])]


def _line(clock: OrderClock, now: datetime) -> ClockLine:
    label = str(ClockKind(clock.kind).label)
    ended = clock.met_at or clock.stopped_at
    if clock.due_at is not None and clock.due_at < (ended or now):
        late = formats.duration(((ended or now) - clock.due_at).total_seconds())
        text = _("%(time)s over time") if ended else _("breached %(time)s ago")
        return ClockLine(label, text % {"time": late}, "bad", "alert-triangle")
    if clock.met_at:
        return ClockLine(label, _("in time"), "good", "circle-check")
    if clock.stopped_at:
        return ClockLine(label, _("ended with the order"), "neutral", "circle-x")
    if is_paused(clock, now) or clock.due_at is None:
        until = clock.paused_until
        text = _("paused until %(when)s") % {"when": formats.moment(until)} if until else _("paused")
        return ClockLine(label, text, "neutral", "clock-pause")
    left = _("%(time)s left") % {"time": formats.duration((clock.due_at - now).total_seconds())}
    warned = clock.warn_at is not None and clock.warn_at <= now
    return ClockLine(label, left, "warning" if warned else "info", "clock")


def is_paused(clock: OrderClock, now: datetime) -> bool:
    since, until = clock.paused_from, clock.paused_until
    return since is not None and since <= now and (until is None or now < until)


def format_moved(moved: int, earlier: int, later: int) -> str:
    """What saving a calendar does to orders that are open."""
    text = ngettext(
        "%(count)s open order gets another due time: %(earlier)s earlier, %(later)s later.",
        "%(count)s open orders get another due time: %(earlier)s earlier, %(later)s later.",
        moved,
    )
    return text % {
        "count": formats.number(moved), "earlier": formats.number(earlier), "later": formats.number(later)
    }  # fmt: skip


def format_unknown(years: Sequence[int]) -> str:
    named = pgettext("between the values of a list", ", ").join(map(str, years))
    return _(
        "The holiday arrangement of %(years)s is not known yet: only the days that the law names are off, no day is"
        " moved and none is made up. Update the product, or enter the days here."
    ) % {"years": named}
