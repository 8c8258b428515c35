"""What rules may ask of campaigns: their members; and how far an audience shares its lines with campaigns under way."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.audiences.overlaps import OVERLAPS, Other
from campaigns.audiences.rules.memberships import DAY, LINE, MEMBERSHIPS, Membership
from campaigns.campaigns.models import Campaign, CampaignMember
from campaigns.campaigns.states import HOLDING_STATES
from retention.core.accounts.models import User


def register() -> None:
    OVERLAPS.declare("campaigns", campaigns_under_way)
    MEMBERSHIPS.declare("in_campaign", Membership(
        _("In a campaign"), _("Lists"), _members, _("in the campaign %(values)s"), _("not in the campaign %(values)s"),
        code="campaign__code", names=_titles, on="launched_on",
    ))  # fmt: skip


def _members() -> QuerySet:
    return CampaignMember.objects.filter(Q(launched_on=None) | Q(launched_on__lte=DAY), subscriber=LINE)


def _titles() -> dict[str, object]:
    return {one.code: one.title for one in Campaign.objects.order_by("code")}


def campaigns_under_way(user: User, code: str) -> Iterator[Other]:
    """Members of the campaigns that are frozen, running or measured, but for the one that is being written."""
    for campaign in Campaign.objects.visible_to(user).filter(state__in=HOLDING_STATES).exclude(code=code):
        members = CampaignMember.objects.filter(campaign=campaign, subscriber=OuterRef("pk"))
        label = _("Campaign %(name)s") % {"name": campaign.title}
        yield Other(str(label), Q(Exists(members)), reverse("campaign:campaign", args=[campaign.code]))
