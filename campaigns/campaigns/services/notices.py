"""Telling those who decide for a campaign."""

from datetime import datetime

from django.urls import reverse

from campaigns.campaigns.models import Campaign
from campaigns.declarations import CAMPAIGN_OWNER_LEFT
from retention.core.accounts.models import User
from retention.core.accounts.roles import Role
from retention.core.managed.permissions import may_decide
from retention.core.notices.models import Notice, Urgency
from retention.core.notices.services.notifying import notify
from retention.core.notices.text import Message


def tell_deciders(*, campaign: Campaign, what: Message, now: datetime, but: User | None = None) -> int:
    """A notice to the retention managers who decide for the campaign's branch, without any to administrators."""
    people = User.objects.filter(is_active=True, role__in=[Role.MANAGER, Role.ADMINISTRATOR]).select_related("branch")
    permission = Campaign.approve_permission
    deciders = [
        one for one in people if one != but and may_decide(actor=one, permission=permission, branch=campaign.branch)
    ]
    managers = [one for one in deciders if one.role == Role.MANAGER]
    where = reverse("campaign:campaign", args=[campaign.code])
    return notify(people=managers or deciders, what=what, where=where, urgency=Urgency.NORMAL, now=now)


def report_owner(*, user: User, now: datetime) -> int:
    """Tell once of each campaign under way whose owner `user` has left. Returns how many were told of."""
    if user.is_active:
        return 0
    told = 0
    for campaign in Campaign.objects.filter(owner=user).under_way().select_related("branch").order_by("code"):
        known = {"params__campaign": campaign.code, "params__owner": user.username}
        if not Notice.objects.filter(message=CAMPAIGN_OWNER_LEFT, **known).exists():
            params = {"campaign": campaign.code, "owner": user.username, "name": user.display_name}
            tell_deciders(campaign=campaign, what=Message(CAMPAIGN_OWNER_LEFT, params), now=now)
            told += 1
    return told
