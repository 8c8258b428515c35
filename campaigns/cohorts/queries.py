"""Members of a cohort as the pages list them, and what was kept by month, owner and branch. Read-only."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum

from campaigns.cohorts.models import CohortCount, CohortCountQuerySet, CohortMonth
from campaigns.cohorts.states import KEPT_STATES, LOST_STATES, MemberState
from customers.cohorts.models import CohortMember
from retention.core.accounts.models import Branch, User

# Words of an address for groups of states, and for members without an owner.
KEPT, LOST, NOBODY = "kept-all", "lost-all", "nobody"
GROUPS = {KEPT: KEPT_STATES, LOST: LOST_STATES}


def with_state(members: QuerySet, *, on: date | None = None) -> QuerySet:
    """Each with `state` and `month_revenue` at a month end, by default the newest that was measured."""
    months = CohortMonth.objects.filter(member_id=OuterRef("pk"))
    newest = months.filter(month=on) if on else months.order_by("-month")
    return members.annotate(
        state=Subquery(newest.values("state")[:1]), month_revenue=Subquery(newest.values("revenue")[:1])
    )


def members_at(members: QuerySet, *, on: date | None, state: str = "", owner: str = "", cohort: int) -> QuerySet:
    """Those in a state, or a group of states, and of an owner (a user name, or NOBODY) at a month end; on=None: of an
    owner now."""
    if on is None:
        whose = {NOBODY: {"owner": None}, "": {}}.get(owner, {"owner__username": owner})
        return members.filter(**whose)
    months = CohortMonth.objects.filter(cohort=cohort, month=on)
    if state:
        months = months.filter(state__in=GROUPS.get(state, (state,)))
    if owner:
        months = months.filter(owner=None) if owner == NOBODY else months.filter(owner__username=owner)
    return members.filter(pk__in=months.values("member_id")) if state or owner else members


@dataclass
class Kept:
    """What was kept of some members at a month end. revenue: None until the bills of the month are there."""

    month: date | None = None
    members: int = 0
    kept: int = 0
    base: float = 0.0
    revenue: float | None = None
    states: dict[str, int] = field(default_factory=dict)

    @property
    def share(self) -> float | None:
        return self.kept / self.members if self.members else None

    @property
    def revenue_share(self) -> float | None:
        return self.revenue / self.base if self.base and self.revenue is not None else None


@dataclass(frozen=True)
class Baseline:
    """Before the first month end: the members as frozen, of their owners now, as CohortCountQuerySet.summed."""

    members: QuerySet[CohortMember]

    def summed(self, *by: str) -> list[dict[str, Any]]:
        found = self.members.order_by(*by).values(*by).annotate(total=Count("pk"), base=Sum("base_revenue"))
        states = dict.fromkeys(MemberState.values, 0)
        return [
            row | states | {"kept_members": row["total"], MemberState.KEPT.value: row["total"], "month_revenue": None}
            for row in found
        ]


Figures = CohortCountQuerySet | Baseline


def _kept(rows: Iterable[dict[str, Any]], month: date | None = None) -> Kept:
    """The rows of CohortCountQuerySet.summed added up."""
    whole = Kept(month, states=dict.fromkeys(MemberState.values, 0))
    for row in rows:
        whole.members += row["total"]
        whole.kept += row["kept_members"]
        whole.base += float(row["base"])
        if row["month_revenue"] is not None:
            whole.revenue = (whole.revenue or 0.0) + float(row["month_revenue"])
        for state in whole.states:
            whole.states[state] += row[state]
    return whole


@dataclass(frozen=True)
class CohortFigures:
    """Of the members that a reader sees. newest: at the newest month end that was measured, None before the first."""

    members: int
    base: float
    unowned: int
    newest: Kept | None


def figures_by_cohort(user: User) -> dict[int, CohortFigures]:
    """{id of a frozen cohort with members that the person sees: its figures}. Two queries."""
    months = CohortCount.objects.visible_to(user).summed("cohort", "month")
    newest = {row["cohort"]: _kept([row], row["month"]) for row in months}  # the last of each cohort stays
    members = CohortMember.objects.visible_to(user).order_by().values("cohort")
    counted = members.annotate(n=Count("pk"), base=Sum("base_revenue"), unowned=Count("pk", filter=Q(owner=None)))
    return {
        row["cohort"]: CohortFigures(row["n"], float(row["base"]), row["unowned"], newest.get(row["cohort"]))
        for row in counted
    }


def kept_by_month(counts: CohortCountQuerySet) -> list[Kept]:
    """Oldest first."""
    return [_kept([row], row["month"]) for row in counts.summed("month")]


def kept_by_owner(counts: Figures) -> list[tuple[str, str, Kept]]:
    """(user name, or NOBODY; name shown; what was kept) of one month, who has most members first."""
    rows = counts.summed("owner", "owner__username", "owner__first_name", "owner__last_name")
    found = [(row["owner__username"] or NOBODY, _name(row), _kept([row])) for row in rows]
    return sorted(found, key=lambda one: (-one[2].members, one[0]))


def _name(row: dict[str, Any]) -> str:
    full = f"{row['owner__first_name'] or ''} {row['owner__last_name'] or ''}".strip()
    return full or row["owner__username"] or ""


def kept_by_branch(counts: Figures, *, top: Branch | None) -> list[tuple[Branch, Kept]]:
    """What was kept of one month in each branch right below `top` (None: the branches at the root), in their order.

    What stands in `top` itself is its own row.
    """
    rows = counts.summed("branch")
    branches = {one.pk: one for one in Branch.objects.filter(pk__in=[row["branch"] for row in rows])}
    below = list(Branch.objects.filter(parent=top))
    found: dict[Branch, list[dict[str, Any]]] = {}
    for row in rows:
        path = branches[row["branch"]].path
        place = next((one for one in below if path.startswith(one.path)), branches[row["branch"]])
        found.setdefault(place, []).append(row)
    return [(place, _kept(found[place])) for place in sorted(found, key=lambda one: one.path)]
