"""The "next" button: the order an agent works now, leased to the agent, checked with the contact gate once more.

Orders whose lease expires, whose appointment is missed or whose agent is switched off go back to the queue.
"""

from contextlib import nullcontext
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, OuterRef, Subquery, Value
from django.utils.translation import gettext as _

from campaigns import outreach
from campaigns.outreach.models import RefusalReason
from retention.core.accounts.models import User
from retention.core.accounts.roles import Role, may
from retention.core.errors import Conflict, Refused
from workorders.order_types.models import OrderType
from workorders.orders.explanations import format_quiet_hours
from workorders.orders.models import WorkOrder
from workorders.orders.next_orders import chosen_statement, next_statements
from workorders.orders.services.barring import gate_reason, set_aside, set_aside_ahead
from workorders.orders.services.insertion import adopt_orphans
from workorders.orders.services.locks import lock_order
from workorders.orders.services.reservations import widen_overdue
from workorders.orders.services.transitions import Pick, Sql, move, move_in_batches
from workorders.orders.states import WORK

# An open page asks every four seconds, and orders are given back every ten: with the usual 50 seconds of a type, a dead
# browser's order is free within 60 s, and a page whose network is gone for 30 s keeps its order.
TYPE_LEASE = Sql(
    "%(at)s::timestamptz + (SELECT make_interval(secs => t.lease_seconds)"
    f" FROM {OrderType._meta.db_table} t WHERE t.id = o.type_id)"
)
# So much of a lease may be gone before it is written anew.
LEASE_UNWRITTEN = timedelta(seconds=10)
# An appointment missed by this much goes to the group: the customer was promised a call.
MISSED_APPOINTMENT_GRACE = timedelta(minutes=30)


def claim_next(*, agent: User, now: datetime) -> WorkOrder | None:
    """The agent's next order, leased; the one already on the desk when there is one; None when nothing waits.

    Never the same order, nor the same customer, for two agents, nor one that the agent has skipped today, nor one at a
    stage whose permission the agent lacks. Refused for people who do not work orders.
    """
    if not agent.may(WORK):
        raise Refused(_("Only agents take orders."), code="move_not_permitted")
    for text, given, prepared in next_statements(agent, now=now):
        pick = Pick(text, given, prepared=prepared)
        try:
            # Inside a transaction a savepoint, so that a refused second lease does not end it.
            with transaction.atomic() if connection.in_atomic_block else nullcontext():
                if claimed := move(name="claim", pick=pick, actor=agent, now=now, changes=_lease(agent)):
                    return claimed[0]
        except IntegrityError:
            # A double click: the database allows one lease per agent, and the other request has it.
            break
    return _on_desk(agent, now)


def take(*, order_no: str, agent: User, now: datetime) -> WorkOrder:
    """Put an order of the agent's own on the desk, e.g. an appointment before its time.

    Conflict when it is not the agent's, when this or another order is on the desk, or outside the hours of calls.
    """
    refuse_quiet_hours(now)
    with transaction.atomic():
        order = lock_order(order_no=order_no, user=agent, move="claim", own=True)
        if WorkOrder.objects.on_desk().filter(assignee=agent).exists():
            raise Conflict(_("Finish the order on your desk first."), code="desk_taken")
        return move(name="claim", pick=Pick.of([order.pk]), actor=agent, now=now, changes=_lease(agent))[0]


def claim_chosen(*, order: WorkOrder, agent: User, now: datetime) -> WorkOrder:
    """Take this order out of its queue, e.g. because its customer is on the phone; leased. All that holds for "next"
    holds but its place in the queue.

    Refused for people who do not work orders. Conflict outside the hours of calls, for a customer who may not be
    called, while an order is on the desk, and for an order that "next" would never give this agent now.
    """
    refuse_quiet_hours(now)
    if (reason := gate_reason(order=order, now=now)) is not None:
        raise Conflict(_("Do not call now: %(reason)s.") % {"reason": reason.label}, code="barred")
    require_free_desk(order=order, agent=agent)
    text, given = chosen_statement(order, agent, now=now)
    try:
        with transaction.atomic():
            claimed = move(name="claim", pick=Pick(text, given), actor=agent, now=now, changes=_lease(agent))
    except IntegrityError as error:  # another request has put one on the desk meanwhile
        raise Conflict(_("Finish the order on your desk first."), code="desk_taken") from error
    if not claimed:
        raise Conflict(_("This order does not wait for you."), code="not_in_queue")
    return claimed[0]


def heartbeat(*, order: WorkOrder, agent: User, now: datetime) -> bool:
    """Lengthen the lease while the agent's page is open. False when the order is no longer on the desk."""
    desk = WorkOrder.objects.on_desk().filter(pk=order.pk, assignee=agent)
    getting_old = desk.filter(lease_until__lt=_lease_from(now - LEASE_UNWRITTEN))
    return bool(getting_old.update(lease_until=_lease_from(now))) or desk.exists()


def _lease_from(at: datetime) -> ExpressionWrapper:
    """As TYPE_LEASE, for querysets of orders."""
    second = Value(timedelta(seconds=1), output_field=DurationField())
    of_type = OrderType.objects.filter(pk=OuterRef("type_id")).order_by()
    lease = Subquery(of_type.values(lease=ExpressionWrapper(F("lease_seconds") * second, output_field=DurationField())))
    start = Value(at, output_field=DateTimeField())
    return ExpressionWrapper(start + lease, output_field=DateTimeField())


