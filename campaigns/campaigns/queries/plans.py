"""The yearly plan with what its campaigns have used and reached."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Q

from campaigns.campaigns.models import Campaign, CampaignPlan
from campaigns.campaigns.states import MemberState
from retention.core.accounts.models import User


@dataclass
class PlanLine:
    """A plan with the campaigns that the person sees. used: yuan of the orders they opened, as far as a contact has a cost; budgeted: the
    sum of their budgets; planned: customers that they are to keep."""

    plan: CampaignPlan
    campaigns: list[Campaign] = field(default_factory=list)
    used: Decimal = Decimal(0)
    budgeted: Decimal = Decimal(0)
    planned: int = 0

    @property
    def share(self) -> float | None:
        """Of the budget that is used."""
        return float(self.used / self.plan.budget) if self.plan.budget else None


def plan_lines(*, user: User, year: int | None = None) -> list[PlanLine]:
    """Four queries, however many plans there are. The sums count campaigns that the person does not see as well."""
    plans = CampaignPlan.objects.visible_to(user).for_list()
    lines = {one.pk: PlanLine(one) for one in (plans.filter(year=year) if year else plans)}
    opened = Count("members", filter=Q(members__state=MemberState.OPENED))
    campaigns = Campaign.objects.filter(plan__in=lines).order_by("starts_on", "code")
    seen = set(Campaign.objects.visible_to(user).values_list("pk", flat=True))
    orders = dict(campaigns.values_list("pk").annotate(n=opened))
    for campaign in campaigns:
        line = lines[campaign.plan_id or 0]
        if campaign.pk in seen:
            line.campaigns.append(campaign)
        line.used += (campaign.contact_cost or Decimal(0)) * orders[campaign.pk]
        line.budgeted += campaign.budget or Decimal(0)
        line.planned += campaign.planned_kept or 0
    return list(lines.values())
