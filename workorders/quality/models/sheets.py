"""Score sheets, and the rules by which calls are drawn for review."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from retention.core.accounts.models import User
from retention.core.errors import Invalid
from retention.core.managed.models import Managed, ManagedQuerySet
from workorders.quality.criteria import Criterion, read, require_weights


class ScoreSheet(Managed):
    """By what a call is judged. A change makes it a draft; switching it on publishes it.

    A review keeps the criteria that the sheet had when its call was drawn.
    """

    editable = ("name", "name_zh", "branch", "criteria")
    dependent = ("enabled",)
    view_permission, edit_permission = "quality.view", "quality.edit"

    criteria = models.JSONField(_("criteria"), default=list)

    objects = ManagedQuerySet["ScoreSheet"].as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("score sheet")
        verbose_name_plural = _("score sheets")

    def as_criteria(self) -> tuple[Criterion, ...]:
        return read(self.criteria)

    def normalize(self) -> None:
        read(self.criteria)

    def check_ready(self) -> None:
        require_weights(self.as_criteria())

    def changed_by(self, actor: User) -> None:
        self.enabled = False


class SampleRule(Managed):
    """Which closed calls of a week are reviewed: so many of each agent, a share of all, and those with a complaint.

    types, dispositions: codes, none for all. The draw is a hash of rule and call: the same calls again.
    """

    editable = (
        "name", "name_zh", "branch", "sheet", "per_agent", "share_percent", "complaints", "types", "dispositions",
    )  # fmt: skip
    view_permission, edit_permission = "quality.view", "quality.edit"

    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="rules", verbose_name=_("score sheet"))
    per_agent = models.PositiveSmallIntegerField(
        _("calls of each agent a week"), default=2, validators=[MaxValueValidator(50)]
    )
    share_percent = models.PositiveSmallIntegerField(
        _("share of all calls (%)"), default=0, validators=[MaxValueValidator(100)]
    )
    complaints = models.BooleanField(_("always those with a complaint afterwards"), default=True)
    types = models.JSONField(_("order types"), default=list, blank=True)
    dispositions = models.JSONField(_("dispositions"), default=list, blank=True)

    objects = ManagedQuerySet["SampleRule"].as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("sampling rule")
        verbose_name_plural = _("sampling rules")

    def normalize(self) -> None:
        if not (self.per_agent or self.share_percent or self.complaints):
            text = gettext("Draw some calls: of each agent, a share of all, or those with a complaint.")
            raise Invalid(text, code="draws_nothing", details=[{"field": "per_agent", "message": text}])


class Draw(models.Model):
    """A week that a rule has drawn: once, however often the task runs. week: its Monday."""

    rule = models.ForeignKey(SampleRule, models.CASCADE, related_name="draws", db_index=False)
    week = models.DateField(_("week"))
    version = models.PositiveIntegerField()
    drawn_at = models.DateTimeField(_("drawn"))
    count = models.PositiveIntegerField(_("calls drawn"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "week"], name="quality_draw_once")]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.week}"
