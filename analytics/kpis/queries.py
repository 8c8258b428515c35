"""Key figures for the home pages: value, change, history; churn by tenure and by branch."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import OuterRef, QuerySet, Subquery, Sum

from analytics.kpis.defaults import KPIS, Kpi
from analytics.kpis.models import KpiValue
from customers.fields.choices import TenureCohort
from retention.core.accounts.models import Branch, User
from retention.core.accounts.roles import Role
from retention.core.ui.periods import all_months

COMPARISON_PERIOD = timedelta(days=28)


@dataclass(frozen=True)
class KpiCard:
    """value and previous are None without a record; percent values are shares of 1."""

    kpi: Kpi
    value: float | None
    previous: float | None
    previous_on: date | None
    points: list[tuple[date, float]] = field(default_factory=list)

    @property
    def change(self) -> float | None:
        """Relative change; for shares, the difference."""
        if self.value is None or self.previous is None:
            return None
        if self.kpi.unit == "percent":
            return self.value - self.previous
        return (self.value - self.previous) / self.previous if self.previous else None

    @property
    def is_good(self) -> bool | None:
        if not self.change:
            return None
        return (self.change > 0) == (self.kpi.good > 0)


def series(*, user: User, until: date, days: int = 400) -> dict[str, list[tuple[date, float]]]:
    """{kpi: [(date, value), ...]} oldest first, over the branches visible to this user. One query."""
    rows = (
        KpiValue.objects.visible_to(user)
        .filter(as_of__gt=until - timedelta(days=days), as_of__lte=until)
        .values("kpi", "as_of")
        .annotate(top=Sum("numerator"), bottom=Sum("denominator"))
        .order_by("as_of")
    )
    found: dict[str, list[tuple[date, float]]] = defaultdict(list)
    for row in rows:
        kpi = KPIS.get(row["kpi"])
        if kpi is None:
            continue
        if not kpi.denominator:
            found[kpi.key].append((row["as_of"], float(row["top"])))
        elif row["bottom"]:
            found[kpi.key].append((row["as_of"], float(row["top"]) / float(row["bottom"])))
    return found


def cards(*, user: User, until: date) -> list[KpiCard]:
    """One card per indicator, in the order of the catalogue."""
    lines = series(user=user, until=until)
    return [_card(kpi, lines.get(key, [])) for key, kpi in KPIS.items() if kpi.on_home]


SPARK_MONTHS = 13


def by_month(points: list[tuple[date, float]]) -> list[float | None]:
    """The last value in each of the last SPARK_MONTHS months up to the newest, oldest first; None for a month without
    any, so that no line is drawn through it."""
    last = {on.replace(day=1): value for on, value in points}
    return [last.get(month) for month in all_months(last)[-SPARK_MONTHS:]]


def _card(kpi: Kpi, points: list[tuple[date, float]]) -> KpiCard:
    if not points:
        return KpiCard(kpi, None, None, None)
    last_on, value = points[-1]
    earlier = [point for point in points if point[0] <= last_on - COMPARISON_PERIOD]
    previous_on, previous = earlier[-1] if earlier else (None, None)
    return KpiCard(kpi, value, previous, previous_on, points)


COHORT_KPIS = {
    TenureCohort.UNDER_6: "churn_under_6",
    TenureCohort.FROM_6_TO_12: "churn_6_to_12",
    TenureCohort.OVER_12: "churn_over_12",
}


@dataclass(frozen=True)
class ChurnSlice:
    """A share of churned lines: `code` filters the list behind it."""

    code: str
    label: str
    churned: int
    lines: int

    @property
    def rate(self) -> float | None:
        return self.churned / self.lines if self.lines else None


def churn_by_tenure(*, user: User, as_of: date) -> list[ChurnSlice]:
    rows = KpiValue.objects.visible_to(user).filter(as_of=as_of, kpi__in=COHORT_KPIS.values()).values("kpi")
    found = {row["kpi"]: row for row in rows.annotate(top=Sum("numerator"), bottom=Sum("denominator"))}
    return [
        ChurnSlice(cohort.value, str(KPIS[key].label), int(found[key]["top"]), int(found[key]["bottom"]))
        for cohort, key in COHORT_KPIS.items()
        if key in found
    ]


def churn_by_branch(*, user: User, as_of: date) -> list[ChurnSlice]:
    """The level below the person's own branch, each with everything under it, worst first."""
    slices = [
        ChurnSlice(one.branch.code, one.branch.name, int(one.numerator), int(one.denominator or 0))
        for one in values_by_branch(kpi="churn_rate", user=user, as_of=as_of)
        if one.denominator
    ]
    return sorted(slices, key=lambda one: -(one.rate or 0))


@dataclass(frozen=True)
class BranchValue:
    """An indicator of a branch with everything under it; denominator is None for a sum."""

    branch: Branch
    numerator: float
    denominator: float | None

    @property
    def value(self) -> float | None:
        if self.denominator is None:
            return self.numerator
        return self.numerator / self.denominator if self.denominator else None


def values_by_branch(*, kpi: str, user: User, as_of: date) -> list[BranchValue]:
    """The indicator on that day for each branch of the level below the person's own. One query."""
    values = KpiValue.objects.visible_to(user).filter(as_of=as_of, kpi=kpi)
    below = values.filter(branch__path__startswith=OuterRef("path")).order_by().values("kpi")
    branches = compared_branches(user).annotate(
        top=Subquery(below.annotate(total=Sum("numerator")).values("total")),
        bottom=Subquery(below.annotate(total=Sum("denominator")).values("total")),
    )
    return [
        BranchValue(one, float(one.top), None if one.bottom is None else float(one.bottom))
        for one in branches.filter(top__isnull=False)
    ]


def comparison_date(*, as_of: date) -> date | None:
    """The newest day with figures that lies COMPARISON_PERIOD or more before; None without one."""
    return KpiValue.objects.filter(as_of__lte=as_of - COMPARISON_PERIOD).latest_date()


def compared_branches(user: User) -> QuerySet[Branch]:
    """The level below the person's own branch."""
    if user.branch_id:
        return Branch.objects.filter(parent=user.branch_id)
    if user.role != Role.ADMINISTRATOR:
        return Branch.objects.none()
    roots = Branch.objects.filter(parent=None)
    below = Branch.objects.filter(parent__in=roots)
    return below if below.exists() else roots
