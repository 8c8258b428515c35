"""Calls drawn for review, the marks they were given, and rounds of calibration."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from retention.core.accounts.models import Branch, Team, User
from retention.core.accounts.roles import Role
from workorders.orders.models import Transition, WorkOrder
from workorders.quality.criteria import Criterion, read
from workorders.quality.models.sheets import SampleRule, ScoreSheet


class Calibration(models.Model):
    """Several reviewers score the same calls without seeing each other's scores, until it is closed."""

    name = models.CharField(_("name"), max_length=120)
    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="calibrations", verbose_name=_("score sheet"))
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, related_name="+", verbose_name=_("branch"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(_("closed"), null=True)

    class Meta:
        ordering = ["-opened_at"]
        verbose_name = _("calibration")

    def __str__(self) -> str:
        return self.name


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, user: User) -> Self:
        """Agents: finished reviews of their own calls. Supervisors: of their groups, in their branch and below it.
        Managers and analysts: own branch and below. None sees those of a calibration here."""
        ordinary = self.filter(calibration=None)
        if user.role == Role.ADMINISTRATOR:
            return ordinary
        if user.role == Role.AGENT:
            return ordinary.of_agent(user)
        own = ordinary.filter(branch__in=Branch.objects.under(user.branch).values("pk"))
        return own.filter(team__in=user.teams.values("pk")) if user.role == Role.SUPERVISOR else own

    def of_agent(self, user: User) -> Self:
        """What a person may read about the own calls."""
        return self.filter(calibration=None, agent=user).exclude(state=Review.State.WAITING)

    def open_to(self, reviewer: User) -> Self:
        """Waiting ones that the person may review: never of the own calls."""
        return self.visible_to(reviewer).filter(state=Review.State.WAITING).exclude(agent=reviewer)

    def counted(self) -> Self:
        """Those whose marks count."""
        return self.filter(state=Review.State.FINISHED, calibration=None)

    def for_list(self) -> Self:
        return self.select_related("order__type", "agent", "team", "sheet", "reviewer", "contact__disposition")


class Review(models.Model):
    """One call to be judged by one reviewer, or judged.

    contact: the line of the trail that closed the order. draw: the hash that drew it, from 0 to 1. criteria: of the
    sheet at the draw. total: share of the weighted points. reply: what the agent says to it, once.
    """

    class Reason(models.TextChoices):
        AGENT = "agent", _("So many of each agent")
        SHARE = "share", _("Share of all calls")
        COMPLAINT = "complaint", _("Complaint after the call")
        HAND = "hand", _("Chosen by hand")
        CALIBRATION = "calibration", _("Calibration")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("review", "To be reviewed")
        FINISHED = "finished", pgettext_lazy("review", "Reviewed")
        WITHDRAWN = "withdrawn", pgettext_lazy("review", "Set aside after an objection")

    class Reply(models.TextChoices):
        ACKNOWLEDGED = "acknowledged", pgettext_lazy("review", "Acknowledged")
        OBJECTED = "objected", pgettext_lazy("review", "Objected")

    contact = models.ForeignKey(Transition, models.CASCADE, related_name="reviews", db_index=False)
    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="reviews", verbose_name=_("order"))
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews", verbose_name=_("agent"), db_index=False
    )
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+", verbose_name=_("group"))
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+", verbose_name=_("branch"))
    contact_at = models.DateTimeField(_("call saved"))
    rule = models.ForeignKey(SampleRule, models.PROTECT, null=True, related_name="reviews")
    reason = models.CharField(_("drawn because"), max_length=12, choices=Reason.choices)
    draw = models.FloatField(null=True)
    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="reviews", verbose_name=_("score sheet"))
    sheet_version = models.PositiveIntegerField(_("version"))
    criteria = models.JSONField(default=list)
    calibration = models.ForeignKey(Calibration, models.CASCADE, null=True, related_name="reviews")
    drawn_at = models.DateTimeField(_("drawn"))
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.WAITING)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("reviewer")
    )
    reviewed_at = models.DateTimeField(_("reviewed"), null=True)
    total = models.FloatField(_("mark"), null=True)
    is_fatal = models.BooleanField(_("fatal"), default=False)
    comment = models.TextField(_("comment"), blank=True)
    reply = models.CharField(_("reply"), max_length=12, choices=Reply.choices, blank=True)
    reply_text = models.TextField(blank=True)
    replied_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-contact_at", "-pk"]
        verbose_name = _("review")
        constraints = [
            models.UniqueConstraint(fields=["contact"], condition=Q(calibration=None), name="review_once_a_contact"),
            models.UniqueConstraint(
                fields=["calibration", "contact", "reviewer"],
                condition=Q(calibration__isnull=False),
                name="review_once_a_reviewer",
            ),
            models.CheckConstraint(
                condition=Q(reviewer=None) | ~Q(reviewer=F("agent")), name="review_never_of_own_work"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", reviewed_at=None, total=None)
                | ~Q(state="waiting") & Q(reviewed_at__isnull=False, total__isnull=False, reviewer__isnull=False),
                name="review_finished_has_mark",
            ),
            models.CheckConstraint(condition=Q(reply="") | ~Q(state="waiting"), name="review_reply_to_finished"),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(reply="objected"), name="review_answer_to_objection"
            ),
        ]
        indexes = [
            models.Index(fields=["agent", "contact_at"], name="review_of_agent"),
            models.Index(fields=["state", "contact_at"], name="review_by_state"),
            models.Index(fields=["contact"], name="review_of_contact"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.contact_at:%Y-%m-%d}"

    def as_criteria(self) -> tuple[Criterion, ...]:
        return read(self.criteria)

    @property
    def awaits_answer(self) -> bool:
        return self.reply == self.Reply.OBJECTED and self.answered_at is None


class Mark(models.Model):
    """The score of one criterion; none where it does not apply. share: of the points it could give."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="marks", db_index=False)
    criterion = models.CharField(_("criterion"), max_length=32)
    score = models.SmallIntegerField(_("score"), null=True)
    share = models.FloatField(null=True)
    comment = models.CharField(_("comment"), max_length=400, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "criterion"], name="mark_once")]

    def __str__(self) -> str:
        return f"{self.review_id} {self.criterion}"
