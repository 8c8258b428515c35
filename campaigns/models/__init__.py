from campaigns.models.contacts import ContactOutcome, ContactPolicy, ContactPurpose, RefusalReason
from campaigns.models.decisions import Decision, DeclineReason
from campaigns.models.hits import ScenarioHit, ScenarioRun
from campaigns.models.offers import Offer
from campaigns.models.reactions import EventReaction
from campaigns.models.scenarios import Scenario

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
