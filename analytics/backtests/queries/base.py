"""The lines that were live at month ends, and how many of them have left since."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
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
# {month end: {(branch id, line type): its live lines}}.
Counted = Mapping[date, Mapping[tuple[int, str], Lines]]


def count_lines(days: Sequence[date]) -> Counted:
    """The live lines of the whole base. One pass over the lines for any number of days; who left since has an index.

    From the lines themselves: a share of all leavers must not miss those whom a snapshot lacks.
    """
    groups = Subscriber.objects.order_by().values("branch_id", "line_type")
    live = {str(day): Count("pk", filter=_live_on(day)) for day in days}
    gone = {f"{day}_{name}": count for day in days for name, count in departures(day).items()}
    ended = groups.filter(status=Subscriber.Status.TERMINATED, terminated_on__gt=min(days))
    left: dict[Any, Any] = {(row["branch_id"], row["line_type"]): row for row in ended.annotate(**gone)}
    found: dict[date, dict[tuple[int, str], Lines]] = {day: {} for day in days}
    standing: Iterable[Any] = groups.annotate(**live)
    for row in standing:
        group = row["branch_id"], row["line_type"]
        for day in days:
            found[day][group] = as_lines(row[str(day)], left.get(group, {}), f"{day}_")
    return found


def live_lines(counted: Counted, scope: Scope) -> dict[date, dict[int, Lines]]:
    """{month end: {branch id: its live lines}} of the scope."""
    branches = scope.branch_ids()
    found: dict[date, dict[int, Lines]] = {day: defaultdict(Lines) for day in counted}
    for day, groups in counted.items():
        for (branch, line_type), lines in groups.items():
            if (branches is None or branch in branches) and (not scope.line_types or line_type in scope.line_types):
                found[day][branch] += lines
    return found


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


def snapshot_shares(counted: Counted) -> dict[date, float]:
    """{month end: the share of the live lines that its snapshot holds}, 1 for the whole base, 0 without a snapshot."""
    shares = {}
    for day, groups in counted.items():
        live = sum(lines.lines for lines in groups.values())
        shares[day] = min(1.0, ProfileSnapshot.objects.filter(as_of=day).count() / live) if live else 0.0
    return {day: 1.0 if share >= WHOLE else share for day, share in shares.items()}


def _live_on(day: date) -> Q:
    return Q(activated_on__lte=day) & (Q(terminated_on=None) | Q(terminated_on__gt=day))
