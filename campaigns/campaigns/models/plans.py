"""The yearly plan: what the campaigns of a branch are to reach in a quarter, and what they may cost."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.facts.models import MONEY
from retention.core.accounts.models import Branch, User
from retention.core.managed.permissions import visible_rows


class CampaignPlanQuerySet(models.QuerySet["CampaignPlan"]):
    def visible_to(self, user: User) -> Self:
        """Those of the whole base, of a branch above the person's own, or below it."""
        return visible_rows(self, user)

    def for_list(self) -> Self:
        return self.select_related("branch").order_by("-year", "quarter", "branch__path", "pk")


class CampaignPlan(models.Model):
    """What the campaigns of a branch are for in one quarter. branch: None for the whole base.

    planned_kept: customers that they are to keep. budget: yuan that their contacts and offers may cost together.
    """

    year = models.PositiveSmallIntegerField(_("year"))
    quarter = models.PositiveSmallIntegerField(_("quarter"), choices=[(n, f"Q{n}") for n in range(1, 5)])
    branch = models.ForeignKey(
        Branch, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("branch")
    )
    goal = models.CharField(_("goal"), max_length=300)
    planned_kept = models.PositiveIntegerField(_("customers to keep"), null=True, blank=True)
    budget = models.DecimalField(_("budget (yuan)"), null=True, blank=True, **MONEY)

    objects = CampaignPlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["year", "quarter", "branch"], nulls_distinct=False, name="campaign_plan_one_a_quarter"
            ),
            models.CheckConstraint(condition=Q(quarter__range=(1, 4)), name="campaign_plan_quarter"),
            models.CheckConstraint(condition=Q(year__range=(2000, 2100)), name="campaign_plan_year"),
            models.CheckConstraint(condition=Q(budget=None) | Q(budget__gte=0), name="campaign_plan_budget"),
        ]
        verbose_name = _("campaign plan")
        verbose_name_plural = _("campaign plans")

    def __str__(self) -> str:
        where = str(self.branch) if self.branch else gettext("The whole base")
        return f"{self.year} Q{self.quarter} · {where}"
