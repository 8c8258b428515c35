"""Appointments as pages show them: the usual times for one order, how full an hour is, a week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from campaigns.outreach.models import ContactPolicy
from campaigns.outreach.text import format_hours
from customers.lists.models import ListEntry
from retention.core import clock
from retention.core.accounts.models import User
from workorders.appointments.rules import Usual, open_from, usual_times, works_from
from workorders.clocks.queries.calendars import open_book
from workorders.orders.models import WorkOrder
from workorders.orders.services.appointments import CLASH_WITHIN

CALL = ListEntry.Channel.CALL
DAYS_OF_WEEK = 7


@dataclass(frozen=True)
class Load:
    """How an hour of an agent stands. others: the appointments in it; close: those too near to `at`, in or out of it.

    quiet: when calls are made, where none are at this time; is_off: the group does not work then.
    """

    at: datetime
    since: datetime
    until: datetime
    others: Sequence[WorkOrder]
    close: Sequence[WorkOrder]
    quiet: str = ""
    is_off: bool = False


@dataclass(frozen=True)
class AgentDay:
    day: date
    orders: Sequence[WorkOrder]
    is_off: bool


def usual_times_for(order: WorkOrder, *, now: datetime) -> list[Usual]:
    """By the calendar of the order's group and the hours of calls."""
    keeper = open_book().of(order.team_id, order.branch_id).keeper
    calls = ContactPolicy.objects.current().hours(CALL).open_from
    return usual_times(timezone.localtime(now), lambda at: open_from(calls, keeper, at))


def load_at(order: WorkOrder, agent: User, *, at: datetime) -> Load:
    """The hour of the clock around `at`; the order's own appointment does not count."""
    since = timezone.localtime(at).replace(minute=0, second=0, microsecond=0)
    until = since + timedelta(hours=1)
    near = WorkOrder.objects.promised_by(
        agent, since=min(since, at - CLASH_WITHIN), until=max(until, at + CLASH_WITHIN)
    )
    found = list(near.exclude(pk=order.pk).select_related("customer"))
    policy = ContactPolicy.objects.current()
    keeper = open_book().of(order.team_id, order.branch_id).keeper
    return Load(
        at,
        since,
        until,
        [one for one in found if one.appointment_at and since <= one.appointment_at < until],
        [one for one in found if one.appointment_at and abs(one.appointment_at - at) < CLASH_WITHIN],
        format_hours(policy, CALL) if policy.hours(CALL).open_from(at) != at else "",
        works_from(keeper, at) != at,
    )


def days_of(agent: User, *, first: date, days: int = DAYS_OF_WEEK) -> list[AgentDay]:
    """The appointments of an agent, day by day."""
    since, until = clock.midnight(first), clock.midnight(first + timedelta(days=days))
    rows = list(WorkOrder.objects.promised_by(agent, since=since, until=until).select_related("type", "customer"))
    team = agent.teams.order_by("pk").first()
    book = open_book()
    found = []
    for number in range(days):
        day = first + timedelta(days=number)
        begin, end = clock.midnight(day), clock.midnight(day + timedelta(days=1))
        of_day = [one for one in rows if one.appointment_at and begin <= one.appointment_at < end]
        is_off = team is not None and works_from(book.of_team(team.pk).keeper, begin) >= end
        found.append(AgentDay(day, of_day, is_off))
    return found
