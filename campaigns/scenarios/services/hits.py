"""What is done with hits, and what came of it; called in the transaction that finds them, or opens their orders."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Func, JSONField, TextField, Value
from django.db.models.functions import Cast

from campaigns.outreach.models import RefusalReason
from campaigns.scenarios.models import Scenario, ScenarioHit
from customers.lists.services import add_found

FIRST_STATES = {
    Scenario.Action.OPEN_ORDER: ScenarioHit.State.PENDING,
    Scenario.Action.SEND_MESSAGE: ScenarioHit.State.PENDING,
    Scenario.Action.ADD_TO_LIST: ScenarioHit.State.LISTED,
}


def first_state(scenario: Scenario) -> ScenarioHit.State:
    """Of a new hit of the scenario."""
    return FIRST_STATES.get(Scenario.Action(scenario.action), ScenarioHit.State.REPORTED)


def list_hits(*, scenario: Scenario, on: date, now: datetime) -> int:
    """Put the customers whom a scenario that lists has found that day on its list, as far as they are not on it."""
    if scenario.action != Scenario.Action.ADD_TO_LIST:
        return 0
    hits = ScenarioHit.objects.filter(scenario=scenario, on=on, state=ScenarioHit.State.LISTED)
    return add_found(
        customers=hits.values("customer_id"),
        list_code=scenario.list_kind,
        reason=f"{scenario.code} {scenario.name}",
        source=f"scenario:{scenario.code}",
        starts_on=on,
        ends_on=on + timedelta(days=scenario.list_days - 1) if scenario.list_days else None,
        now=now,
    )


@transaction.atomic
def settle_hits(
    *,
    opened: Mapping[int, str] | None = None,
    messaged: Mapping[int, str] | None = None,
    refused: Mapping[int, RefusalReason] | None = None,
    held: Collection[int] = (),
) -> int:
    """Mark pending hits by id: `opened` with their order number (several hits may share one order), `messaged`
    with that of their message, `refused` with the gate's reason, `held` where nothing could be asked for. Hits settled
    before stay as they are. Returns the rows."""
    reasons = {pk: str(RefusalReason(reason)) for pk, reason in (refused or {}).items()}
    return (
        _settle(opened or {}, state=ScenarioHit.State.OPENED, order_no=_by_hit(opened or {}))
        + _settle(messaged or {}, state=ScenarioHit.State.MESSAGED, order_no=_by_hit(messaged or {}))
        + _settle(reasons, state=ScenarioHit.State.REFUSED, reason=_by_hit(reasons))
        + _settle(held, state=ScenarioHit.State.HELD)
    )


def clear_hits(*, orders: Mapping[str, int]) -> int:
    """Mark the hits whose order was withdrawn because their rule no longer holds. orders: {number: customer id}."""
    hits = ScenarioHit.objects.no_longer_holding()
    hits = hits.filter(customer__in=set(orders.values()), order_no__in=list(orders))
    return hits.update(state=ScenarioHit.State.CLEARED)


def _settle(hits: Collection[int], **settled: object) -> int:
    if not hits:
        return 0
    pending = ScenarioHit.objects.filter(pk__in=list(hits), state=ScenarioHit.State.PENDING)
    return pending.update(**{"order_no": "", "reason": ""} | settled)


def _by_hit(values: Mapping[int, str]) -> Func:
    """The text of each hit. Looked up in one JSON value: CASE, and so bulk_update, compares every hit with every id."""
    texts = Value({str(pk): text for pk, text in values.items()}, output_field=JSONField())
    return Func(texts, Cast("pk", TextField()), function="jsonb_extract_path_text", output_field=TextField())
