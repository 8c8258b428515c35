"""The gate's questions (`gate`), and what another policy would have changed (`effect`)."""

from campaigns.outreach.queries.effect import count_refused
from campaigns.outreach.queries.gate import (
    LEDGER,
    OF_LISTS,
    ContactRequest,
    NextCall,
    Verdict,
    calls_resume_at,
    judged_requests,
    may_call_now,
    next_calls,
    parameters,
    policy_parameters,
)

__all__ = [
    "LEDGER",
    "OF_LISTS",
    "ContactRequest",
    "NextCall",
    "Verdict",
    "calls_resume_at",
    "count_refused",
    "judged_requests",
    "may_call_now",
    "next_calls",
    "parameters",
    "policy_parameters",
]
