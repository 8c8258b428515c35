"""The one gate for every contact, whoever wants it and over whichever channel.

`reserve()` asks, in the transaction that opens the order or queues the message; `may_call_now()` asks again when the
call is made; `use()` writes each attempt; `release()` gives a reservation back. The contact ledger keeps every answer.
"""

from campaigns.outreach.queries import ContactRequest, Verdict, may_call_now
from campaigns.outreach.services import release, release_many, reserve, save_policy, use

__all__ = ["ContactRequest", "Verdict", "may_call_now", "release", "release_many", "reserve", "save_policy", "use"]
