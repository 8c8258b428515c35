"""The demo's agents call through the ordinary service, on the simulated telephone alone: nobody is ever called."""

from datetime import timedelta

from retention.core import clock
from retention.core.accounts.models import User
from retention.core.errors import Conflict
from retention.portal.services.desks import Moments
from workorders.orders.models import WorkOrder
from workorders.telephony.models import Call
from workorders.telephony.services.calling import dial
from workorders.telephony.services.following import follow
from workorders.telephony.states import CallState
from workorders.telephony.switches import telephone
from workorders.telephony.switches.simulated import SimulatedTelephone, script

# A call that did not come through is tried once more after so long.
TRIED_AGAIN, TRY_AGAIN_AFTER = (CallState.BUSY, CallState.FAILED), timedelta(seconds=50)


def call_customer(order: WorkOrder, agent: User) -> Moments[Call | None]:
    """Call the customer of the order on the desk, to the end of the call; None without the simulated telephone, and for
    a customer without a number."""
    if not isinstance(telephone(), SimulatedTelephone):
        return None
    try:
        call = yield from _call(order, agent)
    except Conflict as refused:
        if refused.code != "no_number":
            raise
        return None
    if call.state in TRIED_AGAIN:
        yield clock.now() + TRY_AGAIN_AFTER
        call = yield from _call(order, agent)
    return call


def _call(order: WorkOrder, agent: User) -> Moments[Call]:
    call = dial(order_no=order.order_no, agent=agent, now=clock.now())
    yield script(call.reference, call.started_at)[-1].at
    return follow(call=call, now=clock.now())
