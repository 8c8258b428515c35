"""The lines that were live at month ends, and how many of them have left since."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q

from analytics.backtests.queries.scope import Scope
from analytics.backtests.rules import WINDOWS, Lines
from customers.facts.models import Subscriber
from customers.fields.choices import VOLUNTARY_REASONS
from customers.profile.models import ProfileSnapshot

# Of the live lines: what a snapshot of the whole base holds at least. One from before go-live is a sample.
WHOLE = 0.99
LEFT, GONE = "left", "gone"


def live_lines(days: Sequence[date], scope: Scope) -> dict[date, dict[int, Lines]]:
    """{month end: {branch id: its live lines}}. Two passes over the lines, for any number of days.

    From the lines themselves: a share of all leavers must not miss those whom a snapshot lacks.
    """
    live = {str(day): Count("pk", filter=_live_on(day)) for day in days}
    gone = {f"{day}_{name}": count for day in days for name, count in departures(day).items()}
    lines = Subscriber.objects.filter(**scope.filters()).order_by()
    ended = lines.filter(status=Subscriber.Status.TERMINATED, terminated_on__gt=min(days))
    left: dict[int, Any] = {row["branch_id"]: row for row in ended.values("branch_id").annotate(**gone)}
    standing: list[Any] = list(lines.values("branch_id").annotate(**live))
    return {
        day: {row["branch_id"]: as_lines(row[str(day)], left.get(row["branch_id"], {}), f"{day}_") for row in standing}
        for day in days
    }


def departures(day: date) -> dict[str, Count]:
    """Counts over lines: `left_N`, those live on the day that left by choice within N days; `gone_N`: in any way."""
    found = {}
    for window in WINDOWS:
        within = Q(activated_on__lte=day, terminated_on__gt=day, terminated_on__lte=day + timedelta(days=window))
        found[f"{GONE}_{window}"] = Count("pk", filter=within)
        found[f"{LEFT}_{window}"] = Count("pk", filter=within & Q(termination_reason__in=VOLUNTARY_REASONS))
    return found


def as_lines(count: int, row: Mapping[str, int], prefix: str = "") -> Lines:
    """`row` has the counts of `departures`; one without any is of lines that all stayed."""
    left, gone = ({window: row.get(f"{prefix}{name}_{window}", 0) for window in WINDOWS} for name in (LEFT, GONE))
    return Lines(count, left, gone)


def snapshot_shares(days: Sequence[date]) -> dict[date, float]:
    """{month end: the share of the live lines that its snapshot holds}, 1 for the whole base, 0 without a snapshot."""
    live = Subscriber.objects.aggregate(**{str(day): Count("pk", filter=_live_on(day)) for day in days})
    held = {day: ProfileSnapshot.objects.filter(as_of=day).count() for day in days}
    shares = {day: min(1.0, held[day] / live[str(day)]) if live[str(day)] else 0.0 for day in days}
    return {day: 1.0 if share >= WHOLE else share for day, share in shares.items()}


def _live_on(day: date) -> Q:
    return Q(activated_on__lte=day) & (Q(terminated_on=None) | Q(terminated_on__gt=day))
