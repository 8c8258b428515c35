"""All campaigns by week: whom they contact, and what that asks of the agents and of the customers."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from campaigns.campaigns.models import Campaign
from campaigns.campaigns.states import State
from campaigns.scenarios.forecasts import WORKLOADS
from customers.profile.models import SubscriberProfile
from retention.core.accounts.models import User

WEEK = timedelta(days=7)
WORKING_DAYS = 5
# An archived or evaluated campaign contacts nobody.
PLANNED = (
    State.DRAFT, State.TEST, State.SUBMITTED, State.APPROVED, State.FROZEN, State.RUNNING, State.PAUSED,
    State.MEASURING,
)  # fmt: skip


@dataclass
class CampaignWeek:
    """contacts: planned for the week, over campaigns; unknown: campaigns that were not tested yet. load: the contacts
    as a share of what the agents close in a week, None where they close nothing; share: of the customers."""

    first: date
    campaigns: list[Campaign] = field(default_factory=list)
    contacts: float = 0.0
    unknown: int = 0
    load: float | None = None
    share: float | None = None

    @property
    def last(self) -> date:
        return self.first + WEEK - timedelta(days=1)


def campaign_weeks(*, user: User, first: date, weeks: int, now: datetime) -> list[CampaignWeek]:
    """From the week of `first` on. A campaign's contacts lie evenly on its days."""
    monday = first - timedelta(days=first.weekday())
    found = [CampaignWeek(monday + WEEK * number) for number in range(weeks)]
    campaigns = Campaign.objects.visible_to(user).filter(
        state__in=PLANNED, starts_on__lte=found[-1].last, ends_on__gte=monday
    )
    for campaign in campaigns.for_list().order_by("starts_on", "code"):
        _spread(campaign, found)
    work = WORKLOADS["orders"](user=user, now=now) if "orders" in WORKLOADS else None
    customers = SubscriberProfile.objects.visible_to(user).values("customer").distinct().count()
    for week in found:
        closed = work.closed_a_day * WORKING_DAYS if work else 0
        week.load = week.contacts / closed if closed else None
        week.share = week.contacts / customers if customers else None
    return found


def planned_contacts(campaign: Campaign) -> int | None:
    """Customers whom it contacts in all: the treated once frozen, before that by its test; None before one."""
    if campaign.frozen_on:
        return campaign.treated_count
    return sum(campaign.test["contacts"].values()) if campaign.test else None


def _spread(campaign: Campaign, weeks: Iterable[CampaignWeek]) -> None:
    days = (campaign.ends_on - campaign.starts_on).days + 1
    contacts = planned_contacts(campaign)
    for week in weeks:
        begins, ends = max(campaign.starts_on, week.first), min(campaign.ends_on, week.last)
        if begins > ends:
            continue
        week.campaigns.append(campaign)
        if contacts is None:
            week.unknown += 1
        elif campaign.state != State.MEASURING:
            week.contacts += contacts * ((ends - begins).days + 1) / days
