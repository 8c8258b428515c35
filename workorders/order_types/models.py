from copy import deepcopy
from datetime import timedelta
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.lists.models import SHIPPED_CHOICES
from retention.core.db.models import Bilingual, pick
from retention.core.errors import Invalid
from workorders.order_types import rules
from workorders.order_types.clocks import ClockKind, ClockSpec, read_clocks
from workorders.order_types.stages import ALL_WORK, COMPILERS, DEFAULT_MOVES, DEFAULT_STAGES, Stages, read_stages

USUAL_LEASE = timedelta(seconds=50)
# An agent who needs longer takes a pause, with its reason.
MOST_WRAP_UP = 600


class OrderTypeQuerySet(models.QuerySet["OrderType"]):
    def published(self) -> Self:
        return self.filter(status=OrderType.Status.PUBLISHED)

    def drafts(self) -> Self:
        return self.filter(status=OrderType.Status.DRAFT)

    def after_leaving(self) -> Self:
        """Versions whose orders are about lines that have left."""
        return self.filter(flow__after_leaving=True)

    def current(self) -> Self:
        """The newest active version of each code: what new orders are opened with."""
        return self.published().filter(active=True).order_by("code", "-version").distinct("code")

    def guarded(self) -> Self:
        """Versions with a stage that takes another permission than all work does; none of those that ship."""
        return self.filter(guarded=True)

    def for_administration(self) -> Self:
        """One version of each code: that of new orders, of a code that is off the newest; else its first draft."""
        return self.order_by("code", "-status", "-active", "-version").distinct("code")


