"""The supervisor's page: orders by state and age, the agents, the list; and the day of one agent."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property, partial
from typing import Any

from django.contrib import messages
from django.db.models import Max, Q, QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from campaigns.offers.models import Decision
from campaigns.offers.states import State as DecisionState
from retention.core import clock
from retention.core.accounts.models import User
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.ui.figures import only_counted
from retention.core.ui.listing import ListPage
from workorders.absences.queries import promises_in_absences
from workorders.allocation.queries import targets_of
from workorders.allocation.text import target_lines
from workorders.clocks.queries.board import clock_filter, due_filter
from workorders.orders import queries as orders_queries
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.states import OPEN, WORK
from workorders.pauses.queries import pauses_of_day
from workorders.pauses.tables import PauseTable
from workorders.saved_views.views import opened_by_default, views_context
from workorders.supervision import queries
from workorders.supervision.forms import COUNTED, BoardFilter, DayFilter, PeriodFilter, agent_name
from workorders.supervision.periods import Period
from workorders.supervision.services import agents_under, raise_number_limit
from workorders.supervision.tables import ContactTable, OrderTable, SkipTable
from workorders.telephony.models import Call
from workorders.telephony.tables import CallTable


class Supervise(ListPage):
    """The floor, and below it the list of orders."""

    name = "orders"
    permission = "work.supervise"
    template_name = "workorders/supervision/supervise.html"
    title = gettext_lazy("Supervise")
    table_class = OrderTable
    form_class = BoardFilter
    form: BoardFilter

    @cached_property
    def agents(self) -> Sequence[User]:
        return agents_under(self.user)

    def render_page(self) -> HttpResponseBase:
        return opened_by_default(self.request, page=self.name) or super().render_page()

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user, "agents": self.agents}

    def get_queryset(self) -> "QuerySet[WorkOrder]":
        return filtered(self.user, self.form)

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"today": clock.today(), "may_defer": self.user.may(WORK)}

    def get_context_data(self) -> dict[str, Any]:
        views = views_context(self.user, page=self.name, query=self.query)
        views["may_edit_absences"] = self.user.may("agents.edit")
        return floor(self.request, self.agents) | views | super().get_context_data()


class PeriodPage(ListPage):
    """A list of the work of some days."""

    permission = "work.supervise"
    form: PeriodFilter

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    @cached_property
    def period(self) -> Period:
        return self.form.period

    def get_notes(self) -> list[tuple[str, str]]:
        return [(_("Days"), f"{self.period.first.isoformat()} – {self.period.last.isoformat()}")]


class AgentDay(ListPage):
    """The contacts of one agent on one day; the figures above the list count its rows."""

    name = "agent-day"
    permission = "work.supervise"
    template_name = "workorders/supervision/agent_day.html"
    parent = ("workorders:supervise", gettext_lazy("Supervise"))
    table_class = ContactTable
    form_class = DayFilter

    @cached_property
    def agent(self) -> User:
        """One of the people whose orders this person supervises, or did until they left. 404 for others."""
        known = agents_under(self.user)
        former = queries.former_agents(WorkOrder.objects.visible_to(self.user), known)
        for one in [*known, *former]:
            if one.username == self.kwargs["username"]:
                return one
        raise Http404

    @cached_property
    def day(self) -> date:
        return self.cleaned.get("day") or clock.today()

    @property
    def title(self) -> str:  # type: ignore[override]  # of the person, not of the class
        return agent_name(self.agent)

    @cached_property
    def contacts(self) -> "QuerySet[Transition]":
        return orders_queries.contacts_of_day(self.agent, day=self.day)

    def get_queryset(self) -> "QuerySet[Transition]":
        counted, outcome = self.cleaned.get("counted"), self.cleaned.get("outcome")
        rows = self.contacts.filter(orders_queries.CONTACT_FILTERS[counted or "contacts"])
        rows = rows.filter(disposition__code=outcome) if outcome else rows
        return rows.select_related("order__type", "disposition")

    def get_context_data(self) -> dict[str, Any]:
        counts = self.contacts.aggregate(**orders_queries.CONTACT_COUNTS)
        day, now = f"?day={self.day.isoformat()}", clock.now()
        pauses = pauses_of_day(self.agent, day=self.day, now=now)
        goals = targets_of([self.agent])[self.agent.pk]
        skips = list(orders_queries.skips_of_day(self.agent, day=self.day))
        calls = list(Call.objects.of_day(self.agent, day=self.day).audible_to(self.user))
        return super().get_context_data() | {
            "agent": self.agent,
            "day": self.day,
            "here": day,
            "before": f"?day={(self.day - timedelta(days=1)).isoformat()}",
            "after": f"?day={(self.day + timedelta(days=1)).isoformat()}" if self.day < clock.today() else "",
            "cards": [
                {"label": label, "value": counts[key], "href": f"{day}&counted={key}" if key != "contacts" else day}
                for key, label in {"contacts": gettext_lazy("Contacts"), **COUNTED}.items()
            ],
            "targets": target_lines(goals, counts, address=partial(queries.day_address, self.agent, day=self.day)),
            "endings": orders_queries.contacts_by_disposition(self.agent, first=self.day, last=self.day),
            "pauses": pauses,
            "pause_table": PauseTable(pauses.pauses, now=now),
            "skips": skips,
            "skip_table": SkipTable(skips),
            "calls": calls,
            "call_table": CallTable(calls),
        }


@require("work.supervise")
@require_GET
def live_floor(request: StaffRequest) -> HttpResponse:
    """The upper half of the page for its own refreshing; 204 while nothing has happened since `seen`."""
    context = floor(request, agents_under(request.user))
    if request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=204)
    return render(request, "workorders/supervision/_floor.html", context)


def floor(request: StaffRequest, agents: Sequence[User]) -> dict[str, Any]:
    now = clock.now()
    orders = WorkOrder.objects.visible_to(request.user)
    tiles = queries.agent_tiles(agents, orders, now=now)
    paused = [tile.pause.pk for tile in tiles if tile.pause]
    calls = sorted(f"{tile.call.pk}{tile.call.state}" for tile in tiles if tile.call)
    wraps = sorted(f"{tile.wrap_up.pk}" for tile in tiles if tile.wrap_up)
    shown = f"{max(paused, default=0)}-{len(paused)}-{','.join(calls)}-{','.join(wraps)}"
    newest = Transition.objects.aggregate(newest=Max("pk"))["newest"]  # anybody's: the index answers at once
    return {
        "rows": queries.open_orders_by_state(orders, now=now),
        "ages": [(key, label) for key, (label, _younger, _older) in queries.AGES.items()],
        "tiles": tiles,
        "free": sum(tile.presence == "free" for tile in tiles),
        "wrapping_up": sum(tile.presence == "wrap_up" for tile in tiles),
        "paused": sum(tile.presence == "pause" for tile in tiles),
        "signed_out": sum(tile.presence == "signed_out" for tile in tiles),
        "left_behind": queries.orders_left_behind(orders),
        "billing_refused": orders.filter(order_no__in=accepted_decisions("refused").values("order_no")).count(),
        "offer_requests": Decision.objects.for_approval(request.user, now=now).count(),
        "reminders": orders_queries.reminders_of(orders, now=now),
        "promises": promises_in_absences(orders, now=now),
        "without_team": orders.filter(state__in=OPEN, team=None).count(),
        "now": now,
        "live": request.GET.get("live") != "off",
        # Ages and times are shown to the minute: a new minute is something new to see.
        "on_call": len(calls),
        "seen": f"{newest or 0}-{shown}-{timezone.localtime(now):%Y%m%d%H%M}",
    }


# {field of the form: the condition of a value at a moment}
CONDITIONS: dict[str, Callable[[Any, datetime], Q]] = {
    "type": lambda code, now: Q(type__code=code),
    "team": lambda code, now: Q(team__code=code),
    "q": lambda order_no, now: Q(order_no=order_no),
    "agent": lambda agent, now: queries.agent_filter(agent),
    "opened_at": lambda at, now: Q(opened_at=at, opened_on=timezone.localdate(at)),
    "age": lambda age, now: queries.age_filter(age, now=now),
    "gain": lambda gain, now: queries.GAINS[gain][1],
    "billing": lambda state, now: Q(order_no__in=accepted_decisions(state).values("order_no")),
    "due": lambda due, now: orders_queries.due_condition(due, now=now),
    "clock": lambda state, now: clock_filter(state, now=now),
}


def filtered(user: User, form: BoardFilter) -> "QuerySet[WorkOrder]":
    """The orders that the filters of the address leave; open ones when it names no state."""
    orders = WorkOrder.objects.visible_to(user)
    if not form.is_valid():
        return orders.none()
    asked, now = form.cleaned_data, clock.now()
    wanted = Q()
    of_any_state = asked["billing"] or asked["figure"]  # a promise outlives its order, a figure has states of its own
    if asked["state"] != "any" and not (of_any_state and not asked["state"]):
        wanted &= Q(state=asked["state"]) if asked["state"] else Q(state__in=OPEN)
    for name, condition in CONDITIONS.items():
        if asked[name]:
            wanted &= condition(asked[name], now)
    if asked["due_since"] and asked["due_until"]:
        wanted &= due_filter(asked["due_since"], asked["due_until"])
    if asked["done_by"]:
        orders = orders.done_by(asked["done_by"])
    if asked["source"]:
        orders = orders.from_source(asked["source"])
    return only_counted(orders.filter(wanted), asked["figure"])


def accepted_decisions(state: str) -> "QuerySet[Decision]":
    """Accepted offers that wait for billing, or that it refused without a later accepted offer."""
    if state == "waiting":
        return Decision.objects.filter(state=DecisionState.ACCEPTED)
    return Decision.objects.refused_and_left()


@require("work.supervise")
@require_POST
def raise_numbers(request: StaffRequest) -> HttpResponse:
    """`agent` may look at more customers' numbers for the rest of the day."""
    agent = User.objects.filter(username=request.POST.get("agent", "")).first()
    raise_number_limit(agent=agent, actor=request.user, now=clock.now())
    messages.success(request, _("More numbers can be looked at until midnight."))
    return redirect("workorders:supervise")
