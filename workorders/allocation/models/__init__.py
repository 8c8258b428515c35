"""Tables of the allocation: people (`people`) and rules (`rules`)."""

from workorders.allocation.models.people import Absence, AgentTerms, Skill, TeamTargets
from workorders.allocation.models.rules import AllocationRule

__all__ = ["Absence", "AgentTerms", "AllocationRule", "Skill", "TeamTargets"]
