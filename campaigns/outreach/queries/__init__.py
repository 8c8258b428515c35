"""The gate's questions (`gate`), its answers in full (`explanations`), the versions of the policy (`versions`), and
what another policy would have changed (`effect`)."""

from campaigns.outreach.queries.effect import count_refused
from campaigns.outreach.queries.explanations import (
    BEHIND,
    OF_LISTS,
    Answer,
    NextCall,
    explain,
    explain_line,
    next_calls,
)
from campaigns.outreach.queries.gate import (
    LEDGER,
    ContactRequest,
    Verdict,
    calls_resume_at,
    judged_requests,
    may_call_now,
    parameters,
    policy_parameters,
    refusals_now,
    resume_at,
)
from campaigns.outreach.queries.versions import PolicyVersion, policy_versions, version_at

__all__ = [
    "BEHIND",
    "LEDGER",
    "OF_LISTS",
    "Answer",
    "ContactRequest",
    "NextCall",
    "PolicyVersion",
    "Verdict",
    "calls_resume_at",
    "count_refused",
    "explain",
    "explain_line",
    "judged_requests",
    "may_call_now",
    "next_calls",
    "parameters",
    "policy_parameters",
    "policy_versions",
    "refusals_now",
    "resume_at",
    "version_at",
]
