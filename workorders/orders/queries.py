"""Reads over orders and their trail: contacts counted per agent and day, and the termination check.

Contact counts read the trail, never a counter.

Termination check: may billing terminate this line? The answer follows the retention order. Not yet:
"request_received" (the order is about to be opened), "retention_order_open". Yes: "no_request", "not_contactable"
(the customer may not be contacted), "retained" and "not_retained" (how the order ended), "waited_too_long" (the hold
limit is over).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Case, CharField, Count, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, NullIf, TruncDate
from django.utils import timezone
from django.utils.translation import get_language

from campaigns.campaigns.channels import Progress
from campaigns.scenarios.forecasts import Workload
from campaigns.scenarios.models import EventReaction, Scenario, ScenarioHit
from campaigns.scenarios.services.events import EVENT_WINDOW
from customers.facts.models import StatusEvent, Subscriber
from retention.core.accounts.models import Branch, Team, User
from retention.core.accounts.roles import Role
from retention.core.db.inline import inline
from workorders.order_types.models import Disposition
from workorders.orders.models import Transition, TransitionQuerySet, WorkOrder
from workorders.orders.states import OPEN, State

SUCCESSFUL_RESULTS = (Disposition.Result.RETAINED, Disposition.Result.ACCEPTED)
# What is counted of contacts, and which of them: figures and the rows behind them read the same.
CONTACT_FILTERS = {
    "contacts": Q(),
    "reached": Q(disposition__reached=True),
    "good": Q(disposition__result__in=SUCCESSFUL_RESULTS),
    "refused": Q(disposition__result=Disposition.Result.REFUSED),
    "appointments": Q(move="schedule"),
    "closed": Q(move="complete"),
}
CONTACT_COUNTS = {name: Count("pk", filter=counted or None) for name, counted in CONTACT_FILTERS.items()}


@dataclass(frozen=True)
class ContactCounts:
    """Contacts ended in a span of time. good: retained or offer accepted."""

    contacts: int = 0
    reached: int = 0
    good: int = 0
    refused: int = 0
    appointments: int = 0
    closed: int = 0

    @property
    def reach_rate(self) -> float | None:
        return self.reached / self.contacts if self.contacts else None

    @property
    def good_rate(self) -> float | None:
        return self.good / self.reached if self.reached else None


def day_bounds(first: date, last: date) -> tuple[datetime, datetime]:
    """The instants of two local days, both inclusive."""
    zone = timezone.get_current_timezone()
    return datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone)


def contact_counts_by_agent(people: Iterable[User], *, day: date) -> dict[int, ContactCounts]:
    """{user id: counts of the day}; people who ended no contact are missing."""
    ended = _contacts_between(day, day).filter(actor__in=[one.pk for one in people]).order_by()
    rows = ended.values("actor").annotate(**CONTACT_COUNTS).values_list("actor", *CONTACT_COUNTS)
    return {actor: ContactCounts(*counts) for actor, *counts in rows}


def contacts_of_day(agent: User, *, day: date) -> "TransitionQuerySet":
    """The contacts the agent ended on a day, with when the call of each had begun (`began_at`, None without one)."""
    return _contacts_between(day, day).filter(actor=agent).with_call_start()


def contact_counts_of_day(agent: User, *, day: date) -> ContactCounts:
    return contact_counts_by_agent([agent], day=day).get(agent.pk, ContactCounts())


def contact_counts_by_day(agent: User, *, first: date, last: date) -> list[Mapping[str, Any]]:
    """One row a day on which the agent ended contacts, newest first: {"day", and the names of COUNTS}."""
    ended = _contacts_between(first, last).filter(actor=agent).annotate(day=TruncDate("at"))
    return list(ended.values("day").annotate(**CONTACT_COUNTS).order_by("-day"))


def contacts_by_disposition(agent: User, *, first: date, last: date) -> list[tuple[Disposition, int]]:
    """Counts of the agent's contacts by disposition, the most frequent first."""
    rows = (
        _contacts_between(first, last)
        .filter(actor=agent)
        .values("disposition")
        .annotate(count=Count("pk"))
        .order_by("-count")
    )
    named = Disposition.objects.in_bulk([row["disposition"] for row in rows])
    return [(named[row["disposition"]], row["count"]) for row in rows]


def contacts_ended_on(agent: User, *, day: date) -> list[Transition]:
    """The contacts the agent ended on a day, newest first, with their order; nothing of the customer."""
    return list(
        _contacts_between(day, day)
        .filter(actor=agent)
        .select_related("order__type", "disposition")
        .order_by("-at", "-pk")
    )


