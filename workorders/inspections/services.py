"""Plans visits ahead, opens the order of each visit on its day, and moves visits to another day."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.facts.models import Account, Customer, Subscriber
from retention.core.accounts.models import Branch, User
from retention.core.audit import services as audit
from retention.core.db.transaction_locks import lock_table
from retention.core.errors import Conflict, Invalid, NotFound, Refused
from retention.core.managed.permissions import may_decide
from workorders.inspections.models import InspectionPlan, InspectionVisit
from workorders.inspections.queries import INSPECTION, visit_days
from workorders.order_types.models import OrderType
from workorders.orders.models import WorkOrder
from workorders.orders.origins import Origin, OriginKind
from workorders.orders.services.opening import open_orders
from workorders.orders.services.order_requests import OrderRequest

# Visits are planned so far ahead, and opened so many at a time.
AHEAD, BATCH = timedelta(days=41), 500
_PLANS, _VISITS, _ORDERS = (one._meta.db_table for one in (InspectionPlan, InspectionVisit, WorkOrder))
_BRANCHES, _CUSTOMERS = Branch._meta.db_table, Customer._meta.db_table
_HAS_LINE = f"""EXISTS (
    SELECT FROM {Account._meta.db_table} a JOIN {Subscriber._meta.db_table} s ON s.account_id = a.id
    WHERE a.customer_id = c.id AND s.status <> '{Subscriber.Status.TERMINATED}'
)"""


def _takes(plan: str, branch: str) -> str:
    """Whether a plan visits the customer `c` of the branch `b`."""
    return (
        f"{plan}.kinds ? c.kind AND ({plan}.tiers = '[]' OR {plan}.tiers ? c.tier)"
        f" AND starts_with(b.path, coalesce({branch}.path, ''))"
    )


def _nearness(plan: str, branch: str) -> str:
    """Of two plans for one firm the greater one counts: the deeper branch, then the shorter interval."""
    return f"(length(coalesce({branch}.path, '')), -{plan}.every_days, {plan}.id)"


# A firm is due an interval after its last inspection has ended; one that was never visited at a day of the first
# interval that its number draws. Days have so many places; in the order of being due each firm takes the first free
# place that is not before its day: the place before its own plus one, or the first of its day, the running maximum.
_PLAN = f"""
WITH plan AS (
    SELECT p.*, coalesce(pb.path, '') AS path, {_nearness("p", "pb")} AS nearness
    FROM {_PLANS} p LEFT JOIN {_BRANCHES} pb ON pb.id = p.branch_id WHERE p.id = %(plan)s
),
firm AS (
    SELECT c.id, b.path, coalesce(
        (SELECT max((o.closed_at AT TIME ZONE %(zone)s)::date) FROM {_ORDERS} o JOIN {OrderType._meta.db_table} k
             ON k.id = o.type_id WHERE o.customer_id = c.id AND k.code = '{INSPECTION}' AND o.closed_at IS NOT NULL)
            + p.every_days,
        %(first)s::date + mod(abs(hashint8extended(c.id, p.id)), p.every_days)::int) AS due_on
    FROM plan p JOIN {_CUSTOMERS} c ON p.kinds ? c.kind JOIN {_BRANCHES} b ON b.id = c.branch_id
    WHERE {_takes("p", "p")} AND {_HAS_LINE}
        AND NOT EXISTS (SELECT FROM {_VISITS} v WHERE v.customer_id = c.id AND v.order_id IS NULL)
        AND NOT EXISTS (
            SELECT FROM {_ORDERS} o JOIN {OrderType._meta.db_table} k ON k.id = o.type_id
            WHERE o.customer_id = c.id AND k.code = '{INSPECTION}' AND o.closed_at IS NULL)
        AND NOT EXISTS (
            SELECT FROM {_PLANS} q LEFT JOIN {_BRANCHES} qb ON qb.id = q.branch_id
            WHERE q.enabled AND {_takes("q", "qb")} AND {_nearness("q", "qb")} > p.nearness)
),
place AS (
    SELECT day, row_number() OVER (ORDER BY day, number) AS at
    FROM plan p, unnest(%(days)s::date[]) day, generate_series(1, p.per_day - (
        SELECT count(*) FROM {_VISITS} v WHERE v.plan_id = p.id AND v.planned_on = day)::int) number
),
wanted AS (
    SELECT *, row_number() OVER (ORDER BY due_on, path, id) AS number,
           (SELECT min(at) FROM place WHERE day >= due_on) AS earliest
    FROM firm WHERE due_on <= %(last)s
),
given AS (SELECT *, number + max(earliest - number) OVER (ORDER BY number) AS at FROM wanted WHERE earliest IS NOT NULL)
INSERT INTO {_VISITS} (plan_id, customer_id, due_on, planned_on, by_hand)
SELECT %(plan)s, given.id, given.due_on, place.day, false FROM given JOIN place USING (at)
ON CONFLICT DO NOTHING
"""
# Of plans that are off, or that no longer visit the firm; and of firms without a line.
_FORGET = f"""
DELETE FROM {_VISITS} v USING {_CUSTOMERS} c, {_BRANCHES} b, {_PLANS} p
LEFT JOIN {_BRANCHES} pb ON pb.id = p.branch_id
WHERE v.order_id IS NULL AND c.id = v.customer_id AND b.id = c.branch_id AND p.id = v.plan_id
    AND NOT (p.enabled AND {_takes("p", "pb")} AND {_HAS_LINE})
