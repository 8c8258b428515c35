"""Webhooks, their events and deliveries. Written and sent by retention.core.webhooks.services."""

import uuid
from typing import Self
from urllib.parse import urlsplit

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from retention.core.accounts.models import Branch
from retention.core.api.models import ApiClient


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def of(self, client: ApiClient) -> Self:
        """The client's own webhooks, newest first."""
        return self.filter(client=client).order_by("-pk")

    def sending(self) -> Self:
        """Active webhooks of clients that are not revoked."""
        return self.filter(active=True, client__revoked_at=None)

    def for_page(self) -> Self:
        """Annotated for the administrators' pages: `waiting`, `oldest_at` (of the longest waiting event), `parked`."""
        own = Delivery.objects.filter(webhook=OuterRef("pk"))
        counts = {state: _count(own.filter(state=state)) for state in OPEN}
        oldest = own.filter(state=Delivery.State.PENDING).order_by("pk").values("event__created_at")[:1]
        return self.select_related("client__branch").annotate(
            waiting=counts[Delivery.State.PENDING], parked=counts[Delivery.State.PARKED], oldest_at=Subquery(oldest)
        )


def _count(deliveries: "models.QuerySet[Delivery]") -> Coalesce:
    counted = deliveries.order_by().values("webhook").annotate(n=models.Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


class Webhook(models.Model):
    """An address that receives events.

    active: sending is not paused; events are collected meanwhile. failing_since, failures, retry_at: of a receiver that
    does not answer, the start of the outage, failures in a row, and the time of the next probe with one event.
    """

    class Condition(models.TextChoices):
        WORKING = "working", _("Working")
        DOWN = "down", _("Does not answer")
        PAUSED = "paused", _("Paused")
        REVOKED = "revoked", _("Client revoked")

    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="webhooks", verbose_name=_("client"))
    url = models.CharField(_("address"), max_length=500)
    events = models.JSONField(_("events"), default=list)
    sealed_secret = models.TextField()
    previous_sealed_secret = models.TextField(blank=True)
    previous_until = models.DateTimeField(null=True)
    active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"))
    last_success_at = models.DateTimeField(_("last success"), null=True)
    last_failure_at = models.DateTimeField(_("last failure"), null=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    failing_since = models.DateTimeField(_("failing since"), null=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    retry_at = models.DateTimeField(_("next probe"), null=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("webhook")

    def __str__(self) -> str:
        return self.url

    @property
    def condition(self) -> Condition:
        if self.client.revoked_at:
            return self.Condition.REVOKED
        if not self.active:
            return self.Condition.PAUSED
        return self.Condition.DOWN if self.retry_at else self.Condition.WORKING

    @property
    def host(self) -> str:
        """The host of the address, for lists: the path may hold a token."""
        return urlsplit(self.url).netloc


class OutboxEvent(models.Model):
    """An event as it will be sent. Stored only when a webhook subscribes to it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("event"), max_length=40)
    subject = models.CharField(_("subscriber"), max_length=64)
    payload = models.JSONField()
    branch = models.ForeignKey(Branch, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("at"), db_index=True)

    class Meta:
        verbose_name = _("event")

    def __str__(self) -> str:
        return f"{self.name} {self.subject}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def open(self) -> Self:
        """Neither delivered nor discarded: these block the later events of their subject."""
        return self.filter(state__in=OPEN)

    def ready(self, now: object) -> Self:
        """Due, and no earlier delivery of the same subject is parked or waits for its next attempt; oldest first."""
        held_up = Q(state=Delivery.State.PARKED) | Q(state=Delivery.State.PENDING, next_attempt_at__gt=now)
        before = _before().filter(held_up)
        return self.filter(~Exists(before), state=Delivery.State.PENDING, next_attempt_at__lte=now).order_by("pk")

    def heads(self) -> Self:
        """The first open one of each subject unless it is parked, due or not; fewest attempts first."""
        before = _before().filter(state__in=OPEN)
        return self.filter(~Exists(before), state=Delivery.State.PENDING).order_by("attempts", "pk")

    def for_list(self) -> Self:
        """With everything that the page and the API show, newest first."""
        return self.select_related("event").order_by("-pk")


def _before() -> "models.QuerySet[Delivery]":
    """Earlier deliveries of the same subject to the same webhook as the outer row."""
    return Delivery.objects.filter(
        webhook_id=OuterRef("webhook_id"), subject=OuterRef("subject"), pk__lt=OuterRef("pk")
    )


class Delivery(models.Model):
    """The delivery of one event to one webhook. A subject's events are sent in the order of these ids.

    attempts: how often it was sent. refusals: failures while the receiver was otherwise up; these lengthen its own
    pauses. give_up_at: from then on it is parked until it is sent again or discarded by hand.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        DELIVERED = "delivered", _("Delivered")
        PARKED = "parked", _("Parked")
        DISCARDED = "discarded", _("Discarded")

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(OutboxEvent, models.CASCADE, related_name="deliveries")
    subject = models.CharField(_("subscriber"), max_length=64)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    refusals = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"))
    give_up_at = models.DateTimeField(_("given up"))
    last_status = models.PositiveSmallIntegerField(_("last answer"), null=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        constraints = [
            models.UniqueConstraint(fields=["webhook", "event"], name="delivery_once"),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "delivered", "parked", "discarded"]), name="delivery_state_known"
            ),
        ]
        indexes = [
            # Partial index: few rows are open, and the relay reads only these.
            models.Index(fields=["webhook", "id"], condition=Q(state="pending"), name="delivery_waiting"),
            models.Index(
                fields=["webhook", "subject", "id"],
                condition=Q(state__in=["pending", "parked"]),
                name="delivery_order",
            ),
            models.Index(fields=["give_up_at"], condition=Q(state="pending"), name="delivery_expiry"),
            models.Index(fields=["webhook", "state", "-id"], name="delivery_listed"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.state}"


OPEN = (Delivery.State.PENDING, Delivery.State.PARKED)
