"""The next best action with one line, as a figure of its page: what comes first of an order, billing, the contact rules
and the offers.

Pure but for its texts: who asks has read the facts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.offers.eligibility import Judged
from campaigns.offers.models import Decision, Offer
from campaigns.offers.text import format_offer_name
from campaigns.outreach import NextCall
from campaigns.outreach.queries.explanations import OF_CAPS
from retention.core.ui import formats


@dataclass(frozen=True)
class Standing:
    """Facts of a line. order_no: of the customer's open order, "" for none. promised: an offer that the customer has
    accepted and billing has not answered. call: the contact rules' answer to a retention call. offers: the best first.
    """

    now: datetime
    order_no: str
    promised: Decision | None
    call: NextCall
    offers: Sequence[Judged[Offer]]


def next_action(standing: Standing) -> dict[str, Any]:
    """The figure for `kpi_card`."""
    value, note, anchor = _action(standing)
    return {
        "label": gettext_lazy("Next best action"), "kind": "text", "measure": "next_action", "value": value,
        "note": note, "href": anchor,
    }  # fmt: skip


def _action(standing: Standing) -> tuple[str, str, str]:
    """(action, why, where on the page it is done)."""
    if standing.promised is not None:
        note = _("%(offer)s was accepted; billing has not answered yet") % {
            "offer": format_offer_name(standing.promised)
        }
        return _("Wait for billing"), note, "#decisions"
    if standing.order_no:
        return _("Finish the open order"), standing.order_no, "#orders"
    reason = standing.call.reason
    if reason is not None and reason not in OF_CAPS:  # the room of a cap comes back within days
        return _("Leave alone"), str(reason.label), "#contact"
    best = next((one for one in standing.offers if one.is_eligible), None)
    if best is None:
        return _("Leave alone"), _("No offer may be made to this line."), "#offers"
    gain = best.economics.gain if best.economics else None
    if gain is not None and gain <= 0:
        return _("Leave alone"), _("No offer is expected to bring more than it costs."), "#offers"
    notes = [_("expected gain %(gain)s") % {"gain": formats.money(gain)}] if gain is not None else []
    if standing.call.at is not None and standing.call.at > standing.now:
        notes.append(_("call from %(moment)s on") % {"moment": formats.moment(standing.call.at)})
    return _("Offer: %(offer)s") % {"offer": best.offer.title}, ", ".join(notes), "#offers"
