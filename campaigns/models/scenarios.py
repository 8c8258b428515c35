from typing import Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models.contacts import ContactPurpose
from customers.models import ListEntry
from retention.core.bilingual import Bilingual, pick
from retention.core.models import Branch, User
from retention.core.roles import Role

Rows = TypeVar("Rows", bound=models.QuerySet)


def seen_from(rows: Rows, user: User) -> Rows:
    """Of rows with an optional branch: those of the whole base, of a branch above the person's own, or below it."""
    if user.role == Role.ADMINISTRATOR:
        return rows
    if user.branch is None:
        return rows.filter(branch=None)
    above = rows.annotate(own_path=Value(user.branch.path))
    return above.filter(
        Q(branch=None) | Q(branch__path__startswith=user.branch.path) | Q(own_path__startswith=F("branch__path"))
    )


class ScenarioQuerySet(models.QuerySet["Scenario"]):
    def visible_to(self, user: User) -> Self:
        """Scenarios that can touch lines this person may see: of the whole base, of a branch above his, or below."""
        return seen_from(self, user)

    def nightly(self) -> Self:
        """What the nightly run goes through, most urgent first."""
        return self.filter(enabled=True, trigger=Scenario.Trigger.NIGHTLY).order_by("priority", "pk")

    def on_events(self) -> Self:
        """What listens to events as they arrive, most urgent first."""
        return self.filter(enabled=True, trigger=Scenario.Trigger.EVENT).order_by("priority", "pk")

    def for_list(self) -> Self:
        return self.select_related("owner", "branch").order_by("priority", "code")


class Scenario(Bilingual):
    """A rule over the whole base and what to do with whoever it finds 维系场景. All of S1-S25 are rows of this table.

    rule: a JSON tree, see campaigns.rules. needs: facts without which the rule would raise false alarms; the run holds
    the scenario, with the reason, on a night one of them is missing.
    """

    class Trigger(models.TextChoices):
        NIGHTLY = "nightly", _("Every night")
        EVENT = "event", _("As events arrive")

    class Action(models.TextChoices):
        OPEN_ORDER = "open_order", pgettext_lazy("scenario action", "Open orders")
        MESSAGE = "message", _("Send a message")
        REPORT_ONLY = "report_only", _("Only report")

    code = models.SlugField(_("code"), max_length=24, unique=True)
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
    due_hours = models.PositiveSmallIntegerField(
        _("hours until due"), null=True, blank=True, help_text=_("Empty: as the order type says.")
    )
    needs = models.JSONField(_("needed facts"), default=list, blank=True)
    branch = models.ForeignKey(
        Branch, models.PROTECT, null=True, blank=True, related_name="scenarios", verbose_name=_("branch")
    )
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
    enabled = models.BooleanField(_("enabled"), default=False)
    built_in = models.BooleanField(_("built in"), default=False, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

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
