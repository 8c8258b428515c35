"""Who did the work: contacts and pauses of a period, as rows and counted by agent or group.

A contact belongs to the agent who saved its outcome and to the group that its order lies with. Counts and the rows
behind them are made from the same querysets, `contacts_for` and `pauses_for`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import (
    Avg,
    BooleanField,
    Count,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Sum,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, TruncDate, TruncWeek

from retention.core.accounts.models import User
from retention.core.db.models import pick
from workorders.clocks.models import OrderClock
from workorders.order_types.clocks import ClockKind
from workorders.order_types.models import Disposition
from workorders.orders.models import Transition, TransitionQuerySet, WorkOrder
from workorders.orders.queries import SUCCESSFUL_RESULTS, day_bounds
from workorders.orders.services.claiming import MISSED_APPOINTMENT_GRACE
from workorders.pauses.models import Pause
from workorders.supervision.periods import DAY, WEEK, Period
from workorders.supervision.services import agents_under

AGENT, TEAM = "agent", "team"


def _closed_late() -> ExpressionWrapper:
    late = OrderClock.objects.filter(
        order=OuterRef("order"), kind=ClockKind.CLOSE, met_at=OuterRef("at"), due_at__lt=OuterRef("at")
    )
    return ExpressionWrapper(Q(move="complete") & Q(Exists(late)), output_field=BooleanField())


def _appointment_kept() -> ExpressionWrapper:
    """A call for the order began after the promise and no later than an appointment may be late."""
    calls = Transition.objects.filter(order=OuterRef("order"), version__gt=OuterRef("version"), move="start")
    in_time = calls.filter(at__lte=OuterRef("promised_at") + MISSED_APPOINTMENT_GRACE)
    return ExpressionWrapper(Q(move="schedule") & Q(Exists(in_time)), output_field=BooleanField())


# What is counted of contacts, and which of them: figures and the rows behind them read the same.
FIGURES: Mapping[str, Q] = {
    "contacts": Q(),
    "connected": ~Q(disposition__result=Disposition.Result.NO_ANSWER),
    "reached": Q(disposition__reached=True),
    "no_answer": Q(disposition__result=Disposition.Result.NO_ANSWER),
    "kept": Q(disposition__result__in=SUCCESSFUL_RESULTS),
    "closed": Q(move="complete"),
    "closed_late": Q(is_late=True),
    "appointments": Q(move="schedule"),
    "appointments_kept": Q(is_appointment_kept=True),
    "timed": Q(began_at__isnull=False),
}
_COUNTS = {name: Count("pk", filter=counted or None) for name, counted in FIGURES.items()}
_HANDLING = Avg(ExpressionWrapper(F("at") - F("began_at"), output_field=DurationField()))


def contacts_for(user: User, period: Period, given: Mapping[str, Any]) -> TransitionQuerySet:
    """Contacts saved in the period for orders that the person may see, by the filters of the page.

    began_at: when the call of each began, None without one. promised_at: of those that ended with an appointment.
    """
    since, until = day_bounds(period.first, period.last)
    found = Transition.objects.standing_contacts().filter(
        at__gte=since, at__lt=until, actor__isnull=False, order__in=WorkOrder.objects.visible_to(user).values("pk")
    )
    fields = {"agent": "actor__username", "team": "order__team__code", "type": "order__type__code"}
    for name, field in fields.items():
        if given.get(name):
            found = found.filter(**{field: given[name]})
    promised = Cast(KeyTextTransform("appointment_at", "detail"), DateTimeField())
    return (
        found.with_call_start()
        .annotate(promised_at=promised)
        .annotate(is_late=_closed_late(), is_appointment_kept=_appointment_kept())
    )


def pauses_for(user: User, period: Period, given: Mapping[str, Any], *, now: datetime) -> QuerySet[Pause]:
    """Pauses that began in the period, of the people whom the person supervises, with their length so far."""
    since, until = day_bounds(period.first, period.last)
    found = Pause.objects.filter(began_at__gte=since, began_at__lt=until, agent__in=agents_under(user))
    if given.get("agent"):
        found = found.filter(agent__username=given["agent"])
    if given.get("team"):
        found = found.filter(agent__teams__code=given["team"])
    if given.get("reason"):
        found = found.filter(code__code=given["reason"])
    length = ExpressionWrapper(Coalesce("ended_at", now) - F("began_at"), output_field=DurationField())
    return found.annotate(length_so_far=length)


@dataclass(frozen=True)
class PauseSum:
    """Pauses of one reason, of an agent or of the agents of a group."""

    who: str
    code: str
    reason: str
    count: int
    seconds: int


def totals(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The figures of rows of rows_by together: each contact is in one of them. handling: seconds of a call on average,
    from its start to the outcome."""
    known = list(rows)
    found: dict[str, Any] = {name: sum(row[name] for row in known) for name in FIGURES}
    seconds = sum(row["handling"] * row["timed"] for row in known if row["timed"])
    return found | {"handling": seconds / found["timed"] if found["timed"] else None}


