from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models.contacts import RefusalReason
from campaigns.models.scenarios import Scenario
from customers.models import Subscriber
from customers.models.base import MONEY, to_row
from retention.core.models import Branch, User
from retention.core.roles import Role

FRESH = timedelta(days=3)


class ScenarioHitQuerySet(models.QuerySet["ScenarioHit"]):
    def visible_to(self, user: User) -> Self:
        """Managers, analysts: found in their branch and below. Agents, supervisors: on customers they may see.

        By the branch in which the line was found, as orders are: counting a month then costs no look at the base.
        """
        if user.role == Role.ADMINISTRATOR:
            return self
        if user.role in {Role.MANAGER, Role.ANALYST}:
            return self.filter(branch__in=Branch.objects.under(user.branch).values("pk"))
        return self.filter(subscriber__in=Subscriber.objects.visible_to(user))

    def to_open(self, *, on: date) -> Self:
        """Hits that wait for an order, in the order in which they may take the customer's contact budget.

        Those of the nights just before `on` as well, should the opening have failed then; older ones are stale.
        """
        return (
            self.filter(
                on__range=(on - FRESH, on),
                state=ScenarioHit.State.PENDING,
                scenario__action=Scenario.Action.OPEN_ORDER,
            )
            .select_related("scenario")
            .order_by("scenario__priority", F("gain").desc(nulls_last=True), "pk")
        )

    def from_events(self) -> Self:
        return self.filter(event__isnull=False)

    def for_list(self) -> Self:
        """All that the list of hits reads, newest first."""
        return self.select_related("subscriber__account__customer", "subscriber__branch", "scenario").order_by(
            "-on", F("gain").desc(nulls_last=True), "pk"
        )


class ScenarioHit(models.Model):
    """That a scenario found a line on a night, with the facts it was found by, and what came of it.

    evidence: {field key: value} of the fields in the rule, as they stood. HELD: no order could be asked for, e.g. its
    type is switched off.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        OPENED = "opened", _("Order opened")
        REFUSED = "refused", pgettext_lazy("hits", "Refused")
        REPORTED = "reported", _("Reported")
        HELD = "held", _("Held")

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="hits")
    subscriber = to_row("customers.Subscriber", related_name="scenario_hits", db_index=False)
    customer = to_row("customers.Customer", related_name="scenario_hits", db_index=False)
    branch = to_row("core.Branch", related_name="scenario_hits", db_index=False, null=True)
    on = models.DateField(_("found on"))
    version = models.PositiveIntegerField(_("version"))
    gain = models.DecimalField(_("expected gain"), null=True, **MONEY)
    evidence = models.JSONField(_("found by"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    # The event that made an event scenario act; hits of the night have none.
    event = to_row("customers.StatusEvent", related_name="scenario_hits", db_index=False, null=True)
    reason = models.CharField(_("refused because"), max_length=24, choices=RefusalReason.choices, blank=True)
    order_no = models.CharField(_("order"), max_length=40, blank=True)

    objects = ScenarioHitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scenario", "subscriber", "on"], condition=Q(event=None), name="scenario_hit_once"
            ),
            models.UniqueConstraint(
                fields=["scenario", "event"], condition=Q(event__isnull=False), name="scenario_hit_once_an_event"
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(reason=""), name="scenario_hit_refusal_reason"),
        ]
        indexes = [
            models.Index("scenario", F("on").desc(), F("gain").desc(nulls_last=True), name="scenario_hit_newest"),
            models.Index(fields=["customer", "scenario", "-on"], name="scenario_hit_cooldown"),
            models.Index(fields=["subscriber", "-on"], name="scenario_hit_of_line"),
            models.Index(fields=["on"], condition=Q(state="pending"), name="scenario_hit_pending"),
        ]
        verbose_name = _("scenario hit")

    def __str__(self) -> str:
        return f"{self.scenario_id} {self.subscriber_id} {self.on}"


class ScenarioRun(models.Model):
    """One scenario on one night.

    found: lines the rule matched; new: hits written; opted_out, cooled, capped: customers left out, and why.
    found_by_branch: {branch id: found}, so that a manager sees the count of his own branches.
    """

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="runs")
    on = models.DateField(_("night"))
    version = models.PositiveIntegerField(_("version"))
    rule = models.JSONField(_("rule"))
    found = models.PositiveIntegerField(_("found"), default=0)
    new = models.PositiveIntegerField(_("new"), default=0)
    opted_out = models.PositiveIntegerField(_("opted out"), default=0)
    cooled = models.PositiveIntegerField(_("resting"), default=0)
    capped = models.PositiveIntegerField(_("over the limit"), default=0)
    found_by_branch = models.JSONField(default=dict)
    held_because = models.CharField(_("held because"), max_length=300, blank=True)
    seconds = models.FloatField(_("seconds"), default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scenario", "on"], name="scenario_run_once")]
        ordering = ["-on"]
        verbose_name = _("scenario run")

    def __str__(self) -> str:
        return f"{self.scenario_id} {self.on}"
