"""The billing system's result for a decision: carried out, or refused. Repeating a report changes nothing.

Only machines call these functions, so their messages are in English only.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from campaigns.offers.models import Decision
from campaigns.offers.services.reservations import release
from campaigns.offers.states import HOLDING_STATES, MOVES, State
from retention.core.api.models import ApiClient
from retention.core.audit import services as audit
from retention.core.errors import Conflict, Invalid, NotFound

REFERENCE_MAX_LENGTH, REASON_MAX_LENGTH = 80, 300


@transaction.atomic
def confirm(*, decision_id: str, client: ApiClient, billing_ref: object, now: datetime) -> Decision:
    """Billing has carried the decision out under its reference `billing_ref`.

    The same reference again changes nothing. Conflict when it was confirmed with another one or refused, NotFound when
    the client may not see it, Invalid for a reference that is empty or longer than 80.
    """
    text = _clean_text("billing_ref", billing_ref, REFERENCE_MAX_LENGTH)
    return _settle(
        decision_id, client, "confirm", {"billing_ref": text}, now, lambda decision: decision.billing_ref == text
    )


@transaction.atomic
def refuse(*, decision_id: str, client: ApiClient, reason: object, now: datetime) -> Decision:
    """Billing cannot carry it out. The same reason again changes nothing; raises as confirm."""
    text = _clean_text("reason", reason, REASON_MAX_LENGTH)
    return _settle(
        decision_id, client, "refuse", {"refusal_reason": text}, now, lambda decision: decision.refusal_reason == text
    )


def _settle(
    decision_id: str,
    client: ApiClient,
    name: str,
    values: dict[str, Any],
    now: datetime,
    same: Callable[[Decision], bool],
) -> Decision:
    decision = _visible(decision_id, client)
    move = MOVES[name]
    if decision.state == move.to and same(decision):
        return decision
    if decision.state not in move.sources:
        code = "already_confirmed" if decision.state == State.CONFIRMED else "already_refused"
        raise Conflict("This decision was settled before, in another way.", code=code)
    decision.state, decision.settled_at = move.to, now
    for key, value in values.items():
        setattr(decision, key, value)
    decision.save(update_fields=["state", "settled_at", *values])
    if move.to not in HOLDING_STATES:
        release([decision.pk])
    audit.record(
        actor=None, action="decision.move", target=f"decision:{decision.public_id}", move=name, client=client.name,
        order=decision.order_no, offer=decision.offer.code, to=decision.state, **values,
    )  # fmt: skip
    return decision


def require_decision(found: Decision | None) -> Decision:
    """The decision; NotFound when there is none."""
    if found is None:
        raise NotFound("There is no such decision.")
    return found


def _visible(decision_id: str, client: ApiClient) -> Decision:
    """The decision, locked, if the client may see it and the customer has accepted it."""
    rows = Decision.objects.visible_to(client).for_billing().select_for_update(no_key=True, of=("self",))
    return require_decision(rows.numbered(decision_id).first())


def _clean_text(field: str, text: object, longest: int) -> str:
    """The text without blanks around it; Invalid when it is none, empty, too long, or holds NUL."""
    code, message = "", ""
    if not isinstance(text, str) or not text.strip():
        code, message = "required", f"{field} must be a text that is not empty."
    elif len(text.strip()) > longest:
        code, message = "too_long", f"{field} may have at most {longest} characters."
    elif "\0" in text:
        code, message = "invalid", f"{field} may not hold the character NUL."
    if code:
        raise Invalid(message, details=[{"field": field, "code": code, "message": message}])
    return str(text).strip()
