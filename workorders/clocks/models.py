"""Tables of working calendars and of the clocks of orders."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from retention.core.accounts.models import Team, User
from retention.core.errors import Invalid
from retention.core.managed.models import Managed, ManagedQuerySet
from workorders.clocks.calendars import Hours, read_hours
from workorders.clocks.hours import format_hours, parse_hours
from workorders.clocks.public_days import COUNTRIES
from workorders.order_types.clocks import ClockKind
from workorders.orders.models import WorkOrder

DAYS_A_WEEK = 7
MOST_OWN_DAYS = 400


def usual_week() -> list[str]:
    return ["09:00-12:00, 14:00-18:00"] * 5 + [""] * 2


class WorkCalendarQuerySet(ManagedQuerySet["WorkCalendar"]):
    def in_use(self) -> Self:
        return self.filter(enabled=True).select_related("branch").order_by("code")

    def for_list(self) -> Self:
        return self.select_related("branch").order_by("code")


class WorkCalendar(Managed):
    """Working hours of the groups of a branch and below, or of the groups it names. The nearest one counts.

    hours: of Monday to Sunday, as clocks.hours writes them. days: [{"day", "hours", "name"}], which override the week
    and the public holidays. groups: codes; without any it holds for the branch.
    """

    editable = ("name", "name_zh", "branch", "groups", "hours", "holidays", "days")
    view_permission, edit_permission = "calendars.view", "calendars.edit"

    groups = models.JSONField(_("groups"), default=list, blank=True)
    hours = models.JSONField(_("working hours"), default=usual_week)
    holidays = models.CharField(_("public holidays"), max_length=2, blank=True, choices=list(COUNTRIES.items()))
    days = models.JSONField(_("own days"), default=list, blank=True)

    objects = WorkCalendarQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("working calendar")
        verbose_name_plural = _("working calendars")
        constraints = [
            models.UniqueConstraint(
                fields=["branch"],
                condition=Q(enabled=True, groups=[]),
                nulls_distinct=False,
                name="work_calendar_one_a_branch",
            )
        ]

    def set_defaults(self, actor: User) -> None:
        self.holidays = "CN"

    def normalize(self) -> None:
        """Hours and days as they are stored. Invalid for what cannot be read, and for a week without work."""
        if len(self.hours) != DAYS_A_WEEK:
            raise ValueError("a week has seven days")
        self.hours = [_read(text, "hours") for text in self.hours]
        if not any(self.hours):
            raise _invalid("hours", gettext("A week needs working time on at least one day."))
        self.days = _read_days(self.days)
        self.groups = sorted(set(self.groups))
        if self.enabled:
            self._require_alone()

    def check_ready(self) -> None:
        self._require_alone()

    def to_hours(self) -> Hours:
        return read_hours(self.hours, self.days, self.holidays)

    def _require_alone(self) -> None:
        others = WorkCalendar.objects.in_use().exclude(pk=self.pk)
        for other in others:
            if self.groups and (shared := set(self.groups) & set(other.groups)):
                text = gettext("%(groups)s has the calendar %(name)s already.")
                named = ", ".join(team.title for team in Team.objects.filter(code__in=shared))
                raise _invalid("groups", text % {"groups": named or ", ".join(shared), "name": other.title})
            if not self.groups and not other.groups and self.branch_id == other.branch_id:
                text = gettext("The branch has the calendar %(name)s already. Switch that one off first.")
                raise _invalid("branch", text % {"name": other.title})


def _read(text: str, field: str) -> str:
    try:
        return format_hours(parse_hours(text))
    except Invalid as error:
        raise _invalid(field, str(error.message)) from error


def _read_days(given: list[dict[str, str]]) -> list[dict[str, str]]:
    found = {}
    for one in given:
        try:
            day = date.fromisoformat(one["day"])
        except ValueError as error:
            text = gettext("“%(text)s” is no day: write it as 2026-10-01.")
            raise _invalid("days", text % {"text": one["day"]}) from error
        if day in found:
            raise _invalid("days", gettext("%(day)s stands there twice.") % {"day": day.isoformat()})
        hours = _read(one.get("hours", ""), "days")
        found[day] = {"day": day.isoformat(), "hours": hours, "name": one.get("name", "").strip()[:80]}
    if len(found) > MOST_OWN_DAYS:
        raise _invalid("days", gettext("At most %(most)d days can be entered.") % {"most": MOST_OWN_DAYS})
    return [found[day] for day in sorted(found)]


def _invalid(field: str, message: str) -> Invalid:
    return Invalid(message, code="bad_calendar", details=[{"field": field, "code": "bad", "message": message}])


OPEN_CLOCK = Q(met_at=None, stopped_at=None)


class OrderClockQuerySet(models.QuerySet["OrderClock"]):
    def open(self) -> Self:
        return self.filter(OPEN_CLOCK)

    def of_order(self, order: WorkOrder) -> Self:
        return self.filter(order=order)


class OrderClock(models.Model):
    """One clock of an order, as the law reckons it from the trail. Written by clocks.services.refreshing only.

    calendar: key of the calendar it was reckoned by, "" where every minute counts; another key makes it stale.
    pauses: [[from, until or null]] in microseconds since 1970; paused_from, paused_until: the last of them. promises:
    further [[instant, minutes]], of which the first to run out counts. due_at, warn_at: null while it stands still
    without an end. warned_at, breached_at, escalated_at: when people were told.
    """

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="clocks", db_index=False)
    kind = models.CharField(_("clock"), max_length=8, choices=ClockKind.choices)
    calendar = models.CharField(max_length=120, blank=True)
    started_at = models.DateTimeField(_("started"))
    minutes = models.PositiveIntegerField(_("minutes"))
    promises: Any = models.JSONField(default=list)
    pauses: Any = models.JSONField(default=list)
    paused_from = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    warn_at = models.DateTimeField(_("warns"), null=True)
    due_at = models.DateTimeField(_("due"), null=True)
    escalate_at = models.DateTimeField(null=True)
    met_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)

    objects = OrderClockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "kind"], name="clock_once_an_order"),
            models.CheckConstraint(condition=Q(kind__in=ClockKind.values), name="clock_kind_known"),
            models.CheckConstraint(condition=Q(met_at=None) | Q(stopped_at=None), name="clock_met_or_stopped"),
            models.CheckConstraint(
                condition=Q(warn_at=None) | Q(due_at=None) | Q(warn_at__lte=F("due_at")), name="clock_warns_first"
            ),
        ]
        indexes = [
            models.Index(fields=["warn_at"], condition=OPEN_CLOCK & Q(warned_at=None), name="clock_to_warn"),
            models.Index(fields=["due_at"], condition=OPEN_CLOCK & Q(breached_at=None), name="clock_to_breach"),
            models.Index(fields=["escalate_at"], condition=OPEN_CLOCK & Q(escalated_at=None), name="clock_to_escalate"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.kind}"
