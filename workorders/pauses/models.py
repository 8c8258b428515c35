from datetime import date, datetime, timedelta
from math import ceil
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from retention.core import clock
from retention.core.accounts.models import User
from retention.core.db.models import Bilingual
from workorders.orders.models import WorkOrder


class PauseCode(Bilingual):
    """A reason for a pause. minutes: how long it usually lasts at most; None, no limit. worked: it counts as work,
    e.g. a training."""

    code = models.SlugField(_("code"), max_length=24, unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    minutes = models.PositiveSmallIntegerField(
        _("minutes at most"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(720)]
    )
    worked = models.BooleanField(_("counts as work"), default=False)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["position", "code"]
        verbose_name = _("pause reason")
        verbose_name_plural = _("pause reasons")


class PauseQuerySet(models.QuerySet["Pause"]):
    def running(self) -> Self:
        return self.filter(ended_at=None)

    def of_day(self, agent: User, *, day: date) -> Self:
        """Those of one agent that began on a day of the operator, in their order."""
        begun = Q(began_at__gte=clock.midnight(day), began_at__lt=clock.midnight(day + timedelta(days=1)))
        return self.filter(begun, agent=agent).select_related("code").order_by("began_at")


class Pause(models.Model):
    """One pause of one agent; at most one runs."""

    class End(models.TextChoices):
        AGENT = "agent", _("by the agent")
        NEXT = "next", _("took the next order")
        CALL = "call", _("made a call")
        OTHER = "other", _("another pause began")
        SIGN_OUT = "sign_out", _("signed out")
        ABSENT = "absent", _("session ended")

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="pauses", verbose_name=_("agent"))
    code = models.ForeignKey(PauseCode, models.PROTECT, related_name="pauses", verbose_name=_("reason"))
    began_at = models.DateTimeField(_("began"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.CharField(_("ended by"), max_length=8, choices=End.choices, blank=True)

    objects = PauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("pause")
        constraints = [
            models.UniqueConstraint(fields=["agent"], condition=Q(ended_at=None), name="pause_one_runs"),
            models.CheckConstraint(
                name="pause_ends_after_it_began", condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at"))
            ),
            models.CheckConstraint(
                name="pause_end_has_reason",
                condition=Q(ended_at=None, ended_by="") | Q(ended_at__isnull=False) & ~Q(ended_by=""),
            ),
        ]
        indexes = [models.Index(fields=["agent", "began_at"], name="pause_of_agent")]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.began_at:%Y-%m-%d %H:%M}"

    def length(self, *, now: datetime) -> timedelta:
        return (self.ended_at or now) - self.began_at

    def is_over(self, *, now: datetime) -> bool:
        """Whether it lasts, or lasted, longer than its reason allows."""
        return self.code.minutes is not None and self.length(now=now) > timedelta(minutes=self.code.minutes)


class WrapUpQuerySet(models.QuerySet["WrapUp"]):
    def running(self, *, now: datetime) -> Self:
        return self.filter(ended_at=None, until__gt=now)


class WrapUp(models.Model):
    """The time after a contact in which its agent is given no order by itself. It is over at `until`, or at `ended_at`
    when the agent has ended it before; nothing is written when it runs out."""

    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="wrap_ups", db_index=False, verbose_name=_("agent")
    )
    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="wrap_ups", db_index=False)
    began_at = models.DateTimeField(_("began"))
    until = models.DateTimeField(_("until"))
    extended = models.BooleanField(default=False, db_default=False)
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects = WrapUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("wrap-up")
        constraints = [
            models.CheckConstraint(
                name="wrap_up_ends_after_it_began",
                condition=Q(until__gte=F("began_at")) & (Q(ended_at=None) | Q(ended_at__gte=F("began_at"))),
            )
        ]
        indexes = [models.Index(fields=["agent"], condition=Q(ended_at=None), name="wrap_up_unended")]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.began_at:%Y-%m-%d %H:%M:%S}"

    def seconds_left(self, *, now: datetime) -> int:
        return max(0, ceil((self.until - now).total_seconds()))
