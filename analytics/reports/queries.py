"""The rows of the reports, added up over the lines that a person may see."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Avg, Count, ExpressionWrapper, F, FloatField, Q, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from analytics.kpis.queries import compared_branches, comparison_date, values_by_branch
from customers.fields.choices import HIGH_TIERS
from customers.fields.spend import MONTHLY_SPEND
from customers.profile.models import SubscriberProfile
from customers.risk.models import RiskScore
from customers.risk.text.themes import MIN_THEME_LOG_ODDS, THEMES
from retention.core.accounts.models import Branch, User

AT_RISK = ExpressionWrapper(F("spend") * F("risk_probability"), output_field=FloatField())


def risk_by_plan(user: User) -> QuerySet[Any, Any]:
    """A row for each plan, of its scored lines: plan_code, plan (name), lines, probability (mean), leavers (expected),
    total and at_risk (yuan a month). One query."""
    return (
        SubscriberProfile.objects.visible_to(user)
        .filter(risk_probability__isnull=False)
        .annotate(spend=MONTHLY_SPEND)
        .values("plan_code", plan=F("subscriber__plan__name"))
        .annotate(
            lines=Count("pk"),
            probability=Avg("risk_probability"),
            leavers=Sum("risk_probability"),
            at_risk=Coalesce(Sum(AT_RISK), 0.0),
            total=Sum("spend"),
        )
        .order_by("-at_risk", "plan_code")
    )


# Of fewer lines no reason stands out: each of them would be a tenth of all or more.
FEWEST_LINES = 10


@dataclass(frozen=True)
class BranchComparison:
    """A branch with everything under it. Rates are shares of 1; `before` is of `comparison_date`, None without figures.

    reason: the business reason that stands out among its lines at high risk, "" with fewer than FEWEST_LINES of them;
    reason_share of those lines have it, which is reason_above more than in all compared branches together.
    """

    branch: Branch
    churn: float | None
    before: float | None
    at_risk: int
    reason: str
    reason_share: float | None
    reason_above: float | None

    @property
    def change(self) -> float | None:
        return None if self.churn is None or self.before is None else self.churn - self.before


@dataclass
class ReasonCounts:
    """The lines at high risk of a branch, and how many of them each business reason drives."""

    lines: int = 0
    driven: Counter[str] = field(default_factory=Counter)

    def add(self, lines: int, driven: Mapping[str, int]) -> None:
        self.lines += lines
        self.driven.update(driven)

    def share(self, key: str) -> float:
        return self.driven[key] / self.lines


def compare_branches(user: User, *, as_of: date) -> list[BranchComparison]:
    """The branches of the level below the person's own, the one whose churn rose most first."""
    earlier = comparison_date(as_of=as_of)
    churn = _values("churn_rate", user, as_of)
    before = _values("churn_rate", user, earlier) if earlier else {}
    at_risk = _values("at_risk", user, as_of)
    branches = list(compared_branches(user))
    reasons = _count_reasons(user, branches)
    everywhere = ReasonCounts()
    for one in reasons.values():
        everywhere.add(one.lines, one.driven)
    rows = []
    for branch in branches:
        reason, share, above = _standing_out(reasons[branch.pk], everywhere)
        rates = churn.get(branch.pk), before.get(branch.pk)
        rows.append(BranchComparison(branch, *rates, int(at_risk.get(branch.pk) or 0), reason, share, above))
    return sorted(rows, key=lambda one: (one.change is None, -(one.change or 0), one.branch.code))


def _values(kpi: str, user: User, as_of: date) -> dict[int, float | None]:
    return {one.branch.pk: one.value for one in values_by_branch(kpi=kpi, user=user, as_of=as_of)}


def _standing_out(own: ReasonCounts, everywhere: ReasonCounts) -> tuple[str, float | None, float | None]:
    if own.lines < FEWEST_LINES:
        return "", None, None
    above = {key: own.share(key) - everywhere.share(key) for key in THEMES}
    key = max(THEMES, key=lambda one: (above[one], own.share(one)))
    return key, own.share(key), above[key]


def _count_reasons(user: User, branches: list[Branch]) -> dict[int, ReasonCounts]:
    """{key of a compared branch: counts}, by the newest score of each line at high risk."""
    risky = SubscriberProfile.objects.visible_to(user).filter(risk_tier__in=HIGH_TIERS)
    days = [day for day in risky.values_list("risk_scored_on", flat=True).distinct() if day]
    drives = {key: Cast(KeyTextTransform(key, "themes"), FloatField()) for key in THEMES}
    scores: QuerySet[Any, Any] = (
        RiskScore.objects.filter(as_of__in=days, as_of=F("subscriber__profile__risk_scored_on"))
        .filter(subscriber__in=risky.values("pk"))
        .annotate(**{f"by_{key}": log_odds for key, log_odds in drives.items()})
        .values(path=F("subscriber__profile__branch__path"))
        .annotate(
            lines=Count("pk"),
            **{key: Count("pk", filter=Q(**{f"by_{key}__gte": MIN_THEME_LOG_ODDS})) for key in THEMES},
        )
        .order_by()
    )
    found: dict[int, ReasonCounts] = defaultdict(ReasonCounts)
    for row in scores:
        for branch in branches:
            if row["path"].startswith(branch.path):
                found[branch.pk].add(row["lines"], {key: row[key] for key in THEMES})
    return found