def require_free_desk(*, order: WorkOrder, agent: User) -> None:
    """Conflict while another order than this one is on the agent's desk."""
    if WorkOrder.objects.on_desk().filter(assignee=agent).exclude(pk=order.pk).exists():
        raise Conflict(_("Finish the order on your desk first."), code="desk_taken")


def _lease(agent: User) -> dict[str, object]:
    return {"assignee_id": agent.pk, "lease_until": TYPE_LEASE, "not_before": None}


def _on_desk(agent: User, now: datetime) -> WorkOrder | None:
    order = WorkOrder.objects.on_desk().filter(assignee=agent).first()
    if order is not None and heartbeat(order=order, agent=agent, now=now):
        order.refresh_from_db(fields=["lease_until"])
        return order
    return None


def next_order(*, agent: User, now: datetime) -> WorkOrder | None:
    """The agent's next order whose customer may be called now; those who may not are set aside (`barring`).

    Outside the hours of calls only the order that is on the desk already. When nothing waits, queued orders without a
    group are assigned to their nearest group first. After a restore nobody is set aside: no opt-out is known for sure,
    and the call screen says that there is no calling now.
    """
    if outreach.calls_resume_at(now) is not None:
        return _on_desk(agent, now)
    barred = 0
    while order := claim_next(agent=agent, now=now) or (adopt_orphans(now=now) and claim_next(agent=agent, now=now)):
        reason = gate_reason(order=order, now=now)
        if reason is None or reason == RefusalReason.RESTORED:
            return order
        set_aside(orders=[order], reason=reason, now=now)
        barred += 1
        if barred > 1:
            set_aside_ahead(like=order, now=now)
    return None


def refuse_quiet_hours(now: datetime) -> None:
    """Conflict outside the hours of calls; it says when they begin."""
    if (resume := outreach.calls_resume_at(now)) is not None:
        raise Conflict(format_quiet_hours(resume), code="quiet_hours")


_EXPIRED = """
SELECT o.id, o.state AS before FROM {orders} o
WHERE o.lease_until < %(at)s AND {legal} ORDER BY o.lease_until LIMIT %(batch)s FOR UPDATE SKIP LOCKED
"""
_MISSED = """
SELECT o.id, o.state AS before FROM {orders} o
WHERE o.appointment_at < %(missed_before)s AND {legal} ORDER BY o.appointment_at LIMIT %(batch)s FOR UPDATE SKIP LOCKED
"""
_STRANDED = f"""
SELECT o.id, o.state AS before FROM {{orders}} o JOIN {User._meta.db_table} u ON u.id = o.assignee_id
WHERE NOT (u.is_active AND u.role = ANY(%(roles)s)) AND {{legal}} LIMIT %(batch)s FOR UPDATE OF o SKIP LOCKED
"""
_UNLEASED = """
SELECT o.id, o.state AS before FROM {orders} o
WHERE o.state = 'in_progress' AND o.lease_until IS NULL LIMIT %(batch)s FOR UPDATE SKIP LOCKED
"""
_DESK_OF_AGENT = """
SELECT o.id, o.state AS before FROM {orders} o
WHERE o.assignee_id = %(agent)s AND o.lease_until IS NOT NULL AND {legal} LIMIT %(batch)s FOR UPDATE SKIP LOCKED
"""
_OF_AGENT = """
SELECT o.id, o.state AS before FROM {orders} o
WHERE o.assignee_id = %(agent)s AND {legal} LIMIT %(batch)s FOR UPDATE SKIP LOCKED
"""


def release_expired_leases(*, now: datetime) -> int:
    """Give orders back to their group's queue when their agent is gone. Called every ten seconds; gives their number.

    An appointment missed by half an hour goes back too, and to the head of the queue; so does what is still held
    by people who were switched off, and a call that an earlier release began without a lease. Reserved orders that
    nobody fitting has taken in time are open to their group.
    """
    widen_overdue(now=now)
    missed = Pick(_MISSED, {"missed_before": now - MISSED_APPOINTMENT_GRACE})
    stranded = Pick(_STRANDED, {"roles": [role.value for role in Role if may(role, WORK)]})
    return (
        move_in_batches(name="expire", pick=Pick(_EXPIRED), now=now)
        + move_in_batches(name="expire", pick=Pick(_UNLEASED), now=now)
        + move_in_batches(name="miss", pick=missed, now=now, changes={"priority": 1})
        + move_in_batches(name="leave", pick=stranded, now=now)
    )


def release_orders_of(*, user: User, now: datetime) -> int:
    """Give all orders of somebody who works none any more back to their groups; how many. A promised hour is kept."""
    if user.may(WORK):
        return 0
    return move_in_batches(name="leave", pick=Pick(_OF_AGENT, {"agent": user.pk}), now=now)


def release_desk_of(*, user: User, now: datetime) -> int:
    """Give back the order on the desk of somebody who signs out; how many. Orders assigned to that person stay."""
    return move_in_batches(name="sign_off", pick=Pick(_DESK_OF_AGENT, {"agent": user.pk}), now=now)
