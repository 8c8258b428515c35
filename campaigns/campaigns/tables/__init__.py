"""The list of campaigns, their members, and the tables inside their pages."""

from campaigns.campaigns.tables.campaigns import CampaignTable, PlanTable, WeekTable
from campaigns.campaigns.tables.figures import AreaTable, HoldoutTable, StageTable, StepTable, WaveTable
from campaigns.campaigns.tables.members import CampaignMemberTable

__all__ = [
    "AreaTable",
    "CampaignMemberTable",
    "CampaignTable",
    "HoldoutTable",
    "PlanTable",
    "StageTable",
    "StepTable",
    "WaveTable",
    "WeekTable",
]