class OrderType(Bilingual):
    """A kind of work order as data. A change is a new version; running orders keep the one they started with.

    flow and fields: see workorders/order_types/rules.py, stages and moves: see stages.py, which read and check them.
    routes: the stages and moves compiled for the statement that moves orders; guarded: one of them takes another
    permission than all work does; both are written by save().
    wrap_up_seconds: after a contact is saved its agent is given no order by itself for so long; 0 for none.
    one_open: its orders contact the customer, who has at most one of them open; False for faults and inspections.
    questionnaire: code of the one that the call screen asks in place of fields and talk track, once it is published
    (workorders/surveys).
    """

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("order type", "Draft")
        PUBLISHED = "published", pgettext_lazy("order type", "Published")

    code = models.SlugField(_("code"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    purpose = models.CharField(
        _("purpose"), max_length=40, help_text=_("What consent and contact limits are asked for.")
    )
    priority = models.PositiveSmallIntegerField(_("priority"), default=5, help_text=_("1 is worked first."))
    due_hours = models.PositiveIntegerField(_("hours until due"), default=48)
    clocks = models.JSONField(_("clocks"), default=list, blank=True, db_default=models.Value([], models.JSONField()))
    flow = models.JSONField(_("flow"), default=dict)
    fields = models.JSONField(_("form fields"), default=list, blank=True)
    script = models.TextField(_("talk track"), blank=True)
    script_zh = models.TextField(_("talk track (Chinese)"), blank=True)
    questionnaire = models.CharField(_("questionnaire"), max_length=40, null=True, blank=True)
    active = models.BooleanField(_("active"), default=True)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.PUBLISHED, db_default=Status.PUBLISHED
    )
    stages = models.JSONField(_("stages"), default=list, blank=True, db_default=[])
    moves = models.JSONField(_("moves"), default=list, blank=True, db_default=[])
    routes = models.JSONField(default=dict, editable=False, db_default={})
    lease_seconds = models.PositiveSmallIntegerField(
        _("seconds an order stays on a desk without a sign of life"),
        default=USUAL_LEASE.seconds,
        db_default=USUAL_LEASE.seconds,
        validators=[MinValueValidator(30), MaxValueValidator(3600)],
    )
    wrap_up_seconds = models.PositiveSmallIntegerField(
        _("seconds of wrap-up"), default=0, db_default=0, validators=[MaxValueValidator(MOST_WRAP_UP)]
    )
    guarded = models.BooleanField(default=False, editable=False, db_default=False)
    one_open = models.BooleanField(_("at most one open order a customer"), default=True, db_default=True)

    objects = OrderTypeQuerySet.as_manager()

    class Meta:
        ordering = ["code", "-version"]
        verbose_name = _("order type")
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="order_type_version"),
            models.UniqueConstraint(fields=["code"], condition=Q(status="draft"), name="order_type_one_draft"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.stages:
            self.stages, self.moves = deepcopy(DEFAULT_STAGES), deepcopy(DEFAULT_MOVES)
        flow = self.staged
        self.routes = COMPILERS["routes"](flow)
        self.guarded = any(one.who not in ("", ALL_WORK) for one in flow.stages)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """For the administration: errors of rules.read() appear at their field."""
        try:
            rules.read(self.flow, self.fields)
            read_clocks(self.clocks, self.due_hours)
            read_stages(self.stages, self.moves)
        except Invalid as error:
            places = {"bad_fields": "fields", "bad_clocks": "clocks", "bad_stages": "stages"}
            raise ValidationError({places.get(error.code, "flow"): error.message}) from error

    @property
    def clock_specs(self) -> tuple[ClockSpec, ...]:
        """How long its orders may take: see workorders/order_types/clocks.py."""
        return read_clocks(self.clocks, self.due_hours)

    @property
    def close_minutes(self) -> int:
        """How long an order may take until it is closed: by its clock of that kind, else by `due_hours`."""
        own = next((one.get("minutes") for one in self.clocks if one["kind"] == ClockKind.CLOSE), None)
        return own or self.due_hours * 60

    @property
    def after_leaving(self) -> bool:
        """Whether its orders are about lines that have left; those of other types end with their line."""
        return bool(self.flow.get("after_leaving", False))

    @property
    def staged(self) -> Stages:
        """Its stages and moves. Invalid when they cannot be read."""
        return read_stages(self.stages, self.moves)

    @property
    def lease(self) -> timedelta:
        return timedelta(seconds=self.lease_seconds)

    @property
    def talk_track(self) -> str:
        return pick(self.script, self.script_zh)


class DispositionQuerySet(models.QuerySet["Disposition"]):
    def choosable(self) -> Self:
        """The leaves an agent may choose, with their headings, in screen order."""
        return (
            self.filter(active=True)
            .exclude(result="")
            .select_related("parent")
            .order_by("parent__position", "position")
        )

    def for_list(self) -> Self:
        """All leaves, in use or not, with their headings, in screen order."""
        return self.exclude(result="").select_related("parent").order_by("parent__position", "position", "code")


class Disposition(Bilingual):
    """Result of a contact. A tree: a row without a result is a heading; a leaf declares its effects.

    A leaf does exactly one of three: it closes the order, brings it back after some hours, or needs an appointment.
    """

    class Result(models.TextChoices):
        RETAINED = "retained", _("Retained")
        ACCEPTED = "accepted", _("Offer accepted")
        REFUSED = "refused", _("Refused")
        CONSIDERING = "considering", _("Considering")
        CALLBACK = "callback", _("Call back")
        NO_ANSWER = "no_answer", _("No answer")
        WRONG_NUMBER = "wrong_number", _("Wrong number")
        DO_NOT_CALL = "do_not_call", _("Do not call")
        FALSE_USER = "false_user", _("False user")
        INFORMED = "informed", _("Informed")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    hotkey = models.PositiveSmallIntegerField(
        pgettext_lazy("keyboard", "key"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    result = models.CharField(_("result"), max_length=16, choices=Result.choices, blank=True)
    reached = models.BooleanField(_("customer reached"), default=False)
    closes = models.BooleanField(_("closes the order"), default=False)
    needs_appointment = models.BooleanField(_("needs an appointment"), default=False)
    retry_after_hours = models.PositiveIntegerField(_("try again after hours"), null=True, blank=True)
    adds_to_list = models.CharField(_("adds to list"), max_length=16, choices=SHIPPED_CHOICES, blank=True)
    list_days = models.PositiveIntegerField(_("days on the list"), null=True, blank=True)
    active = models.BooleanField(_("active"), default=True)

    objects = DispositionQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        verbose_name = _("disposition")
        verbose_name_plural = _("dispositions")
        constraints = [
            models.UniqueConstraint(fields=["hotkey"], condition=Q(active=True), name="disposition_hotkey_once"),
            models.CheckConstraint(
                condition=Q(hotkey=None) | Q(hotkey__range=(1, 9)), name="disposition_hotkey_1_to_9"
            ),
            models.CheckConstraint(
                name="disposition_one_effect",
                condition=Q(result="", closes=False, needs_appointment=False, retry_after_hours=None)
                | ~Q(result="")
                & (
                    Q(closes=True, needs_appointment=False, retry_after_hours=None)
                    | Q(closes=False, needs_appointment=True, retry_after_hours=None)
                    | Q(closes=False, needs_appointment=False, retry_after_hours__gte=1)
                ),
            ),
        ]
