"""The 360 page of one line and its customer, and its actions: reveal the phone number, list entries."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from customers.directory.tables import STATUS_TONES, months_in_service
from customers.facts.models import Subscriber
from customers.fields.line_types import view_of
from customers.lists.forms import ListEntryForm
from customers.lists.models import ListEntry
from customers.lists.services import add_to_list, end_list_entry, lists_open_to, own_lists_open_to
from customers.page360 import panels, queries
from customers.page360.forms import RevealForm
from customers.page360.queries import history, holdings
from customers.page360.queries.head import profile_of
from customers.page360.queries.money import bills_of
from customers.page360.services import reveal_phone
from customers.page360.tables import BillTable, CreditChangeTable, CreditTable, TicketTable, TopUpTable
from retention.core import clock
from retention.core.accounts.models import User
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.audit import services as audit
from retention.core.errors import DomainError


def visible_line(user: User, subscriber_no: str) -> Subscriber:
    """The line with everything that the page's head reads; 404 for one the user may not see."""
    line = Subscriber.objects.visible_to(user).for_360().filter(subscriber_no=subscriber_no).first()
    if line is None:
        raise Http404(subscriber_no)
    return line


@require("customers.view")
@require_GET
def customer_page(request: StaffRequest, subscriber_no: str) -> HttpResponse:
    line = visible_line(request.user, subscriber_no)
    audit.record(actor=request.user, action="customer.view", target=line)
    return render(request, "customers/page360/detail.html", page_context(request, line))


def page_context(request: StaffRequest, line: Subscriber, **more: Any) -> dict[str, Any]:
    """Context of the whole page. The number of queries does not depend on the number of rows."""
    user, today = request.user, clock.today()
    customer = line.account.customer
    risk = queries.risk_history(line, today=today, for_agent=not user.may("churn.view"))
    bills = bills_of(line, today=today)
    topups = [] if bills else queries.topups_of(line, today=today)
    tickets, made = history.tickets(line), history.contacts(customer)
    entries = queries.lists_of(customer)
    profile, credit = profile_of(line), queries.credit_of(line)
    context = {
        "subscriber": line,
        "customer": customer,
        "profile": profile,
        "status_badge": (line.get_status_display(), *STATUS_TONES[Subscriber.Status(line.status)]),
        "tenure": format_tenure(months_in_service(line, today)),
        "notices": panels.head_notices(request, line) + queries.notices(line, today=today),
        "cards": queries.cards(
            line, risk=risk, spent=queries.spent_by_month(bills, topups, today=today), today=today,
            last_contact=history.last_contact(made),
        ) + panels.head_figures(request, line),
        "risk": risk,
        "usage_charts": queries.usage_charts(line, today=today),
        "spend_chart": queries.spend_chart(bills),
        "bills": BillTable(queries.bill_rows(bills, today=today)) if bills else None,
        "topups": topups,
        "topup_chart": queries.topup_chart(topups),
        "topup_table": TopUpTable(topups),
        "credit": credit,
        "credit_table": CreditTable(credit.rows) if credit and credit.rows else None,
        "credit_changes": CreditChangeTable(credit.changes) if credit and credit.changes else None,
        "contracts": queries.contracts(line, today=today),
        "products": queries.products(line, today=today),
        "terminals": queries.terminals(line),
        "points": queries.points_of(line),
        "tickets": TicketTable(tickets[: history.MAX_TICKETS], today=today) if tickets else None,
        "history": queries.timeline(line, opened=tickets, made=made),
        "identity": queries.customer_facts(line, today=today),
        "line_facts": queries.line_facts(line),
        "type_facts": queries.type_facts(line),
        "line_icon": view_of(line.line_type).icon,
        "attributes": queries.attributes(line),
        "other_lines": queries.other_lines(line, user),
        "group": queries.group_summary(line),
        "lists": _with_rights(entries, user, today=today),
        "panels": panels.render_panels(request, line),
        "open_lists": lists_open_to(user),
        "list_form": ListEntryForm(user=user),
        "reveal_form": RevealForm() if user.may("customers.reveal_phone") else None,
    }  # fmt: skip
    return context | {"sections": sections(context)} | more


