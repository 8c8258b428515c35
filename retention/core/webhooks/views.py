"""Administrators' pages of webhooks: receivers, waiting and parked deliveries."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.ui import formats
from retention.core.ui.filters import parse_numbers
from retention.core.ui.listing import ListPage
from retention.core.webhooks.filters import DeliveryFilter
from retention.core.webhooks.models import Delivery, DeliveryQuerySet, Webhook
from retention.core.webhooks.services import webhooks
from retention.core.webhooks.tables import CONDITION_TONES, DeliveryTable, WebhookTable, format_events

State = Delivery.State


class WebhookList(ListPage):
    name = "webhooks"
    permission = "admin"
    table_class = WebhookTable

    def get_queryset(self) -> QuerySet[Webhook]:
        return Webhook.objects.for_page().order_by("client__name", "pk")


class WebhookPage(ListPage):
    """One webhook with its deliveries; parked ones may be selected, to be sent again or discarded."""

    name = "webhook-deliveries"
    permission = "admin"
    template_name = "core/webhooks/detail.html"
    table_class = DeliveryTable
    filterset_class = DeliveryFilter
    parent = ("core:webhooks", gettext_lazy("Webhooks"))

    @cached_property
    def webhook(self) -> Webhook:
        return get_object_or_404(Webhook.objects.for_page(), pk=self.kwargs["pk"])

    @property
    def state(self) -> str:
        asked = self.query.get("state", "")
        return asked if asked in State.values else ""

    def get_queryset(self) -> DeliveryQuerySet:
        return self.webhook.deliveries.for_list()

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"bulk": self.webhook if self.state == State.PARKED else None}

    def get_context_data(self) -> dict[str, Any]:
        webhook = self.webhook
        return super().get_context_data() | {
            "webhook": webhook,
            "condition": (webhook.condition.label, *CONDITION_TONES[webhook.condition]),
            "facts": webhook_facts(webhook),
            "tabs": state_tabs(webhook, self.state),
        }


@require("admin")
@require_POST
def settle(request: StaffRequest, pk: int) -> HttpResponse:
    """Send parked deliveries again or discard them: the selected ones, or all that match the filters sent along."""
    page = WebhookPage.of_query(user=request.user, query=request.POST.get("query", ""), pk=pk)
    webhook = page.webhook
    ids = page.get_rows().values("pk") if request.POST.get("all") else parse_numbers(request.POST.getlist("row"))
    match request.POST.get("action"):
        case "resend":
            done = webhooks.resend(webhook=webhook, ids=ids, now=clock.now(), actor=request.user)
            messages.success(request, ngettext("%(n)d is sent again.", "%(n)d are sent again.", done) % {"n": done})
        case "discard":
            done = webhooks.discard(webhook=webhook, ids=ids, actor=request.user)
            messages.success(request, ngettext("%(n)d is discarded.", "%(n)d are discarded.", done) % {"n": done})
    return redirect("core:webhook", pk)


@require("admin")
@require_POST
def switch(request: StaffRequest, pk: int) -> HttpResponse:
    """Pause or resume sending to a webhook."""
    webhook = get_object_or_404(Webhook.objects.select_related("client"), pk=pk)
    active = request.POST.get("active") == "on"
    webhooks.set_active(webhook=webhook, active=active, actor=request.user)
    messages.success(
        request, _("Sending is resumed.") if active else _("Sending is paused; events are kept meanwhile.")
    )
    return redirect("core:webhook", pk)


def webhook_facts(webhook: Webhook) -> list[tuple[str, object]]:
    sees = webhook.client.branch.name if webhook.client.branch else _("everything")
    waits = (clock.now() - webhook.oldest_at).total_seconds() if webhook.oldest_at else None
    return [
        (_("Client"), webhook.client.name),
        (_("Subscribed to"), sees),
        (_("Events"), format_events(webhook.events)),
        (_("Created"), formats.moment(webhook.created_at)),
        (_("Last success"), formats.moment(webhook.last_success_at)),
        (_("Last failure"), formats.moment(webhook.last_failure_at)),
        (_("No answer since"), formats.moment(webhook.failing_since)),
        (_("Next probe"), formats.moment(webhook.retry_at)),
        (_("Oldest waiting"), formats.duration(waits)),
        (_("Old secret valid until"), formats.moment(webhook.previous_until)),
        (_("Last error"), webhook.last_error),
    ]


def state_tabs(webhook: Webhook, state: str) -> list[dict[str, Any]]:
    counts = dict(webhook.deliveries.order_by().values_list("state").annotate(n=Count("pk")))
    every = {"label": _("All"), "url": "?", "active": not state, "count": sum(counts.values())}
    return [every] + [
        {"label": one.label, "url": f"?state={one.value}", "active": state == one, "count": counts.get(one.value, 0)}
        for one in State
    ]
