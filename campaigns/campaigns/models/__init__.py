"""Campaigns, their members, the yearly plan, and the share of all customers that no campaign contacts."""

from campaigns.campaigns.models.campaigns import Audience, Campaign, Pace
from campaigns.campaigns.models.holdouts import UniversalHoldout
from campaigns.campaigns.models.members import CampaignMember
from campaigns.campaigns.models.plans import CampaignPlan

__all__ = ["Audience", "Campaign", "CampaignMember", "CampaignPlan", "Pace", "UniversalHoldout"]