def last_save_of(agent: User, *, since: datetime) -> Transition | None:
    """The agent's last saved contact since then, if nothing was done with its order after it."""
    saves = Transition.objects.standing_contacts().filter(actor=agent, at__gte=since)
    last = saves.select_related("order__type", "disposition").order_by("-at", "-pk").first()
    return last if last is not None and last.order.version == last.version else None


def skips_of_day(agent: User, *, day: date) -> "QuerySet[Transition]":
    """The orders that the agent put back on a day, the newest first; each with its reason in `detail`."""
    since, until = day_bounds(day, day)
    skipped = Transition.objects.filter(actor=agent, move="skip", at__gte=since, at__lt=until)
    return skipped.select_related("order__type").order_by("-at", "-pk")


def skip_counts(people: Iterable[User], *, day: date) -> dict[int, int]:
    """{user id: orders put back on the day}; people without any are missing."""
    since, until = day_bounds(day, day)
    rows = Transition.objects.filter(actor__in=[one.pk for one in people], move="skip", at__gte=since, at__lt=until)
    return dict(rows.order_by().values_list("actor").annotate(count=Count("pk")))


def due_condition(key: str, *, now: datetime) -> Q:
    """Orders that are overdue, due today, or whose appointment is late; all for another key."""
    if key == "late":
        return Q(state=State.WAITING, appointment_at__lt=now)
    if key == "overdue":
        return Q(due_at__lt=now)
    today = timezone.localdate(now)
    since, until = day_bounds(today, today)
    return Q(due_at__gte=since, due_at__lt=until) if key == "today" else Q()


@dataclass(frozen=True)
class Reminders:
    """Open orders of a person's own, or of those whom the person supervises, that want to be done. overdue: their limit
    is over; today: it ends today; late: an appointment's time is over; coming: appointments of today still to come."""

    overdue: int
    today: int
    late: int
    coming: int

    def __bool__(self) -> bool:
        return bool(self.overdue or self.today or self.late or self.coming)


def reminders_of(orders: "QuerySet[WorkOrder]", *, now: datetime) -> Reminders:
    """Of these orders; one query."""
    day = timezone.localdate(now)
    _since, until = day_bounds(day, day)
    counts = orders.filter(state__in=OPEN).order_by().aggregate(
        overdue=Count("pk", filter=Q(due_at__lt=now)),
        today=Count("pk", filter=Q(due_at__gte=now, due_at__lt=until)),
        late=Count("pk", filter=Q(state=State.WAITING, appointment_at__lt=now)),
        coming=Count("pk", filter=Q(state=State.WAITING, appointment_at__gte=now, appointment_at__lt=until)),
    )  # fmt: skip
    return Reminders(**counts)


def count_open_by_type(*, user: User) -> dict[str, int]:
    """{code of the type, whatever its version: open orders that the person may see}."""
    open_orders = WorkOrder.objects.visible_to(user).filter(state__in=OPEN).order_by().values("type__code")
    return {one["type__code"]: one["orders"] for one in open_orders.annotate(orders=Count("pk"))}


def count_reserved_by_rule() -> dict[int, int]:
    """{allocation rule: orders in the queue that it reserves now}."""
    reserved = WorkOrder.objects.filter(state=State.QUEUED, reserved_until__isnull=False, rule__isnull=False).order_by()
    return {one["rule"]: one["orders"] for one in reserved.values("rule").annotate(orders=Count("pk"))}


def count_open_by_team(*, user: User) -> dict[int, int]:
    """{group: open orders that the person may see}."""
    open_orders = WorkOrder.objects.visible_to(user).filter(state__in=OPEN, team__isnull=False).order_by()
    return {one["team"]: one["orders"] for one in open_orders.values("team").annotate(orders=Count("pk"))}


WORKLOAD_DAYS = 14


def workload_of(*, user: User, now: datetime) -> Workload:
    """Of the orders that the person may see: how many are open, and how many a day were brought to their end."""
    orders, since = WorkOrder.objects.visible_to(user), now - timedelta(days=WORKLOAD_DAYS)
    closed = orders.filter(state=State.DONE, closed_at__gt=since, closed_at__lte=now).count()
    return Workload(orders.filter(state__in=OPEN).count(), closed / WORKLOAD_DAYS, WORKLOAD_DAYS)


def _contacts_between(first: date, last: date) -> "TransitionQuerySet":
    since, until = day_bounds(first, last)
    return Transition.objects.standing_contacts().filter(at__gte=since, at__lt=until)


