from datetime import date, datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from retention.core import clock
from retention.core.accounts.models import User
from workorders.orders.models import WorkOrder
from workorders.telephony.states import ANSWERED, OPEN, Because, CallState, Event, EventKind


class CallQuerySet(models.QuerySet["Call"]):
    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def of_day(self, agent: User, *, day: date) -> Self:
        """Those of one agent that began on a day of the operator, the newest first."""
        begun = Q(started_at__gte=clock.midnight(day), started_at__lt=clock.midnight(day + timedelta(days=1)))
        return self.filter(begun, agent=agent).select_related("order").order_by("-started_at")

    def of_order(self, order: WorkOrder) -> Self:
        return self.filter(order=order).select_related("agent").order_by("-started_at", "-pk")

    def audible_to(self, user: User) -> Self:
        """Those whose recording the person may hear: the own ones, and those of orders that the person supervises."""
        if not user.may("work.supervise"):
            return self.filter(agent=user)
        return self.filter(Q(agent=user) | Q(order__in=WorkOrder.objects.visible_to(user).values("pk")))


class Call(models.Model):
    """One call to the customer of an order. An agent has at most one that is open.

    reference: ours, that the switch is given. number: masked; the whole one is handed to the switch and not kept here.
    recording: the switch's reference of it, "" without one.
    """

    audit_key = "reference"

    reference = models.CharField(_("call"), max_length=48, unique=True)
    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="calls", verbose_name=_("order"))
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="calls", verbose_name=_("agent"))
    number = models.CharField(_("number"), max_length=40)
    extension = models.CharField(_("extension"), max_length=20, blank=True)
    started_at = models.DateTimeField(_("began"))
    state = models.CharField(_("state"), max_length=12, choices=CallState.choices, default=CallState.DIALLING)
    answered_at = models.DateTimeField(_("answered"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_because = models.CharField(_("ended because"), max_length=12, choices=Because.choices, blank=True)
    recording = models.CharField(_("recording"), max_length=200, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call")
        constraints = [
            models.UniqueConstraint(fields=["agent"], condition=Q(state__in=OPEN), name="call_one_open_an_agent"),
            models.CheckConstraint(condition=Q(state__in=CallState.values), name="call_state_known"),
            models.CheckConstraint(
                name="call_answered_has_time",
                condition=Q(state__in=ANSWERED, answered_at__isnull=False)
                | ~Q(state__in=ANSWERED) & Q(answered_at=None),
            ),
            models.CheckConstraint(
                name="call_ended_has_time_and_reason",
                condition=Q(state__in=OPEN, ended_at=None, ended_because="")
                | ~Q(state__in=OPEN) & Q(ended_at__isnull=False) & ~Q(ended_because=""),
            ),
            models.CheckConstraint(
                name="call_times_in_order",
                condition=(Q(answered_at=None) | Q(answered_at__gte=F("started_at")))
                & (Q(ended_at=None) | Q(ended_at__gte=F("started_at")))
                & (Q(answered_at=None) | Q(ended_at=None) | Q(ended_at__gte=F("answered_at"))),
            ),
        ]
        indexes = [
            models.Index(fields=["agent", "started_at"], name="call_of_agent"),
            models.Index(fields=["order", "-started_at"], name="call_of_order"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def since(self) -> datetime:
        """From when the state that is shown lasts: both speak, or the call is on its way."""
        return self.answered_at or self.started_at

    @property
    def seconds(self) -> int | None:
        """How long both have spoken; None where nobody answered or the call goes on."""
        if self.answered_at is None or self.ended_at is None:
            return None
        return int((self.ended_at - self.answered_at).total_seconds())


class CallEvent(models.Model):
    """What happened to a call, as the switch or we have said it; of each number one. received_at: when it came."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="events", db_index=False)
    event_no = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=EventKind.choices)
    at = models.DateTimeField(_("at"))
    received_at = models.DateTimeField()
    seconds = models.PositiveIntegerField(null=True)
    recording = models.CharField(max_length=200, blank=True)
    by = models.CharField(max_length=8, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "event_no"], name="call_event_once")]

    def __str__(self) -> str:
        return f"{self.call_id} {self.kind}"

    @property
    def fact(self) -> Event:
        return Event(EventKind(self.kind), self.at, self.seconds, self.recording, self.by)


class Extension(models.Model):
    """At which telephone an agent sits: the switch rings there first."""

    agent = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="extension")
    number = models.CharField(_("extension"), max_length=20, unique=True)

    class Meta:
        verbose_name = _("extension")

    def __str__(self) -> str:
        return self.number
