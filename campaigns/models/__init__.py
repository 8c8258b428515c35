from campaigns.models.contacts import ContactOutcome, ContactPolicy, ContactPurpose, RefusalReason
from campaigns.models.hits import ScenarioHit, ScenarioRun
from campaigns.models.scenarios import Scenario

__all__ = [
    "ContactOutcome",
    "ContactPolicy",
    "ContactPurpose",
    "RefusalReason",
    "Scenario",
    "ScenarioHit",
    "ScenarioRun",
]
