"""The one gate for every contact, whoever wants it and over whichever channel.

`reserve()` asks, in the transaction that opens the order or queues the message; `may_call_now()` asks again when the
call is made; `use()` writes each attempt; `release()` gives a reservation back. The contact ledger keeps every answer.
"""

from campaigns.governance.checks import may_call_now
from campaigns.governance.gate import release, release_many, reserve, use
from campaigns.governance.policy import save_policy
from campaigns.governance.requests import ContactRequest, Verdict

__all__ = ["ContactRequest", "Verdict", "may_call_now", "release", "release_many", "reserve", "save_policy", "use"]
