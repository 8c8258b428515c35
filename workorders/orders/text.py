"""Why an order was opened, phrased for the agent: each scenario with its talk hint and the facts it found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from campaigns.audiences.text import evidence_values, fill_text, format_event
from campaigns.campaigns.models import Campaign
from campaigns.campaigns.queries.drawn_offers import drawn_offer
from campaigns.scenarios.models import Scenario
from customers.fields import FIELDS
from customers.risk.text.reasons import Reason, format_reasons
from workorders.orders.models import WorkOrder
from workorders.orders.origins import CAMPAIGN_MARK, CHOSEN
from workorders.orders.states import State


@dataclass(frozen=True)
class Cause:
    """One scenario or campaign that found the customer. Facts that are not `sayable` are for the agent only."""

    title: str
    hint: str
    facts: Sequence[Reason]
    events: Sequence[tuple[str, str]] = ()  # what happened, when


def causes(order: WorkOrder, *, today: date) -> list[Cause]:
    """The scenarios behind an order, the one that opened it first. Days until or since something: as of `today`."""
    found = {one["scenario"]: one.get("facts", {}) for one in reversed(order.evidence)}
    later = {one["scenario"]: (today - date.fromisoformat(one["on"])).days for one in reversed(order.evidence)}
    scenarios = Scenario.objects.in_bulk(list(found), field_name="code")
    marked = [code.removeprefix(CAMPAIGN_MARK) for code in found if code.startswith(CAMPAIGN_MARK)]
    campaigns = {one.code: one for one in Campaign.objects.filter(code__in=marked)} if marked else {}
    rows: dict[str, Scenario | Campaign] = dict(scenarios)
    rows |= {f"{CAMPAIGN_MARK}{code}": row for code, row in campaigns.items()}
    customer = order.customer.name
    return [
        Cause(
            title=rows[code].title if code in rows else str(CHOSEN.get(code, code)),
            hint=fill_text(_hint(rows[code], order), found[code], customer=customer) if code in rows else "",
            facts=_facts(evidence_values(found[code]), later[code]),
            events=[
                event for one in order.evidence if one["scenario"] == code for event in format_event(_facts_in(one))
            ],
        )
        for code in dict.fromkeys(one["scenario"] for one in order.evidence)
    ]


def _hint(row: Scenario | Campaign, order: WorkOrder) -> str:
    """What to say, and of a campaign what to offer; the offer drawn for the line first."""
    if isinstance(row, Scenario):
        return row.talk_hint
    titles = {offer.code: offer.title for offer in row.offers}
    drawn = drawn_offer(campaign=row.code, subscriber_id=order.subscriber_id) if row.draw_offers else ""
    first = _("To offer first: %(offer)s.") % {"offer": titles.pop(drawn)} if drawn in titles else ""
    offers = _("To offer: %(offers)s.") % {"offers": ", ".join(titles.values())} if titles and not first else ""
    return "\n".join(filter(None, [row.talk_script, first, offers]))


def _facts_in(one: Mapping[str, Any]) -> Mapping[str, Any]:
    return one.get("facts", {})


def _facts(facts: Mapping[str, Any], days_later: int) -> list[Reason]:
    given = [{"factor": key, "value": _number(key, value), "contribution": 0} for key, value in facts.items()]
    return format_reasons(given, for_agent=False, raising_only=False, days_later=days_later)


def _number(key: str, value: Any) -> Any:
    """Money comes as text in JSON."""
    if key in FIELDS and FIELDS[key].is_number and isinstance(value, str):
        return float(value)
    return value


STATE_TONES = {
    State.QUEUED: ("neutral", "inbox"),
    State.ASSIGNED: ("info", "user-check"),
    State.IN_PROGRESS: ("info", "phone-call"),
    State.WAITING: ("warning", "calendar-event"),
    State.DONE: ("good", "circle-check"),
    State.CANCELLED: ("neutral", "circle-x"),
}
