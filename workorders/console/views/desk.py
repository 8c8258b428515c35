"""The agent's desk: the queue, the day so far, the next order, and the own workload day by day."""

from datetime import date, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from campaigns.outreach import calls_resume_at
from retention.core import clock
from retention.core.accounts.models import User
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.ui.listing import ListPage
from retention.core.ui.references import reference
from workorders.allocation.queries import targets_of
from workorders.allocation.text import target_lines
from workorders.console.forms import HistoryFilter, WorkListFilter
from workorders.console.tables import AppointmentTable, DayTable, EndedTable, WorkListTable
from workorders.orders import queries
from workorders.orders.explanations import format_quiet_hours, why_nothing
from workorders.orders.models import TransitionQuerySet, WorkOrder, WorkOrderQuerySet
from workorders.orders.next_orders import count_queued_for
from workorders.orders.previews import Preview, preview_next
from workorders.orders.queries import due_condition
from workorders.orders.services.claiming import next_order
from workorders.orders.services.reopening import UNDO_OFFERED
from workorders.orders.stage_access import lacking_stage
from workorders.orders.states import OPEN, State
from workorders.pauses.models import Pause
from workorders.pauses.queries import pauses_of_day, running_pause, running_wrap_up, usable_codes
from workorders.pauses.services import end_pause, end_wrap_up
from workorders.pauses.tables import PauseTable
from workorders.supervision.forms import DayFilter
from workorders.supervision.tables import ContactTable
from workorders.telephony.models import Call
from workorders.telephony.queries import extension_of, open_call
from workorders.telephony.switches import telephone
from workorders.telephony.tables import CallTable


@require("work.do")
@require_GET
def console(request: StaffRequest) -> HttpResponse:
    return desk(request)


@require("work.do")
@require_GET
def preview(request: StaffRequest) -> HttpResponse:
    """What "next" would give, beside the queue; the desk with it where no script asks."""
    found = preview_next(agent=request.user, now=clock.now())
    return (
        render(request, "workorders/console/_preview.html", {"preview": found})
        if request.htmx
        else desk(request, found)
    )


def desk(request: StaffRequest, preview: Preview | None = None) -> HttpResponse:
    now = clock.now()
    context = queue_pane(request.user) | {
        "today": queries.contact_counts_of_day(request.user, day=timezone.localtime(now).date()),
        "waiting": count_queued_for(request.user, now=now),
        "teams": request.user.teams.all(),
        "now": now,
        "preview": preview,
        "resume": calls_resume_at(now),
        "pause": running_pause(request.user),
        "pause_codes": usable_codes(),
        "reminders": queries.reminders_of(WorkOrder.objects.filter(assignee=request.user), now=now),
        "call": open_call(request.user) if telephone().dials else None,
        "needs_extension": telephone().needs_extension,
        "extension": extension_of(request.user) if telephone().needs_extension else "",
    }
    if not context["call"] and (wrap_up := running_wrap_up(request.user, now=now)) is not None:
        given = {"wrap_up": wrap_up, "wrap_up_left": wrap_up.seconds_left(now=now)}
        context |= given | {"then_next": request.GET.get("then") == "next"}
    context["due_appointments"] = [one for one in context["queue"] if one.appointment_at and one.appointment_at <= now]
    context["appointments"] = AppointmentTable([one for one in context["queue"] if one.appointment_at], now=now)
    return render(request, "workorders/console/console.html", context)


@require("work.do")
@require_POST
def take_next(request: StaffRequest) -> HttpResponse:
    end_wrap_up(agent=request.user, now=clock.now())
    return go_to_next(request)


def go_to_next(request: StaffRequest) -> HttpResponse:
    """To the call screen of the agent's next order, or back to the desk when nothing waits."""
    end_pause(agent=request.user, now=clock.now(), by=Pause.End.NEXT)
    order = next_order(agent=request.user, now=clock.now())
    if order is None:
        if (resume := calls_resume_at(clock.now())) is not None:
            messages.warning(request, format_quiet_hours(resume))
            return redirect("workorders:console")
        messages.info(request, why_nothing(request.user, now=clock.now()))
        return redirect("workorders:console")
    return redirect("workorders:order", order.order_no)


