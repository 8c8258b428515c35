"""The supervisor's page: orders by state and age, the agents, the list and what can be done with many of its rows."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import Max, Q, QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from campaigns.offers.models import Decision
from campaigns.offers.states import State as DecisionState
from retention.core import clock
from retention.core.accounts.models import User
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.ui.figures import only_counted
from retention.core.ui.listing import ListPage
from retention.core.ui.references import references, sentence
from workorders.clocks.queries.board import clock_filter, due_filter
from workorders.orders import queries as orders_queries
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.states import OPEN, State
from workorders.pauses.queries import pauses_of_day
from workorders.pauses.tables import PauseTable
from workorders.supervision import queries
from workorders.supervision.forms import COUNTED, BoardFilter, CancelForm, DayFilter, GiveForm, PeriodFilter, agent_name
from workorders.supervision.periods import Period
from workorders.supervision.services import (
    MAX_ORDERS,
    BulkResult,
    agents_under,
    cancel,
    raise_number_limit,
    reassign,
    take_back,
)
from workorders.supervision.tables import ContactTable, OrderTable


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

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user, "agents": self.agents}

    def get_queryset(self) -> "QuerySet[WorkOrder]":
        return filtered(self.user, self.form)

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"today": clock.today()}

    def get_context_data(self) -> dict[str, Any]:
        return floor(self.request, self.agents) | super().get_context_data()


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
            "endings": orders_queries.contacts_by_disposition(self.agent, first=self.day, last=self.day),
            "pauses": pauses,
            "pause_table": PauseTable(pauses.pauses, now=now),
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
    newest = Transition.objects.aggregate(newest=Max("pk"))["newest"]  # anybody's: the index answers at once
    return {
        "rows": queries.open_orders_by_state(orders, now=now),
        "ages": [(key, label) for key, (label, _younger, _older) in queries.AGES.items()],
        "tiles": tiles,
        "free": sum(tile.presence == "free" for tile in tiles),
        "paused": sum(tile.presence == "pause" for tile in tiles),
        "signed_out": sum(tile.presence == "signed_out" for tile in tiles),
        "left_behind": queries.orders_left_behind(orders),
        "billing_refused": orders.filter(order_no__in=accepted_decisions("refused").values("order_no")).count(),
        "offer_requests": Decision.objects.for_approval(request.user, now=now).count(),
        "without_team": orders.filter(state__in=OPEN, team=None).count(),
        "now": now,
        "live": request.GET.get("live") != "off",
        # Ages and times are shown to the minute: a new minute is something new to see.
        "seen": f"{newest or 0}-{max(paused, default=0)}-{len(paused)}-{timezone.localtime(now):%Y%m%d%H%M}",
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
    "due": lambda due, now: _due(due, now),
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


def _due(key: str, now: datetime) -> Q:
    if key == "late":
        return Q(state=State.WAITING, appointment_at__lt=now)
    today = timezone.localtime(now).date()
    since, until = orders_queries.day_bounds(today, today)
    return Q(due_at__lt=now) if key == "overdue" else Q(due_at__gte=since, due_at__lt=until)


@require("work.supervise")
@require_POST
def bulk(request: StaffRequest) -> HttpResponse:
    """Bulk action on selected orders: first the agent or reason, then, with `confirmed`, the action."""
    action = request.POST.get("action", "")
    if action not in ACTIONS:
        return redirect("workorders:supervise")
    numbers = _selected_numbers(request)
    if not numbers:
        messages.warning(request, _("No orders are selected."))
        return _back(request)
    form = ACTIONS[action](request)
    if form is not None and not (request.POST.get("confirmed") and form.is_valid()):
        context = {
            "action": action,
            "form": form,
            "count": len(numbers),
            "ticked": request.POST.getlist("row"),
            "all": request.POST.get("all", ""),
            "query": request.POST.get("query", ""),
            "back": _back_url(request),
        }
        return render(
            request, "workorders/supervision/bulk.html", context, status=422 if request.POST.get("confirmed") else 200
        )
    _report_result(request, _do(request, action, numbers, form))
    return _back(request)


def _give_form(request: StaffRequest) -> GiveForm:
    return GiveForm(request.POST if request.POST.get("confirmed") else None, user=request.user)


def _cancel_form(request: StaffRequest) -> CancelForm:
    return CancelForm(request.POST if request.POST.get("confirmed") else None)


ACTIONS: dict[str, Any] = {"give": _give_form, "cancel": _cancel_form, "take_back": lambda request: None}


def _do(request: StaffRequest, action: str, numbers: list[str], form: Any) -> BulkResult:
    who, now = request.user, clock.now()
    if action == "take_back":
        return take_back(order_nos=numbers, actor=who, now=now)
    given = form.cleaned_data
    if action == "cancel":
        return cancel(order_nos=numbers, actor=who, reason=given["reason"], now=now)
    return reassign(order_nos=numbers, actor=who, agent=given["agent"], team=given["team"], now=now)


def _selected_numbers(request: StaffRequest) -> list[str]:
    """The order numbers of the ticked rows, or of all that match the filters (`all` and `query`)."""
    if request.POST.get("all"):
        found = Supervise.of_query(user=request.user, query=request.POST.get("query", "")).get_rows()
        return list(found.in_claim_order().values_list("order_no", flat=True)[:MAX_ORDERS])
    return request.POST.getlist("row")


def _report_result(request: StaffRequest, done: BulkResult) -> None:
    if done.moved:
        said = ngettext("%(count)d order moved.", "%(count)d orders moved.", done.moved)
        messages.success(request, said % {"count": done.moved})
    if done.skipped:
        said = ngettext(
            "%(count)d order could not be moved: closed, or moved by somebody just now (%(which)s).",
            "%(count)d orders could not be moved: closed, or moved by somebody just now (%(which)s).",
            len(done.skipped),
        )
        which = references("workorder", request.user, done.skipped[:5])
        more = "…" if len(done.skipped) > 5 else ""
        messages.warning(request, sentence(said, count=len(done.skipped), which=format_html("{}{}", which, more)))


def _back_url(request: StaffRequest) -> str:
    """The list as it was; an order's own page when the action was taken there."""
    query = QueryDict(request.POST.get("query", "")).urlencode()
    return reverse("workorders:supervise") + (f"?{query}" if query else "")


def _back(request: StaffRequest) -> HttpResponse:
    return redirect(_back_url(request))


@require("work.supervise")
@require_POST
def raise_numbers(request: StaffRequest) -> HttpResponse:
    """`agent` may look at more customers' numbers for the rest of the day."""
    agent = User.objects.filter(username=request.POST.get("agent", "")).first()
    raise_number_limit(agent=agent, actor=request.user, now=clock.now())
    messages.success(request, _("More numbers can be looked at until midnight."))
    return redirect("workorders:supervise")
