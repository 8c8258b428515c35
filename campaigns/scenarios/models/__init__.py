"""Scenarios, their runs and hits, and their reactions to events."""

from campaigns.scenarios.models.hits import PENDING_HIT_MAX_AGE, ScenarioHit
from campaigns.scenarios.models.runs import EventReaction, ScenarioRun
from campaigns.scenarios.models.scenarios import Scenario

__all__ = ["PENDING_HIT_MAX_AGE", "EventReaction", "Scenario", "ScenarioHit", "ScenarioRun"]
