"""What was kept of the cohorts at month ends: a row a member, and the counts that pages show."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from campaigns.cohorts.states import KEPT_STATES, MemberState
from customers.cohorts.models import Cohort
from customers.facts.models import MONEY, unchecked_foreign_key
from retention.core.accounts.models import BranchCounts

KEPT = Q(state__in=KEPT_STATES)


class CohortMonth(models.Model):
    """A member at a month end. Monthly partitions. owner: who answered for it then.

    revenue: of that month, 0 for who is lost; None until the bills of the month are there.
    """

    pk = models.CompositePrimaryKey("member_id", "month")
    member = unchecked_foreign_key("customers.CohortMember", related_name="months", db_index=False)
    cohort = unchecked_foreign_key("customers.Cohort", related_name="+", db_index=False)
    month = models.DateField()
    state = models.CharField(_("state"), max_length=16, choices=MemberState.choices)
    owner = unchecked_foreign_key("core.User", related_name="+", db_index=False, null=True)
    revenue = models.DecimalField(_("revenue of the month"), null=True, **MONEY)

    class Meta:
        indexes = [models.Index(fields=["cohort", "month", "state"], name="cohort_month_state")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.month} {self.state}"


class CohortCountQuerySet(BranchCounts):
    """Of members frozen in a branch, as CohortMember.visible_to has the rows."""

    def summed(self, *by: str) -> list[dict[str, Any]]:
        """A dict a group of `by`: total, base, kept_members, month_revenue (None until known) and members a state."""
        states = {state.value: Sum("members", filter=Q(state=state), default=0) for state in MemberState}
        figures = {
            "total": Sum("members"), "kept_members": Sum("members", filter=KEPT, default=0),
            "base": Sum("base_revenue"), "month_revenue": Sum("revenue"),
        }  # fmt: skip
        return list(self.order_by(*by).values(*by).annotate(**figures, **states))

    def months(self) -> list[date]:
        """The month ends that were measured, oldest first."""
        return list(self.order_by("month").values_list("month", flat=True).distinct())


class CohortCount(models.Model):
    """Members of a cohort, frozen in one branch, of one owner and in one state at a month end.

    revenue: of the month; None until its bills are there. Until then the month is provisional and measured again.
    """

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="counts", db_index=False)
    month = models.DateField()
    branch = unchecked_foreign_key("core.Branch", related_name="+", db_index=False)
    owner = unchecked_foreign_key("core.User", related_name="+", db_index=False, null=True)
    state = models.CharField(max_length=16, choices=MemberState.choices)
    members = models.PositiveIntegerField()
    base_revenue = models.DecimalField(max_digits=14, decimal_places=2)
    revenue = models.DecimalField(max_digits=14, decimal_places=2, null=True)

    objects = CohortCountQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["cohort", "month"], name="cohort_count_of_month")]

    def __str__(self) -> str:
        return f"{self.cohort_id} {self.month} {self.state} {self.members}"