def _with_rights(entries: Sequence[ListEntry], user: User, *, today: date) -> list[tuple[ListEntry, bool, bool]]:
    """Each entry with whether it is in force, and whether this person may end it."""
    shipped, own = lists_open_to(user), set(own_lists_open_to(user).values_list("pk", flat=True))
    rights = ((one, holdings.in_force(one, today), one.kind in shipped or one.own_list_id in own) for one in entries)
    return [(one, current, current and mine) for one, current, mine in rights]


def format_tenure(months: int) -> str:
    return ngettext("%(months)d month with us", "%(months)d months with us", months) % {"months": months}


def sections(context: dict[str, Any]) -> list[dict[str, Any]]:
    """The jump list under the head: the sections present on the page."""
    top = [card for card in context["panels"] if card.panel.place == "top"]
    parts = [
        *((card.panel.title, card.key, card.panel.icon, True) for card in top),
        (_("Risk"), "risk", "alert-triangle", context["risk"].now),
        (context["subscriber"].get_line_type_display(), "line-type", context["line_icon"], context["type_facts"]),
        *((card.panel.title, card.key, card.panel.icon, True) for card in context["panels"] if card not in top),
        (_("Usage"), "usage", "activity", context["usage_charts"]),
        (_("Bills"), "money", "receipt", context["bills"]),
        (_("Top-ups"), "topups", "coin-yuan", context["topups"]),
        (_("Credit"), "credit", "gauge", context["credit"]),
        (_("Service"), "service", "headset", context["tickets"]),
        (_("History"), "history", "history", context["history"]),
        (_("Contracts and services"), "holdings", "file-text", True),
        (_("Lists"), "lists", "list", True),
    ]
    return [{"label": label, "url": f"#{key}", "icon": icon} for label, key, icon, there in parts if there]


@require("customers.reveal_phone")
@require_POST
def show_phone(request: StaffRequest, subscriber_no: str) -> HttpResponse:
    """The full number in place of the masked one; a separate page without script."""
    line = visible_line(request.user, subscriber_no)
    form = RevealForm(request.POST)
    context = {"subscriber": line, "reveal_form": form, "number": "", "refused": ""}
    status = 422
    if form.is_valid():
        try:
            context["number"] = reveal_phone(user=request.user, subscriber=line, reason=form.cleaned_data["reason"])
            status = 200
        except DomainError as error:
            context["refused"] = error.message
    return render(
        request,
        "customers/page360/_phone.html" if request.htmx else "customers/page360/phone.html",
        context,
        status=status,
    )


@require("customers.mark")
@require_POST
def put_on_list(request: StaffRequest, subscriber_no: str) -> HttpResponse:
    line = visible_line(request.user, subscriber_no)
    form = ListEntryForm(request.POST, user=request.user)
    if form.is_valid():
        try:
            entry = add_to_list(
                actor=request.user, customer=line.account.customer, starts_on=clock.today(), now=clock.now(),
                **form.entry_values(),
            )  # fmt: skip
            messages.success(request, _("The customer is now on the list: %(list)s.") % {"list": entry.list_name})
            return redirect("customers:detail", subscriber_no)
        except DomainError as error:
            form.add_error(None, error.message)
    context = page_context(request, line, list_form=form, list_form_open=True)
    return render(request, "customers/page360/detail.html", context, status=422)


@require("customers.mark")
@require_POST
def take_off_list(request: StaffRequest, subscriber_no: str, pk: int) -> HttpResponse:
    line = visible_line(request.user, subscriber_no)
    entry = get_object_or_404(ListEntry, pk=pk, customer=line.account.customer)
    end_list_entry(actor=request.user, entry=entry, on=clock.today())
    messages.success(request, _("The customer is off the list: %(list)s.") % {"list": entry.list_name})
    return redirect("customers:detail", subscriber_no)
