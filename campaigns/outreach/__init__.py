"""The one gate for every contact, for all sources and channels.

`reserve()` runs in the transaction that opens the order or queues the message; `may_call_now()` checks again before the
call; `use()` records each attempt; `release()` ends a reservation. The contact ledger holds every decision.
"""

from campaigns.outreach.queries import ContactRequest, NextCall, Verdict, calls_resume_at, may_call_now, next_calls
from campaigns.outreach.services import change_policy, release, release_many, reserve, take_back_use, use

__all__ = [
    "ContactRequest",
    "NextCall",
    "Verdict",
    "calls_resume_at",
    "change_policy",
    "may_call_now",
    "next_calls",
    "release",
    "release_many",
    "reserve",
    "take_back_use",
    "use",
]
