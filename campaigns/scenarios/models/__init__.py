"""Scenarios, their runs and hits, and their reactions to events."""

from campaigns.scenarios.models.hits import PENDING_HIT_MAX_AGE, ScenarioHit
from campaigns.scenarios.models.runs import EventReaction, MatchStreak, ScenarioRun
from campaigns.scenarios.models.scenarios import Scenario, Weekday, known_numbers

__all__ = [
    "PENDING_HIT_MAX_AGE",
    "EventReaction",
    "MatchStreak",
    "Scenario",
    "ScenarioHit",
    "ScenarioRun",
    "Weekday",
    "known_numbers",
]
