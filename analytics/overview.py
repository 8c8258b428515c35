"""The figures of the manager's home that are not a single number: churn by tenure and by branch."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from analytics.kpis.catalogue import KPIS
from analytics.models import KpiValue
from customers.models import TenureCohort
from retention.core.models import Branch, User
from retention.core.roles import Role

COHORT_KPIS = {
    TenureCohort.UNDER_6: "churn_under_6",
    TenureCohort.FROM_6_TO_12: "churn_6_to_12",
    TenureCohort.OVER_12: "churn_over_12",
}


@dataclass(frozen=True)
class Slice:
    """A share of churned lines: `code` filters the list behind it."""

    code: str
    label: str
    churned: int
    lines: int

    @property
    def rate(self) -> float | None:
        return self.churned / self.lines if self.lines else None


def churn_by_tenure(*, user: User, as_of: date) -> list[Slice]:
    rows = KpiValue.objects.visible_to(user).filter(as_of=as_of, kpi__in=COHORT_KPIS.values()).values("kpi")
    found = {row["kpi"]: row for row in rows.annotate(top=Sum("numerator"), bottom=Sum("denominator"))}
    return [
        Slice(cohort.value, str(KPIS[key].label), int(found[key]["top"]), int(found[key]["bottom"]))
        for cohort, key in COHORT_KPIS.items()
        if key in found
    ]


def churn_by_branch(*, user: User, as_of: date) -> list[Slice]:
    """The level below the person's own branch, each with everything under it, worst first."""
    rows = (
        KpiValue.objects.visible_to(user)
        .filter(as_of=as_of, kpi="churn_rate")
        .values_list("branch__path", "numerator", "denominator")
    )
    children = {child.path: child for child in _children(user)}
    sums: dict[str, list[int]] = {path: [0, 0] for path in children}
    for path, top, bottom in rows:
        for parent in children:
            if path.startswith(parent):
                sums[parent][0] += int(top)
                sums[parent][1] += int(bottom or 0)
    slices = [Slice(children[path].code, children[path].name, *counts) for path, counts in sums.items()]
    return sorted((one for one in slices if one.lines), key=lambda one: -(one.rate or 0))


def _children(user: User) -> list[Branch]:
    if user.branch_id:
        return list(Branch.objects.filter(parent=user.branch_id))
    if user.role != Role.ADMINISTRATOR:
        return []
    roots = list(Branch.objects.filter(parent=None))
    return list(Branch.objects.filter(parent__in=roots)) or roots
