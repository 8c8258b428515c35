"""What was sent to whom and what became of it; and what waits."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from campaigns.messages.filters import MessageFilter
from campaigns.messages.models import Message, Reply
from campaigns.messages.queries.queue import channels
from campaigns.messages.tables import MessageTable, QueueTable, ReplyTable
from campaigns.messages.text import STATE_TONES, format_address, format_origin, format_reason
from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.audit import services as audit
from retention.core.ui.formats import moment
from retention.core.ui.listing import ListPage

MAX_REPLIES = 10


class MessageList(ListPage):
    name = "messages"
    permission = "messages.view"
    template_name = "campaigns/messages/list.html"
    subtitle = gettext_lazy("What was sent to customers, and what became of it.")
    table_class = MessageTable
    filterset_class = MessageFilter

    def get_queryset(self) -> QuerySet[Message]:
        return Message.objects.visible_to(self.user).for_list()


@require("messages.view")
@require_safe
def message_page(request: StaffRequest, reference: str) -> HttpResponse:
    rows = Message.objects.visible_to(request.user).for_list()
    message = rows.filter(reference=reference).first()
    if message is None:
        raise Http404(reference)
    if message.subscriber is not None:
        audit.record(actor=request.user, action="customer.view", target=message.subscriber)
    context = {
        "message": message,
        "tone": STATE_TONES[message.state],
        "facts": _facts(message),
        "replies": ReplyTable(replies) if (replies := list(Reply.objects.after(message)[:MAX_REPLIES])) else None,
    }
    return render(request, "campaigns/messages/message.html", context)


def _facts(message: Message) -> list[tuple[Any, Any]]:
    return [
        (_("Channel"), message.get_channel_display()),
        (_("To"), format_address(message.channel, message.to) or "–"),
        (_("Origin"), format_origin(message)),
        (_("Purpose"), message.get_purpose_display()),
        (_("Version of the template"), message.template_version),
        (_("Reason"), format_reason(message) or "–"),
        (_("Parts"), message.parts or "–"),
        (_("Attempts"), message.attempts),
        (_("Number at the provider"), message.provider_ref or "–"),
        *(
            (label, moment(at) if at else "–")
            for label, at in (
                (_("Queued"), message.queued_at),
                (_("Sent"), message.sent_at),
                (_("Settled"), message.settled_at),
                (_("Expires"), message.expires_at),
            )
        ),
    ]


@require("messages.view")
@require_safe
def queue_page(request: StaffRequest) -> HttpResponse:
    """Counts of the whole queue: they name nobody."""
    found = channels(now=clock.now())
    context = {"table": QueueTable(found), "held": [one for one in found if one.resumes_at]}
    return render(request, "campaigns/messages/queue.html", context)