def hit_order_result() -> Subquery:
    """Over hits of scenarios: the disposition of the hit's order, or its state while there is none, in the reader's
    language."""
    names = ("name_zh", "name") if (get_language() or "").startswith("zh") else ("name", "name_zh")
    disposition = Coalesce(*(NullIf(f"disposition__{name}", Value("")) for name in names))
    state = Case(*(When(state=one, then=Value(str(one.label))) for one in State), output_field=CharField())
    orders = WorkOrder.objects.filter(order_no=OuterRef("order_no")).annotate(words=Coalesce(disposition, state))
    return Subquery(orders.values("words")[:1])


_PROGRESS = f"""
SELECT m.branch_id, count(*) FILTER (WHERE o.attempts > 0 OR o.disposition_id IS NOT NULL),
       count(*) FILTER (WHERE spoken.reached),
       count(*) FILTER (WHERE d.result = ANY(%(good)s)),
       count(*) FILTER (WHERE d.result = ANY(%(good)s) AND s.status <> '{Subscriber.Status.TERMINATED}')
FROM ({{members}}) m
JOIN {WorkOrder._meta.db_table} o ON o.order_no = m.order_no
JOIN {Subscriber._meta.db_table} s ON s.id = m.subscriber_id
LEFT JOIN {Disposition._meta.db_table} d ON d.id = o.disposition_id
CROSS JOIN LATERAL (
    SELECT coalesce(bool_or(x.reached), false) AS reached FROM {Transition._meta.db_table} t
    JOIN {Disposition._meta.db_table} x ON x.id = t.disposition_id WHERE t.order_id = o.id
) spoken
GROUP BY m.branch_id
"""


def progress_of(members: QuerySet) -> dict[int, Progress]:
    """{branch id: how far the members of campaigns with an order have come there}."""
    sql, params = inline(members.exclude(order_no="").order_by().values("branch_id", "order_no", "subscriber_id"))
    with connection.cursor() as cursor:
        cursor.execute(_PROGRESS.format(members=sql), params | {"good": [one.value for one in SUCCESSFUL_RESULTS]})
        return {branch: Progress(*counts) for branch, *counts in cursor.fetchall()}


@dataclass(frozen=True)
class TerminationDecision:
    allowed: bool
    reason: str
    order: WorkOrder | None = None


def termination_check(*, subscriber: Subscriber, now: datetime) -> TerminationDecision:
    """Whether billing may terminate the line now, by its newest termination request."""
    requests = StatusEvent.objects.filter(subscriber=subscriber, kind=StatusEvent.Kind.TERMINATION_REQUEST)
    request = requests.order_by("-at", "-pk").first()
    if request is None:
        return TerminationDecision(True, "no_request")
    late = now - request.at > timedelta(hours=settings.TERMINATION_HOLD_HOURS)
    without_order = (ScenarioHit.State.REPORTED, ScenarioHit.State.LISTED)
    hits = ScenarioHit.objects.filter(event=request).exclude(state__in=without_order)
    hit = hits.order_by("scenario__priority", "pk").first()
    if hit is None:
        return _without_hit(request, now)
    if hit.state == ScenarioHit.State.PENDING:
        return TerminationDecision(late, "waited_too_long" if late else "request_received")
    order = WorkOrder.objects.select_related("disposition").filter(order_no=hit.order_no).first()
    if order is None:
        return TerminationDecision(True, "not_contactable")
    if order.state in OPEN:
        return TerminationDecision(late, "waited_too_long" if late else "retention_order_open", order)
    kept = order.disposition is not None and order.disposition.result in SUCCESSFUL_RESULTS
    return TerminationDecision(True, "retained" if kept else "not_retained", order)


def _without_hit(request: StatusEvent, now: datetime) -> TerminationDecision:
    """Not searched for, or not found yet."""
    listening = Scenario.objects.on_events().filter(event_kinds__contains=[request.kind])
    seen = EventReaction.objects.filter(event=request).values("scenario")
    waits = request.at > now - EVENT_WINDOW and listening.exclude(pk__in=seen).exists()
    return TerminationDecision(False, "request_received") if waits else TerminationDecision(True, "no_request")


def teams_under(actor: User) -> "list[Team]":
    """The groups this person may give orders to."""
    match actor.role:
        case Role.ADMINISTRATOR:
            teams = Team.objects.all()
        case Role.MANAGER:
            teams = Team.objects.filter(branch__in=Branch.objects.under(actor.branch).values("pk"))
        case _:
            teams = actor.teams.all()
    return list(teams.select_related("branch"))
