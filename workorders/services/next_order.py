"""What the console's "next" does: claim, and ask the contact gate once more before anybody dials."""

from datetime import datetime

from django.db import transaction

from campaigns import outreach
from campaigns.outreach.models import RefusalReason
from retention.core.models import User
from workorders.models import WorkOrder
from workorders.services.adopting import adopt_orphans
from workorders.services.claiming import claim_next
from workorders.services.moving import Pick, move

# These do not pass with time: the customer said no, or is none.
FOR_GOOD = {
    RefusalReason.BLACKLISTED,
    RefusalReason.FALSE_USER,
    RefusalReason.DO_NOT_DISTURB,
    RefusalReason.CONSENT_REFUSED,
}


def next_order(*, agent: User, now: datetime) -> WorkOrder | None:
    """The agent's next order whose customer may be contacted at all. Orders of customers who since said no are ended.

    What only the hour or the caps forbid is handed out: the call screen says so (`gate_reason`). Before "nothing
    waits" is said, orders that no group has are looked for.
    """
    while order := claim_next(agent=agent, now=now) or (adopt_orphans(now=now) and claim_next(agent=agent, now=now)):
        reason = gate_reason(order=order, now=now)
        if reason not in FOR_GOOD:
            return order
        _withdraw(order, reason, now)
    return None


def gate_reason(*, order: WorkOrder, now: datetime) -> RefusalReason | None:
    """Why the customer may not be called at this moment; None when he may."""
    return outreach.may_call_now(
        customer_id=order.customer_id,
        subscriber_id=order.subscriber_id,
        now=now,
        purpose=order.type.purpose,
        order_no=order.order_no,
    )


@transaction.atomic
def _withdraw(order: WorkOrder, reason: str, now: datetime) -> None:
    if move(name="withdraw", pick=Pick.of([order.pk]), actor=None, now=now, detail={"reason": reason}):
        outreach.release(order_no=order.order_no, now=now)
