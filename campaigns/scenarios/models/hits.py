"""Whom a scenario found, and what came of it."""

from datetime import date, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.audiences.rules.fields import PROFILE_FIELDS
from campaigns.outreach.models import RefusalReason
from campaigns.scenarios.models.scenarios import Scenario
from campaigns.scenarios.order_types import order_result
from customers.facts.models import MONEY, Subscriber, unchecked_foreign_key
from retention.core.accounts.models import Branch, User
from retention.core.accounts.roles import Role

PENDING_HIT_MAX_AGE = timedelta(days=3)


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
        return self._waiting(on, Scenario.Action.OPEN_ORDER)

    def to_message(self, *, on: date) -> Self:
        """Hits that wait for a message, as `to_open`."""
        return self._waiting(on, Scenario.Action.SEND_MESSAGE)

    def _waiting(self, on: date, action: str) -> Self:
        waiting = self.filter(
            on__range=(on - PENDING_HIT_MAX_AGE, on), state=ScenarioHit.State.PENDING, scenario__action=action
        )
        best_first = ("scenario__priority", F("gain").desc(nulls_last=True), "pk")
        return waiting.select_related("scenario").order_by(*best_first)

    def no_longer_holding(self) -> Self:
        """Hits with an order whose rule no longer holds."""
        return self.filter(state=ScenarioHit.State.OPENED, cleared_on__isnull=False)

    def from_events(self) -> Self:
        return self.filter(event__isnull=False)

    def for_list(self) -> Self:
        """All that the list of hits reads, newest first; `order_result`: how the order of each went, in words."""
        rows = self.select_related("subscriber__account__customer", "subscriber__branch", "scenario")
        return rows.annotate(order_result=order_result()).order_by("-on", F("gain").desc(nulls_last=True), "pk")


class ScenarioHit(models.Model):
    """A line found by a scenario on a night, with the facts it was found by, and the result.

    evidence: {field key: value} of the fields in the rule, as they stood. HELD: no order could be asked for, e.g. its
    type or its message template is switched off. MESSAGED: order_no is the number of the message. CLEARED: the rule no
    longer held before anybody worked on it. HELD_OUT: drawn to be left alone. holdout_percent: of the draw; 0 where
    nobody was left alone: the hit says nothing of the effect. cleared_on: the night from which on the rule of an open
    hit no longer holds, where its scenario clears by itself.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        OPENED = "opened", _("Order opened")
        MESSAGED = "messaged", _("Message queued")
        REFUSED = "refused", _("Not called (contact rule)")
        REPORTED = "reported", _("Reported")
        LISTED = "listed", _("Put on a list")
        HELD = "held", _("Held")
        CLEARED = "cleared", pgettext_lazy("hit", "Cleared by itself")
        HELD_OUT = "held_out", _("Left alone (hold-out)")

    computed_from_facts: ClassVar[Q] = ~Q(state=State.OPENED)

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="hits")
    subscriber = unchecked_foreign_key("customers.Subscriber", related_name="scenario_hits", db_index=False)
    customer = unchecked_foreign_key("customers.Customer", related_name="scenario_hits", db_index=False)
    branch = unchecked_foreign_key("core.Branch", related_name="scenario_hits", db_index=False, null=True)
    on = models.DateField(_("found on"))
    version = models.PositiveIntegerField(_("version"))
    gain = models.DecimalField(_("expected gain"), null=True, **MONEY)
    evidence = models.JSONField(_("found by"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    # The event that made an event scenario act; hits of the night have none.
    event = unchecked_foreign_key("customers.StatusEvent", related_name="scenario_hits", db_index=False, null=True)
    holdout_percent = models.PositiveSmallIntegerField(_("hold-out"), default=0, db_default=0)
    reason = models.CharField(_("refused because"), max_length=24, choices=RefusalReason.choices, blank=True)
    cleared_on = models.DateField(_("no longer holds since"), null=True)
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
            models.Index(
                fields=["scenario", "subscriber", "on"], condition=Q(holdout_percent__gt=0), name="scenario_hit_drawn"
            ),
        ]
        verbose_name = _("scenario hit")

    def __str__(self) -> str:
        return f"{self.scenario_id} {self.subscriber_id} {self.on}"

    @property
    def by_risk(self) -> bool:
        """Whether the rule that found the line asked for its risk."""
        return any(key in PROFILE_FIELDS and PROFILE_FIELDS[key].is_risk for key in self.evidence)
