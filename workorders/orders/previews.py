"""What "next" would give, before it is taken: a look that leases nothing and names no customer who is not one's own."""

from dataclasses import dataclass
from datetime import datetime

from campaigns import outreach
from campaigns.outreach.text import format_source
from retention.core.accounts.models import User
from workorders.orders.explanations import format_quiet_hours, why_next, why_nothing
from workorders.orders.models import WorkOrder
from workorders.orders.next_orders import look_ahead
from workorders.orders.services.barring import gate_reason

# So many customers who may not be called now are passed over, as "next" would; more are not looked for.
MOST_PASSED = 10


@dataclass(frozen=True)
class Preview:
    """order: None where nothing would come, and then `reasons` say why. customer: the name, of an own order alone."""

    order: WorkOrder | None
    reasons: list[str]
    source: str = ""
    customer: str = ""


def preview_next(*, agent: User, now: datetime) -> Preview:
    """What comes when the agent presses "next" with an empty desk; a customer who may not be called now is passed over.

    Another agent may be quicker, so it is no promise.
    """
    if (resume := outreach.calls_resume_at(now)) is not None:
        return Preview(None, [format_quiet_hours(resume)])
    passed = list(WorkOrder.objects.on_desk().filter(assignee=agent).values_list("pk", flat=True))
    for _place in range(MOST_PASSED):
        order = look_ahead(agent, now=now, passed=passed)
        if order is None:
            return Preview(None, [why_nothing(agent, now=now)])
        if gate_reason(order=order, now=now) is None:
            own = order.assignee_id == agent.pk
            return Preview(order, why_next(order), format_source(order.source), order.customer.name if own else "")
        passed.append(order.pk)
    return Preview(None, [why_nothing(agent, now=now)])
