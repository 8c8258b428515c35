"""A scenario: a rule over the whole base and what is done for whoever it finds."""

from collections.abc import Mapping
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.audiences.rules import clean, parameters, parse, with_parameters
from campaigns.outreach.models import ContactPurpose
from campaigns.scenarios.loops import loop_of
from campaigns.scenarios.message_templates import message_templates
from campaigns.scenarios.rules import check_occasion, check_text, needed_facts
from customers.lists.models import ListEntry
from customers.lists.queries import list_names
from retention.core.accounts.models import User
from retention.core.db.models import pick
from retention.core.errors import Invalid
from retention.core.managed.models import Managed, ManagedQuerySet


def known_numbers(rule: object, numbers: Mapping[str, object]) -> dict[str, Any]:
    """Those of `numbers` that the rule has, as it stores them. Raises Invalid for one that it cannot take."""
    if not numbers:
        return {}
    return {one.name: one.value for one in parameters(with_parameters(rule, numbers)) if one.name in numbers}


class Weekday(models.IntegerChoices):
    """As date.weekday() counts them."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class ScenarioQuerySet(ManagedQuerySet["Scenario"]):
    def nightly(self) -> Self:
        """Scenarios that run at night, if not every night (see `schedules`), most urgent first."""
        return self.filter(enabled=True).exclude(trigger=Scenario.Trigger.EVENT).order_by("priority", "pk")

    def on_events(self) -> Self:
        """Scenarios on events, most urgent first."""
        return self.filter(enabled=True, trigger=Scenario.Trigger.EVENT).order_by("priority", "pk")

    def for_list(self) -> Self:
        return self.select_related("owner", "branch").order_by("priority", "code")


class Scenario(Managed):
    """A rule over the whole base and the action on the lines it finds 维系场景.

    rule: a JSON tree, see campaigns.audiences.rules. needs: facts without which the rule would raise
    false alarms; the run holds the scenario, with the reason, on a night one of them is missing.
    confirm_nights: on so many of its nights in a row a line must match before it becomes a hit. auto_clear: a hit that
    nobody has worked on is taken back once the rule no longer holds. next_on: of a scenario that does not run every
    night, the first night on which it may run; None until a night has looked at it. branch_numbers: {code of a branch:
    {name of a number of the rule: the number there and below}}, see queries.branch_numbers. submitted_by: who asks for
    somebody else's approval of it as it stands, see services.approval.
    """

    class Trigger(models.TextChoices):
        NIGHTLY = "nightly", _("Every night")
        WEEKLY = "weekly", _("Once a week")
        MONTHLY = "monthly", _("At the start of the month")
        EVENT = "event", _("As events arrive")

    class Action(models.TextChoices):
        OPEN_ORDER = "open_order", pgettext_lazy("scenario action", "Open orders")
        SEND_MESSAGE = "send_message", _("Send a message")
        ADD_TO_LIST = "add_to_list", _("Put on a list")
        REPORT_ONLY = "report_only", _("Only report")
        COUNT_ONLY = "count_only", _("Only count")

    editable = (
        "name", "name_zh", "explanation", "explanation_zh", "note", "rule", "action", "order_type", "channel",
        "purpose", "priority", "cooldown_days", "daily_cap", "only_if_it_pays", "branch", "owner", "hint", "hint_zh",
        "trigger", "weekday", "event_kinds", "due_hours", "confirm_nights", "auto_clear", "holdout_percent",
        "occasion", "days", "dates", "calendar", "branch_numbers", "list_kind", "list_days",
        "template",
    )  # fmt: skip
    view_permission, edit_permission = "scenarios.view", "scenarios.edit"

    explanation = models.CharField(_("explanation"), max_length=300, blank=True, db_default="")
    explanation_zh = models.CharField(_("explanation (Chinese)"), max_length=300, blank=True, db_default="")
    note = models.CharField(_("note"), max_length=300, blank=True)
    rule = models.JSONField(_("rule"))
    branch_numbers = models.JSONField(
        _("numbers of branches"), default=dict, db_default=Value({}, models.JSONField()), blank=True
    )
    trigger = models.CharField(_("when"), max_length=8, choices=Trigger.choices, default=Trigger.NIGHTLY)
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.choices, null=True, blank=True)
    next_on = models.DateField(_("next night"), null=True, editable=False)
    event_kinds = models.JSONField(_("events"), default=list, blank=True)
    action = models.CharField(_("action"), max_length=12, choices=Action.choices, default=Action.REPORT_ONLY)
    order_type = models.CharField(_("order type"), max_length=40, blank=True)
    # The code of a list that ships or of an own one, as rules name them.
    list_kind = models.CharField(_("list"), max_length=24, blank=True, default="", db_default="")
    list_days = models.PositiveSmallIntegerField(
        _("days on the list"), null=True, blank=True, help_text=_("Empty: until somebody ends the entry.")
    )
    template = models.CharField(_("message template"), max_length=24, blank=True, default="", db_default="")
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
    confirm_nights = models.PositiveSmallIntegerField(
        _("nights in a row"), default=1, db_default=1, help_text=_("On so many nights in a row the rule must hold.")
    )
    auto_clear = models.BooleanField(_("cleared by itself"), default=False, db_default=False)
    occasion = models.CharField(_("occasion"), max_length=24, blank=True, default="", db_default="")
    days = models.PositiveSmallIntegerField(_("days before or after"), default=0, db_default=0)
    dates = models.JSONField(_("days of the year"), default=list, blank=True, db_default=[])
    calendar = models.CharField(_("calendar"), max_length=24, blank=True, default="", db_default="")
    holdout_percent = models.PositiveSmallIntegerField(
        _("hold-out"),
        default=0,
        db_default=0,
        help_text=_(
            "Percent of the customers found that are left alone, drawn at random, to see what the scenario does."
        ),
    )
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
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+",
        verbose_name=_("submitted by"), db_constraint=False, db_index=False,
    )  # fmt: skip
    hint = models.CharField(_("talk hint"), max_length=300, blank=True)
    hint_zh = models.CharField(_("talk hint (Chinese)"), max_length=300, blank=True)

    objects = ScenarioQuerySet.as_manager()

    class Meta:
        ordering = ["priority", "code"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(action="open_order") | ~Q(order_type=""), name="scenario_order_has_type"
            ),
            models.CheckConstraint(
                condition=~Q(action="send_message") | ~Q(template=""), name="scenario_message_has_template"
            ),
            models.CheckConstraint(condition=Q(priority__range=(1, 9)), name="scenario_priority_range"),
            models.CheckConstraint(condition=Q(holdout_percent__lte=50), name="scenario_holdout_range"),
        ]
        verbose_name = _("scenario")
        verbose_name_plural = _("scenarios")

    @property
    def why(self) -> str:
        """Why it exists, and what its signals mean, in the reader's language."""
        return pick(self.explanation, self.explanation_zh)

    @property
    def contacts(self) -> bool:
        """Whether it gets in touch with those whom it finds, so that the contact gate is asked."""
        return self.action in {Scenario.Action.OPEN_ORDER, Scenario.Action.SEND_MESSAGE}

    @property
    def talk_hint(self) -> str:
        return pick(self.hint, self.hint_zh)

    def set_defaults(self, actor: User) -> None:
        self.owner = actor

    def normalize(self) -> None:
        self.rule = clean(self.rule)
        if loop := loop_of(self.code, self.rule, dict(Scenario.objects.values_list("code", "rule"))):
            text = _("The rule asks for what it finds itself: %(loop)s") % {"loop": " → ".join(loop)}
            raise Invalid(text, code="loop", details=[{"field": "rule", "code": "loop", "message": text}])
        self.branch_numbers = {
            code: kept for code, numbers in self.branch_numbers.items() if (kept := known_numbers(self.rule, numbers))
        }
        on_events = self.trigger == Scenario.Trigger.EVENT
        if not on_events:
            self.event_kinds = []
        elif not self.event_kinds:
            raise _required("event_kinds", _("Say which events it listens to."))
        self.next_on = self.submitted_by = None
        if self.trigger != Scenario.Trigger.WEEKLY:
            self.weekday = None
        elif self.weekday is None:
            raise Invalid(
                _("Say on which day of the week it runs."), details=[{"field": "weekday", "code": "required"}]
            )
        if on_events:  # an event happens once
            self.confirm_nights, self.auto_clear = 1, False
        if on_events or not self.contacts:  # who asks to leave is always answered
            self.holdout_percent = 0
        check_occasion(self)
        check_text(self)
        self.needs = needed_facts(self)
        self._normalize_action()

    def _normalize_action(self) -> None:
        """Settings of other actions go; what the action needs must be there."""
        if self.action != Scenario.Action.OPEN_ORDER:
            self.order_type, self.auto_clear = "", False
        elif not self.order_type:
            raise _required("order_type", _("Say which type of order is opened."))
        if self.action != Scenario.Action.SEND_MESSAGE:
            self.template = ""
        else:
            self._take_over_template()
        if self.action != Scenario.Action.ADD_TO_LIST:
            self.list_kind, self.list_days = "", None
        elif not self.list_kind:
            raise _required("list_kind", _("Say which list the customers are put on."))
        elif self.list_kind not in list_names():
            text = _("There is no list with this code.")
            raise Invalid(text, details=[{"field": "list_kind", "code": "unknown", "message": str(text)}])
        if self.action == Scenario.Action.COUNT_ONLY and self.trigger == Scenario.Trigger.EVENT:
            raise _required("trigger", _("A scenario that only counts runs at night."))

    def _take_over_template(self) -> None:
        """Channel and purpose of a message are those of its template, so that the gate is asked for what is sent."""
        if not self.template:
            raise _required("template", _("Say which message is sent."))
        template = message_templates().get(self.template)
        if template is not None:  # one that was switched off stays as it is: the night then holds its hits
            self.channel, self.purpose = template.channel, template.purpose

    def check_ready(self) -> None:
        parse(self.rule)
        if self.action == Scenario.Action.SEND_MESSAGE and self.template not in message_templates():
            text = _("The message template %(code)s is not approved or switched off.") % {"code": self.template}
            raise Invalid(text, code="template_off", details=[{"field": "template", "code": "template_off"}])


def _required(field: str, text: Any) -> Invalid:
    return Invalid(text, details=[{"field": field, "code": "required", "message": str(text)}])
