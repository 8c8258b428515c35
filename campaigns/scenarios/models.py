"""Scenarios, their runs and hits, and their reactions to events."""

from datetime import date, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.audiences.rules import clean, parse
from campaigns.audiences.rules.feeds import needed_feeds
from campaigns.audiences.rules.fields import PROFILE_FIELDS
from campaigns.outreach.models import ContactPurpose, RefusalReason
from customers.facts.models import MONEY, Subscriber, unchecked_foreign_key
from customers.lists.models import ListEntry
from retention.core.accounts.models import Branch, User
from retention.core.accounts.roles import Role
from retention.core.db.models import pick
from retention.core.errors import Invalid
from retention.core.managed.models import Managed, ManagedQuerySet


class ScenarioQuerySet(ManagedQuerySet["Scenario"]):
    def nightly(self) -> Self:
        """Scenarios of the nightly run, most urgent first."""
        return self.filter(enabled=True, trigger=Scenario.Trigger.NIGHTLY).order_by("priority", "pk")

    def on_events(self) -> Self:
        """Scenarios on events, most urgent first."""
        return self.filter(enabled=True, trigger=Scenario.Trigger.EVENT).order_by("priority", "pk")

    def for_list(self) -> Self:
        return self.select_related("owner", "branch").order_by("priority", "code")


