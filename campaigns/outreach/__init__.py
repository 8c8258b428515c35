"""The one gate for every contact, for all sources and channels.

`reserve()` runs in the transaction that opens the order or queues the message; `may_call_now()` checks again before the
call; `use()` records each attempt; `take_over()` gives a reservation to a more urgent request; `release()` ends one.
The contact ledger holds every decision, and `explain()` says it in full: rule, row behind it, since and until when.
"""

from campaigns.outreach.queries import (
    Answer,
    ContactRequest,
    NextCall,
    Verdict,
    calls_resume_at,
    explain,
    explain_line,
    may_call_now,
    next_calls,
    refusals_now,
)
from campaigns.outreach.services import (
    LOCKED_EACH,
    change_policy,
    name_sender,
    record_contaminations,
    record_made,
    release,
    release_many,
    reserve,
    take_back_use,
    take_over,
    use,
    use_many,
)

__all__ = [
    "LOCKED_EACH",
    "Answer",
    "ContactRequest",
    "NextCall",
    "Verdict",
    "calls_resume_at",
    "change_policy",
    "explain",
    "explain_line",
    "may_call_now",
    "name_sender",
    "next_calls",
    "record_contaminations",
    "record_made",
    "refusals_now",
    "release",
    "release_many",
    "reserve",
    "take_back_use",
    "take_over",
    "use",
    "use_many",
]