def rows_by(contacts: TransitionQuerySet, *, by: str, span: str) -> dict[tuple[str, date | None], dict[str, Any]]:
    """{(username or code of the group, first day or None): figures}. One query."""
    who = {AGENT: "actor__username", TEAM: "order__team__code"}[by]
    spans = {DAY: TruncDate("at"), WEEK: TruncWeek("at", output_field=DateTimeField())}
    rows = contacts.order_by().annotate(when=spans[span]) if span in spans else contacts.order_by()
    keys = (who, "when") if span in spans else (who,)
    found = rows.values(*keys).annotate(**_COUNTS, handling=_HANDLING)
    return {(row.pop(who) or "", _day(row.pop("when", None))): _figures(row) for row in found}


def paused_by(pauses: QuerySet[Pause], *, by: str, span: str) -> dict[tuple[str, date | None], int]:
    """{(username or code of the group, first day or None): seconds}. One query. Who is in two groups counts in both."""
    who = {AGENT: "agent__username", TEAM: "agent__teams__code"}[by]
    spans = {DAY: TruncDate("began_at"), WEEK: TruncWeek("began_at", output_field=DateTimeField())}
    rows = pauses.order_by().annotate(when=spans[span]) if span in spans else pauses.order_by()
    keys = (who, "when") if span in spans else (who,)
    found = rows.values(*keys).annotate(total=Sum("length_so_far"))
    return {(row[who] or "", _day(row.get("when"))): int(row["total"].total_seconds()) for row in found}


def paused_together(pauses: QuerySet[Pause]) -> tuple[int, int]:
    """How many pauses, and their seconds: each once, also those of somebody in two groups. One query."""
    found = pauses.order_by().aggregate(count=Count("pk"), total=Sum("length_so_far"))
    return found["count"], int(found["total"].total_seconds()) if found["total"] else 0


def paused_by_reason(pauses: QuerySet[Pause], *, by: str) -> list[PauseSum]:
    """By agent or group and reason, in the order of the reasons. One query. Who is in two groups counts in both."""
    who = {AGENT: "agent__username", TEAM: "agent__teams__code"}[by]
    rows = pauses.order_by().values(who, "code__code", "code__name", "code__name_zh", "code__position")
    found = rows.annotate(count=Count("pk"), total=Sum("length_so_far")).order_by(who, "code__position", "code__code")
    return [
        PauseSum(
            row[who] or "",
            row["code__code"],
            pick(row["code__name"], row["code__name_zh"]),
            row["count"],
            int(row["total"].total_seconds()),
        )
        for row in found
    ]


def _figures(row: dict[str, Any]) -> dict[str, Any]:
    handling = row.pop("handling")
    return row | {"handling": handling.total_seconds() if handling is not None else None}


def _day(at: datetime | date | None) -> date | None:
    return at.date() if isinstance(at, datetime) else at