class Scenario(Managed):
    """A rule over the whole base and the action on the lines it finds 维系场景.

    rule: a JSON tree, see campaigns.audiences.rules. needs: facts without which the rule would raise
    false alarms; the run holds the scenario, with the reason, on a night one of them is missing.
    """

    class Trigger(models.TextChoices):
        NIGHTLY = "nightly", _("Every night")
        EVENT = "event", _("As events arrive")

    class Action(models.TextChoices):
        OPEN_ORDER = "open_order", pgettext_lazy("scenario action", "Open orders")
        MESSAGE = "message", _("Send a message")
        REPORT_ONLY = "report_only", _("Only report")

    editable = (
        "name", "name_zh", "note", "rule", "action", "order_type", "channel", "purpose", "priority", "cooldown_days",
        "daily_cap", "only_if_it_pays", "branch", "owner", "hint", "hint_zh", "trigger", "event_kinds", "due_hours",
    )  # fmt: skip
    view_permission, edit_permission = "scenarios.view", "scenarios.edit"

    note = models.CharField(_("note"), max_length=300, blank=True)
    rule = models.JSONField(_("rule"))
    trigger = models.CharField(_("when"), max_length=8, choices=Trigger.choices, default=Trigger.NIGHTLY)
    event_kinds = models.JSONField(_("events"), default=list, blank=True)
    action = models.CharField(_("action"), max_length=12, choices=Action.choices, default=Action.REPORT_ONLY)
    order_type = models.CharField(_("order type"), max_length=40, blank=True)
    channel = models.CharField(
        _("channel"), max_length=8, choices=ListEntry.Channel.choices, default=ListEntry.Channel.CALL
    )
    purpose = models.CharField(
        _("purpose"), max_length=12, choices=ContactPurpose.choices, default=ContactPurpose.RETENTION
    )
    priority = models.PositiveSmallIntegerField(_("priority"), default=5, help_text=_("1 goes first."))
    cooldown_days = models.PositiveSmallIntegerField(
        _("rest between hits"), default=30, help_text=_("Days in which the same customer is not found again.")
    )
    daily_cap = models.PositiveIntegerField(
        _("at most a night"), null=True, blank=True, help_text=_("Customers; the most worthwhile are taken.")
    )
    only_if_it_pays = models.BooleanField(_("only if it pays"), default=False, db_default=False)
    due_hours = models.PositiveSmallIntegerField(
        _("hours until due"), null=True, blank=True, help_text=_("Empty: as the order type says.")
    )
    needs = models.JSONField(_("needed facts"), default=list, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="scenarios",
        verbose_name=_("owner"),
    )
    hint = models.CharField(_("talk hint"), max_length=300, blank=True)
    hint_zh = models.CharField(_("talk hint (Chinese)"), max_length=300, blank=True)

    objects = ScenarioQuerySet.as_manager()

    class Meta:
        ordering = ["priority", "code"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(action="open_order") | ~Q(order_type=""), name="scenario_order_has_type"
            ),
            models.CheckConstraint(condition=Q(priority__range=(1, 9)), name="scenario_priority_range"),
        ]
        verbose_name = _("scenario")
        verbose_name_plural = _("scenarios")

    @property
    def talk_hint(self) -> str:
        return pick(self.hint, self.hint_zh)

    def set_defaults(self, actor: User) -> None:
        self.owner = actor

    def normalize(self) -> None:
        self.rule = clean(self.rule)
        on_events = self.trigger == Scenario.Trigger.EVENT
        if not on_events:
            self.event_kinds = []
        elif not self.event_kinds:
            raise Invalid(_("Say which events it listens to."), details=[{"field": "event_kinds", "code": "required"}])
        # An event is acted on whatever feed is late.
        self.needs = [] if on_events else needed_feeds(parse(self.rule))
        if self.action != Scenario.Action.OPEN_ORDER:
            self.order_type = ""
        elif not self.order_type:
            raise Invalid(
                _("Say which type of order is opened."), details=[{"field": "order_type", "code": "required"}]
            )

    def check_ready(self) -> None:
        parse(self.rule)


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
        return (
            self.filter(
                on__range=(on - PENDING_HIT_MAX_AGE, on),
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
    """A line found by a scenario on a night, with the facts it was found by, and the result.

    evidence: {field key: value} of the fields in the rule, as they stood. HELD: no order could be asked for, e.g. its
    type is switched off.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        OPENED = "opened", _("Order opened")
        REFUSED = "refused", _("Not called (contact rule)")
        REPORTED = "reported", _("Reported")
        HELD = "held", _("Held")

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

    @property
    def by_risk(self) -> bool:
        """Whether the rule that found the line asked for its risk."""
        return any(key in PROFILE_FIELDS and PROFILE_FIELDS[key].is_risk for key in self.evidence)


class ScenarioRun(models.Model):
    """One scenario on one night.

    found: lines the rule matched; new: hits written; opted_out, cooled, unpaying, capped: customers left out, and why.
    found_by_branch: {branch id: found}, so that a manager sees the count of the own branches.
    """

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="runs")
    on = models.DateField(_("night"))
    version = models.PositiveIntegerField(_("version"))
    rule = models.JSONField(_("rule"))
    found = models.PositiveIntegerField(_("found"), default=0)
    new = models.PositiveIntegerField(_("new"), default=0)
    opted_out = models.PositiveIntegerField(_("opted out"), default=0)
    cooled = models.PositiveIntegerField(_("resting"), default=0)
    unpaying = models.PositiveIntegerField(_("does not pay"), default=0, db_default=0)
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


class EventReaction(models.Model):
    """A status event processed by an event scenario, and the result; each is processed once."""

    computed_from_facts: ClassVar[Q] = Q()

    class Result(models.TextChoices):
        HIT = "hit", _("Found")
        PASSED = "passed", _("The rule does not hold")
        RESTING = "resting", _("Found recently")
        CAPPED = "capped", _("Over the daily cap")
        UNPAYING = "unpaying", _("A contact does not pay")

    event = unchecked_foreign_key("customers.StatusEvent", related_name="reactions", db_index=False)
    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="reactions")
    at = models.DateTimeField(_("at"))
    result = models.CharField(_("result"), max_length=8, choices=Result.choices)
    hit = models.OneToOneField(ScenarioHit, models.CASCADE, null=True, related_name="reaction")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "scenario"], name="reaction_once"),
            models.CheckConstraint(
                condition=models.Q(result="hit", hit__isnull=False) | ~models.Q(result="hit") & models.Q(hit=None),
                name="reaction_hit_is_there",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scenario_id} {self.event_id} {self.result}"