"""


@transaction.atomic
def plan_visits(*, on: date, anew: bool = False) -> int:
    """Plan the visits of the coming six weeks; how many were added. May run twice, also beside itself.

    on: the day after which days are planned; on it and before it nothing changes any more. anew: those planned by an
    earlier run, after a change of plans, are placed again; what a person has moved stays.
    """
    first, last = on + timedelta(days=1), on + AHEAD
    lock_table(InspectionVisit)
    with connection.cursor() as cursor:
        if anew:
            InspectionVisit.objects.replaceable(after=on).delete()
        cursor.execute(_FORGET)
        planned = 0
        for plan in InspectionPlan.objects.in_use():
            days = visit_days(plan, first=first, last=last)
            cursor.execute(
                _PLAN,
                {"plan": plan.pk, "first": first, "last": last, "days": days, "zone": settings.TIME_ZONE},
            )
            planned += cursor.rowcount
    return planned


def open_due(*, now: datetime) -> int:
    """Open the orders of visits whose day has come; how many. May run twice, also beside itself: an order and its visit
    are written together."""
    kind = OrderType.objects.current().filter(code=INSPECTION).first()
    opened = 0
    while kind and (count := _open_batch(kind, now)):
        opened += count
    return opened


@transaction.atomic
def _open_batch(kind: OrderType, now: datetime) -> int:
    today = timezone.localdate(now)
    due = InspectionVisit.objects.due(on=today).select_related("plan").select_for_update(of=("self",), skip_locked=True)
    visits = {visit.customer_id: visit for visit in due.order_by("planned_on", "pk")[:BATCH]}
    lines = dict(
        Subscriber.objects.live().filter(account__customer__in=visits).order_by("-pk")
        .values_list("account__customer", "pk")
    )  # fmt: skip
    requests = [
        OrderRequest(
            subscriber_id=lines[customer], type=kind, origin=Origin(OriginKind.INSPECTION, visit.plan.code),
            found_on=today, team=visit.plan.team_id,
        )
        for customer, visit in visits.items() if customer in lines
    ]  # fmt: skip
    gone = [visit.pk for customer, visit in visits.items() if customer not in lines]
    InspectionVisit.objects.filter(pk__in=gone).delete()  # the firm has left
    results = open_orders(requests=requests, on=today, now=now)
    numbers = {one.order_no: one.request.subscriber_id for one in results if one.order_no}
    customers = {line: customer for customer, line in lines.items()}
    changed = []
    for pk, order_no in WorkOrder.objects.filter(order_no__in=numbers).values_list("pk", "order_no"):
        visit = visits[customers[numbers[order_no]]]
        visit.order_id = pk
        changed.append(visit)
    InspectionVisit.objects.bulk_update(changed, ["order"])
    return len(visits)


@transaction.atomic
def move_visit(*, actor: User, visit: int, day: date, seen: date, today: date) -> InspectionVisit:
    """Put a planned visit on another day. seen: the day that the person saw it on.

    NotFound outside the person's branch; Conflict where it was moved or opened meanwhile; Invalid for a day that has
    gone or has no working time. The plan's number of visits a day does not bind a person.
    """
    row = (
        InspectionVisit.objects.visible_to(actor).select_related("plan__branch", "customer__branch")
        .select_for_update(of=("self",)).filter(pk=visit).first()
    )  # fmt: skip
    if row is None:
        raise NotFound(_("There is no such visit."))
    if not may_decide(actor=actor, permission=InspectionPlan.edit_permission, branch=row.customer.branch):
        raise Refused(_("Visits of this branch are not yours to move."), code="not_permitted")
    if row.order_id:
        raise Conflict(_("The order of this visit is open: agree on a date there."), code="visit_open")
    if row.planned_on != seen:
        text = _("Meanwhile somebody has moved this visit to %(day)s.")
        raise Conflict(text % {"day": row.planned_on.isoformat()}, code="visit_moved")
    if day <= today:
        raise _bad_day(_("Choose a day from tomorrow on."))
    if not visit_days(row.plan, first=day, last=day):
        raise _bad_day(_("Nobody works on %(day)s.") % {"day": day.isoformat()})
    row.planned_on, row.by_hand = day, True
    row.save(update_fields=["planned_on", "by_hand"])
    audit.record(
        actor=actor, action="inspection.move", target=row.customer, planned_on=[seen.isoformat(), day.isoformat()]
    )
    return row


def _bad_day(message: str) -> Invalid:
    return Invalid(message, code="bad_day", details=[{"field": "day", "code": "bad", "message": message}])


def when_changed(*, on: date) -> None:
    """Plan anew after the commit of a change of plans."""
    transaction.on_commit(lambda: plan_visits(on=on, anew=True))
