"""Alerts with a life: opened and closed by readings, owned, acknowledged and snoozed by people."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from retention.core.alerts.rules import KINDS, AlertKind, Severity


class AlertQuerySet(models.QuerySet["Alert"]):
    def of_kinds(self, kinds: Collection[str]) -> Self:
        return self.filter(kind__in=kinds)

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def unattended(self, now: datetime) -> Self:
        """Open, neither acknowledged nor snoozed: what pages count."""
        return self.open().filter(acknowledged_at=None).exclude(snoozed_until__gt=now)

    def for_page(self, now: datetime) -> Self:
        """Open alerts with their people: unacknowledged ones first, snoozed ones last, then the newest and worst."""
        snoozed = Case(When(snoozed_until__gt=now, then=Value(1)), default=Value(0))
        return (
            self.open()
            .select_related("acknowledged_by", "owner", "snoozed_by")
            .order_by(snoozed, F("acknowledged_at").desc(nulls_first=True), "-opened_at", "kind", "-value", "pk")
        )

    def for_history(self) -> Self:
        return self.select_related("acknowledged_by", "owner").order_by("-opened_at", "-pk")


def _person() -> Any:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")


class Alert(models.Model):
    """Something over its threshold. At most one is open for a kind and subject.

    subject: key of what the value is measured of, "" for the whole. source: what the readings come from, such as a
    model version; an alert of another source than the one judged closes. value to closed_at: see alerts.states.State.
    detail: JSON for the kind's sentence.
    """

    kind = models.CharField(_("kind"), max_length=40)
    subject = models.CharField(_("about"), max_length=80, blank=True)
    source = models.CharField(_("source"), max_length=60, blank=True)
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity.choices, default=Severity.MINOR)
    value = models.FloatField(_("value"))
    peak = models.FloatField(_("worst value"))
    threshold = models.FloatField(_("threshold"))
    detail = models.JSONField(default=dict)
    opened_at = models.DateTimeField(_("opened"))
    seen_at = models.DateTimeField(_("last seen"))
    calm_readings = models.PositiveIntegerField(default=0)
    calm_since = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    owner = _person()
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True)
    acknowledged_by = _person()
    note = models.CharField(_("note"), max_length=200, blank=True)
    snoozed_until = models.DateTimeField(_("snoozed until"), null=True)
    snoozed_by = _person()

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], condition=Q(closed_at=None), name="alert_one_open"),
        ]
        indexes = [models.Index(fields=["-opened_at"], name="alert_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}".strip()

    @property
    def declared_kind(self) -> AlertKind:
        return KINDS[self.kind]

    @property
    def label(self) -> str:
        return str(self.declared_kind.label)

    @property
    def sentence(self) -> str:
        return self.declared_kind.format(self)

    @property
    def opened_on(self) -> date:
        """The operator's date of opening: what alerts judged once a day show."""
        return timezone.localdate(self.opened_at)

    @property
    def closed_on(self) -> date | None:
        return timezone.localdate(self.closed_at) if self.closed_at else None

    def is_snoozed(self, now: datetime) -> bool:
        return self.snoozed_until is not None and self.snoozed_until > now
