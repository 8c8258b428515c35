"""What staff enter for the care calendar: events and network work that customers of a district are told of."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaigns.scenarios.models import Scenario
from retention.core.errors import Invalid
from retention.core.managed.models import Managed, ManagedQuerySet

NOTICE = "notice"  # the occasion of scenarios that wait for a notice


class CareNoticeQuerySet(ManagedQuerySet["CareNotice"]):
    def for_list(self) -> Self:
        return self.select_related("branch", "scenario").order_by("-starts_on", "code")

    def due(self, *, scenario: int, from_day: date, until: date) -> Self:
        """Of this scenario, not over on `from_day` and begun by `until`; the earliest first."""
        return self.filter(scenario=scenario, enabled=True, starts_on__lte=until, ends_on__gte=from_day).order_by(
            "starts_on", "pk"
        )


class CareNotice(Managed):
    """A big event, a sudden event or a network cut-over in a branch, from a day to a day."""

    editable = ("name", "name_zh", "branch", "scenario", "starts_on", "ends_on")
    view_permission, edit_permission = "scenarios.view", "scenarios.edit"

    scenario = models.ForeignKey(Scenario, models.PROTECT, related_name="notices", verbose_name=_("kind of care"))
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))

    objects = CareNoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="care_notice_ends_after_start")
        ]
        verbose_name = _("care notice")
        verbose_name_plural = _("care notices")

    def normalize(self) -> None:
        if self.ends_on < self.starts_on:
            message = _("It ends before it starts.")
            raise Invalid(message, details=[{"field": "ends_on", "code": "before_start", "message": message}])
        if self.scenario.occasion != NOTICE:
            message = _("This kind of care does not wait for notices.")
            raise Invalid(message, details=[{"field": "scenario", "code": "no_notices", "message": message}])
