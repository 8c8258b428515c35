"""The 360 page of one line and its customer."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from customers import panels, view360
from customers.forms import ListEntryForm, RevealForm
from customers.models import Subscriber
from customers.services.lists import lists_open_to
from customers.tables import STATUS_TONES, months_in_service
from customers.view360 import history, holdings
from customers.view360.head import profile_of
from customers.view360.money import bills_of
from retention.core import audit, clock
from retention.core.access import require
from retention.core.models import User


def visible_line(user: User, subscriber_no: str) -> Subscriber:
    """The line with all that the page's head reads; what one may not see does not exist."""
    line = Subscriber.objects.visible_to(user).for_360().filter(subscriber_no=subscriber_no).first()
    if line is None:
        raise Http404(subscriber_no)
    return line


@require("customers.view")
@require_GET
def customer_page(request: HttpRequest, subscriber_no: str) -> HttpResponse:
    line = visible_line(request.user, subscriber_no)
    audit.record(actor=request.user, action="customer.view", target=line)
    return render(request, "customers/detail.html", portrait(request, line))


def portrait(request: HttpRequest, line: Subscriber, **more: Any) -> dict[str, Any]:
    """Everything the page shows. The number of queries does not depend on how much there is."""
    user, today = request.user, clock.today()
    customer = line.account.customer
    risk = view360.risk_story(line, today=today, for_agent=not user.may("churn.view"))
    bills = bills_of(line, today=today)
    tickets, made = history.tickets(line), history.contacts(customer)
    entries = view360.lists_of(customer)
    profile = profile_of(line)
    context = {
        "subscriber": line,
        "customer": customer,
        "profile": profile,
        "status_badge": (line.get_status_display(), *STATUS_TONES[Subscriber.Status(line.status)]),
        "tenure": tenure_words(months_in_service(line, today)),
        "notices": view360.notices(line, today=today),
        "cards": view360.cards(
            line, risk=risk, bills=bills, last_contact=history.last_made(made), today=today,
            barred=holdings.forbidding(entries, today=today),
        ),
        "risk": risk,
        "usage_charts": view360.usage_charts(line, today=today),
        "spend_chart": view360.spend_chart(bills),
        "bills": view360.bill_rows(bills, today=today),
        "contracts": view360.contracts(line, today=today),
        "products": view360.products(line, today=today),
        "terminals": view360.terminals(line),
        "points": view360.points_of(line),
        "tickets": [(ticket, history.ticket_state(ticket, today)) for ticket in tickets[: history.TICKETS_SHOWN]],
        "history": view360.touches(line, opened=tickets, made=made),
        "identity": view360.identity(line, today=today),
        "line_facts": view360.line_facts(line),
        "attributes": view360.attributes(line),
        "other_lines": view360.other_lines(line, user),
        "group": view360.group_summary(line),
        "lists": [(entry, holdings.in_force(entry, today)) for entry in entries],
        "panels": panels.of(request, line),
        "open_lists": lists_open_to(user),
        "list_form": ListEntryForm(user=user),
        "reveal_form": RevealForm() if user.may("customers.reveal_phone") else None,
    }  # fmt: skip
    return context | {"sections": sections(context)} | more


def tenure_words(months: int) -> str:
    return ngettext("%(months)d month with us", "%(months)d months with us", months) % {"months": months}


def sections(context: dict[str, Any]) -> list[dict[str, Any]]:
    """The jump list under the head: only what the page holds."""
    parts = [
        (_("Risk"), "risk", "alert-triangle", context["risk"].now),
        *((card.panel.title, card.key, card.panel.icon, True) for card in context["panels"]),
        (_("Usage"), "usage", "activity", context["usage_charts"]),
        (_("Bills"), "money", "receipt", context["bills"]),
        (_("Service"), "service", "headset", context["tickets"]),
        (_("History"), "history", "history", context["history"]),
        (_("Contracts and services"), "holdings", "file-text", True),
        (_("Lists"), "lists", "list", True),
    ]
    return [{"label": label, "url": f"#{key}", "icon": icon} for label, key, icon, there in parts if there]
