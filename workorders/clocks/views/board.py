"""The board: which clocks are in time, warned or breached, and what falls due next."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.alerts.models import Alert
from retention.core.alerts.queries import cards
from retention.core.alerts.services.handling import SNOOZE_DAYS
from workorders.clocks.alerts import CLOCKS_BREACHED
from workorders.clocks.models import WorkCalendar
from workorders.clocks.queries.board import AHEAD_HOURS, CLOCK_STATES, NO_CALENDAR, TypeRow, forecasts, types_by_clock
from workorders.clocks.queries.counting import count_by_clock
from workorders.orders.models import WorkOrder
from workorders.orders.queries import teams_under


@require("work.supervise")
@require_safe
def board(request: StaffRequest) -> HttpResponse:
    now = clock.now()
    orders = WorkOrder.objects.visible_to(request.user)
    teams = teams_under(request.user)
    titles = {row.code: row.title for row in WorkCalendar.objects.in_use()}
    counted = count_by_clock(orders, now=now)
    rows = types_by_clock(counted)
    found = forecasts(teams, orders, counted, now=now)
    alerts = Alert.objects.of_kinds([CLOCKS_BREACHED.code]).filter(subject__in=[team.code for team in teams])
    context = {
        "now": now,
        "states": [(key, label, sum(row.counts[key] for row in rows)) for key, label in CLOCK_STATES.items()],
        "rows": [(row, _cells(row)) for row in rows],
        "forecasts": [
            {
                "row": one,
                "calendar": titles.get(one.calendar, NO_CALENDAR),
                "breached_url": _orders(team=one.team.code, clock="breached"),
                "ahead": [(ahead, _due(one.team.code, now, ahead.until)) for ahead in one.ahead],
            }
            for one in found
        ],
        "hours": AHEAD_HOURS,
        "alerts": cards(alerts, now=now),
        "snooze_days": SNOOZE_DAYS,
    }
    return render(request, "workorders/clocks/board.html", context)


def _cells(row: TypeRow) -> list[tuple[str, int, str]]:
    return [(key, row.counts[key], _orders(type=row.code, clock=key)) for key in CLOCK_STATES]


def _orders(**filters: Any) -> str:
    return f"{reverse('workorders:supervise')}?{urlencode(filters)}"


def _due(team: str, since: Any, until: Any) -> str:
    """The list of exactly what a figure of the forecast counts: both ends stand in the address."""
    first, last = (timezone.localtime(one).isoformat() for one in (since, until))
    return _orders(team=team, due_since=first, due_until=last)
