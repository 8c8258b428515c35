"""Writes of the workorders app. Keyword-only; each is one transaction."""

from workorders.services.adopting import adopt_orphans
from workorders.services.by_hand import OpenedByHand, open_by_hand
from workorders.services.claiming import LEASE, claim_next, heartbeat, take
from workorders.services.drafts import draft_of, save_draft
from workorders.services.installing import install_order_types
from workorders.services.lapsing import close_lapsed
from workorders.services.leases import release_expired_leases
from workorders.services.next_order import gate_reason, next_order
from workorders.services.opening import open_from_hits
from workorders.services.outcomes import record_outcome, start
from workorders.services.proposing import accept_offer, decline_offer, propose_offer
from workorders.services.reacting import react
from workorders.services.supervision import Moved, agents_under, cancel, reassign, take_back, teams_under
from workorders.services.terminating import termination_check

__all__ = [
    "LEASE",
    "Moved",
    "OpenedByHand",
    "accept_offer",
    "adopt_orphans",
    "agents_under",
    "cancel",
    "claim_next",
    "close_lapsed",
    "decline_offer",
    "draft_of",
    "gate_reason",
    "heartbeat",
    "install_order_types",
    "next_order",
    "open_by_hand",
    "open_from_hits",
    "propose_offer",
    "react",
    "reassign",
    "record_outcome",
    "release_expired_leases",
    "save_draft",
    "start",
    "take",
    "take_back",
    "teams_under",
    "termination_check",
]
