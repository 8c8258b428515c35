"""What the gate goes by: vocabulary and policy of contacts, and who is held out."""

from campaigns.outreach.models.holdouts import ANY_PURPOSE, HOLDS_FOR, PROACTIVE, Contamination, HeldOut
from campaigns.outreach.models.policy import (
    ENDS_TOO_EARLY,
    HOURS_OF,
    POLICY_ACTION,
    POLICY_TARGET,
    WEEKDAYS,
    Channel,
    ContactOutcome,
    ContactPolicy,
    ContactPurpose,
    RefusalReason,
    marketing_only,
    policy_problems,
    purposes_that_matter,
    service_only,
)

__all__ = [
    "ANY_PURPOSE",
    "ENDS_TOO_EARLY",
    "HOLDS_FOR",
    "HOURS_OF",
    "POLICY_ACTION",
    "POLICY_TARGET",
    "PROACTIVE",
    "WEEKDAYS",
    "Channel",
    "Contamination",
    "ContactOutcome",
    "ContactPolicy",
    "ContactPurpose",
    "HeldOut",
    "RefusalReason",
    "marketing_only",
    "policy_problems",
    "purposes_that_matter",
    "service_only",
]
