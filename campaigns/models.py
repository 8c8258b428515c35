"""Models of the features, gathered for Django."""

from campaigns.offers.models import Decision, DeclineReason, Offer
from campaigns.outreach.models import ContactOutcome, ContactPolicy, ContactPurpose, RefusalReason
from campaigns.scenarios.models import EventReaction, Scenario, ScenarioHit, ScenarioRun

__all__ = [
    "ContactOutcome",
    "ContactPolicy",
    "ContactPurpose",
    "Decision",
    "DeclineReason",
    "EventReaction",
    "Offer",
    "RefusalReason",
    "Scenario",
    "ScenarioHit",
    "ScenarioRun",
]