def queue_pane(agent: User) -> dict[str, Any]:
    """The left pane: the agent's own open orders; and the save of a moment ago, which may be taken back."""
    undo = queries.last_save_of(agent, since=clock.now() - UNDO_OFFERED)
    if undo is not None and lacking_stage(undo.order, agent, move="reopen"):
        undo = None
    return {
        "queue": list(WorkOrder.objects.for_queue(agent)[:50]),
        "undo": undo,
        # One that comes back to the queue or is closed is not the agent's any more.
        "undo_order": reference(undo.order.order_no, own_address(undo.order, agent)) if undo else "",
    }


def own_address(order: WorkOrder, agent: User) -> str:
    """The page of an order that the agent holds; "" for one that is not theirs."""
    return reverse("workorders:order", args=[order.order_no]) if order.assignee_id == agent.pk else ""


class WorkList(ListPage):
    """The own open orders, or what waits in the queues of the own groups, in the order in which "next" takes it."""

    name = "work-list"
    permission = "work.do"
    table_class = WorkListTable
    form_class = WorkListFilter
    parent = ("workorders:console", gettext_lazy("Work"))

    def get_queryset(self) -> WorkOrderQuerySet:
        now = clock.now()
        own = WorkOrder.objects.filter(assignee=self.user, state__in=OPEN)
        groups = WorkOrder.objects.filter(team__in=self.user.teams.values("pk"), state=State.QUEUED)
        rows = groups if self.cleaned.get("scope") == "group" else own
        return rows.filter(due_condition(self.cleaned.get("due", ""), now=now)).select_related("type").in_claim_order()

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}


class MyWork(ListPage):
    """The own contacts, one row a day. Exporting them takes no permission: they are the agent's own figures."""

    name = "my-work"
    permission = export_permission = "work.do"
    template_name = "workorders/console/mine.html"
    title = gettext_lazy("My work")
    parent = ("workorders:console", gettext_lazy("Work"))
    table_class = DayTable
    form_class = HistoryFilter
    form: HistoryFilter

    @cached_property
    def period(self) -> tuple[date, date]:
        """The first and the last day shown."""
        last = clock.today()
        return last - timedelta(days=self.form.days - 1), last

    def get_queryset(self) -> list[dict[str, Any]]:
        first, last = self.period
        return [
            {
                **row,
                "reach_rate": _rate(row["reached"], row["contacts"]),
                "good_rate": _rate(row["good"], row["reached"]),
            }
            for row in queries.contact_counts_by_day(self.user, first=first, last=last)
        ]

    def get_context_data(self) -> dict[str, Any]:
        (first, last), now = self.period, clock.now()
        pauses = pauses_of_day(self.user, day=last, now=now)
        calls = list(Call.objects.of_day(self.user, day=last))
        today = queries.contact_counts_of_day(self.user, day=last)
        goals = targets_of([self.user])[self.user.pk]
        return super().get_context_data() | {
            "pauses": pauses,
            "pause_table": PauseTable(pauses.pauses, now=now),
            "calls": calls,
            "call_table": CallTable(calls),
            "today": today,
            "rows": {name: own_contacts(name) for name in queries.CONTACT_FILTERS},
            "targets": target_lines(goals, vars(today), address=own_contacts),
            "ended": EndedTable(queries.contacts_ended_on(self.user, day=last), user=self.user),
            "endings": queries.contacts_by_disposition(self.user, first=first, last=last),
            "days": self.form.days,
        }


def own_contacts(counted: str) -> str:
    """The list of the own contacts of today that a figure counts: a name of CONTACT_FILTERS."""
    query = f"?{urlencode({'counted': counted})}" if counted != "contacts" else ""
    return f"{reverse('workorders:my-contacts')}{query}"


class MyContacts(ListPage):
    """The own contacts of a day that a figure of "my work" counts. Exporting them takes no permission either."""

    name = "my-contacts"
    permission = export_permission = "work.do"
    title = gettext_lazy("My contacts")
    parent = ("workorders:mine", gettext_lazy("My work"))
    table_class = ContactTable
    form_class = DayFilter

    def get_queryset(self) -> TransitionQuerySet:
        day = self.cleaned.get("day") or clock.today()
        counted, outcome = self.cleaned.get("counted") or "contacts", self.cleaned.get("outcome")
        rows = queries.contacts_of_day(self.user, day=day).filter(queries.CONTACT_FILTERS[counted])
        rows = rows.filter(disposition__code=outcome) if outcome else rows
        return rows.select_related("order__type", "disposition")


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None
