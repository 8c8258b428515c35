"""Writing to desks, who has read it, and the part of the desk that shows it."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import Invalid
from retention.core.ui.listing import ListPage
from workorders.desk_messages.forms import DeskMessageForm
from workorders.desk_messages.models import DeskMessage, Receipt
from workorders.desk_messages.services import read_message, send_message
from workorders.desk_messages.tables import DeskMessageTable, ReceiptTable

# What the desk shows already, "" before anything: 204 while it is the same.
SEEN_HEADER = "X-Seen"


@require("work.do")
@require_GET
def desk(request: StaffRequest) -> HttpResponse:
    """The unread messages to the person, for the polling of the desk."""
    context = _unread(request)
    if request.headers.get(SEEN_HEADER) == context["seen"]:
        return HttpResponse(status=204)
    return render(request, "workorders/desk_messages/_desk.html", context)


@require("work.do")
@require_POST
def read(request: StaffRequest, pk: int) -> HttpResponse:
    """The person has read it; the part of the desk without it, or the desk itself without script."""
    read_message(pk=pk, person=request.user, now=clock.now())
    if request.headers.get("HX-Request"):
        return render(request, "workorders/desk_messages/_desk.html", _unread(request))
    return redirect("workorders:console")


def _unread(request: StaffRequest) -> dict[str, Any]:
    receipts = list(Receipt.objects.unread_of(request.user))
    return {"receipts": receipts, "seen": "-".join(str(one.message_id) for one in receipts) or "none"}


class SentMessages(ListPage):
    name = "desk-messages"
    permission = "work.supervise"
    template_name = "workorders/desk_messages/list.html"
    parent = ("workorders:supervise", gettext_lazy("Supervise"))
    table_class = DeskMessageTable

    def get_queryset(self) -> QuerySet[DeskMessage]:
        read = Count("receipts", filter=Q(receipts__read_at__isnull=False))
        return DeskMessage.objects.filter(sender=self.user).annotate(asked=Count("receipts"), seen=read)


class Receipts(ListPage):
    """Who has read one of the own messages."""

    name = "desk-receipts"
    permission = "work.supervise"
    parent = ("desk_messages:messages", gettext_lazy("Messages to desks"))
    table_class = ReceiptTable

    @cached_property
    def message(self) -> DeskMessage:
        row = DeskMessage.objects.filter(pk=self.kwargs["pk"], sender=self.user).first()
        if row is None:
            raise Http404
        return row

    @property
    def subtitle(self) -> str:  # type: ignore[override]  # of the message, not of the class
        return self.message.text

    def get_queryset(self) -> QuerySet[Receipt]:
        return self.message.receipts.select_related("person").order_by("person__username")


@require("work.supervise")
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: StaffRequest) -> HttpResponse:
    """A new message; `agent` and `team` of the address are chosen already."""
    chosen = {"agents": request.GET.getlist("agent"), "team": request.GET.get("team")}
    form = DeskMessageForm(request.POST or None, user=request.user, initial=chosen)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                row = send_message(actor=request.user, now=clock.now(), **form.cleaned_data)
                messages.success(request, _("The message is on the desks."))
                return redirect("desk_messages:receipts", row.pk)
            except Invalid as error:
                for one in error.details:
                    form.add_error(one["field"], one["message"])
    return render(request, "workorders/desk_messages/write.html", {"form": form}, status=status)
