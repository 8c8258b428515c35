"""What is counted of outcomes: what churn means, what became of every month end, and what told leavers from stayers."""

from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.models import LineType, TenureCohort
from retention.core.models import User
from retention.core.roles import Role


class Meaning(models.TextChoices):
    """The three meanings of churn (C1)."""

    LEAVES = "leaves", _("Leaves the operator")
    FALLS = "falls", _("Falls to a lower plan or brand")
    SPENDS_LESS = "spends_less", _("Spend falls a tier")


class Fate(models.TextChoices):
    """What became of a line of a month end, or why that cannot be said of it."""

    STAYS = "stays", pgettext_lazy("outcome", "Stayed")
    PORT_OUT = "port_out", pgettext_lazy("outcome", "Ported out")
    VOLUNTARY = "voluntary", pgettext_lazy("outcome", "Terminated by choice")
    SILENT = "silent", pgettext_lazy("outcome", "Fell silent")
    LOWER_BRAND = "lower_brand", pgettext_lazy("outcome", "Moved to a lower brand")
    LOWER_FEE = "lower_fee", pgettext_lazy("outcome", "Moved to a cheaper plan")
    SPEND_FELL = "spend_fell", pgettext_lazy("outcome", "Spend fell a tier")
    ARREARS = "arrears", pgettext_lazy("outcome", "Terminated for arrears")
    FALSE_USER = "false_user", pgettext_lazy("outcome", "Terminated as a false user")
    OTHER_END = "other_end", pgettext_lazy("outcome", "Terminated for another reason")
    LEFT = "left", pgettext_lazy("outcome", "Left by choice in the meantime")
    NOT_MATURE = "not_mature", _("The outcome is not known yet")
    OPTED_OUT = "opted_out", _("Opted out of profiling")
    LISTED_FALSE = "listed_false", _("On the list of false users")
    NO_USAGE = "no_usage", _("Usage of the months is not there")
    NO_BILLS = "no_bills", _("Bills of the months are not there")
    STOPPED = "stopped", _("Stopped on that date")
    SILENT_BEFORE = "silent_before", _("Silent already")
    PROMOTION = "promotion", _("Joined on a promotion less than three months before")
    LEFT_IN_GAP = "left_in_gap", _("Left inside the gap")
    LOWEST_TIER = "lowest_tier", _("In the lowest tier of spend already")


# How a line comes to carry the label 1. STAYS is 0; everything else carries no label.
CHURNED = (Fate.PORT_OUT, Fate.VOLUNTARY, Fate.SILENT, Fate.LOWER_BRAND, Fate.LOWER_FEE, Fate.SPEND_FELL)
COMPETING = (Fate.ARREARS, Fate.FALSE_USER, Fate.OTHER_END, Fate.LEFT)
EXCLUDED = (
    Fate.NOT_MATURE, Fate.OPTED_OUT, Fate.LISTED_FALSE, Fate.NO_USAGE, Fate.NO_BILLS, Fate.STOPPED,
    Fate.SILENT_BEFORE, Fate.PROMOTION, Fate.LEFT_IN_GAP, Fate.LOWEST_TIER,
)  # fmt: skip


def _days(low: int, high: int) -> list[Any]:
    return [MinValueValidator(low), MaxValueValidator(high)]


class OutcomeDefinition(models.Model):
    """One meaning for one line type, or with a blank one for all types that have no row of their own.

    edges: the borders between the tiers of monthly spend, yuan, ascending. brands: of falling to a lower brand, the
    highest first; brands that are not named have no rank.
    """

    meaning = models.CharField(_("meaning"), max_length=12, choices=Meaning.choices)
    line_type = models.CharField(_("line type"), max_length=20, choices=LineType.choices, blank=True)
    observation_months = models.PositiveSmallIntegerField(
        _("observation, months"), default=3, validators=_days(1, 12),
        help_text=_("Usage, or for spend the bills, of so many months up to the date must be there."),
    )  # fmt: skip
    gap_days = models.PositiveSmallIntegerField(
        _("gap, days"), default=7, validators=_days(0, 60),
        help_text=_("What happens in these days comes too soon for a call to change it."),
    )  # fmt: skip
    horizon_days = models.PositiveSmallIntegerField(
        _("outcome window, days"), default=30, validators=_days(1, 365), help_text=_("They begin after the gap.")
    )
    outcome_months = models.PositiveSmallIntegerField(
        _("outcome window, bills"), default=2, validators=_days(1, 12),
        help_text=_("The bills of so many whole months after the gap are averaged."),
    )  # fmt: skip
    fall_share = models.FloatField(
        _("smallest fall"), default=0.2, validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text=_("A share of one: 0.2 is a fall by a fifth. Less is a wobble at the edge of a tier."),
    )  # fmt: skip
    edges = models.JSONField(_("tiers of spend"), default=list, blank=True)
    brands = models.JSONField(_("brands, highest first"), default=list, blank=True)
    changed_at = models.DateTimeField(_("changed"), null=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("changed by")
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meaning", "line_type"], name="outcome_definition_once")]
        ordering = ["meaning", "line_type"]
        verbose_name = _("definition of an outcome")

    def __str__(self) -> str:
        return f"{self.meaning}:{self.line_type or 'all'}"


class WholeBaseQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Counts of the whole base: for administrators, and for managers and analysts of a branch without a parent."""
        if user.role == Role.ADMINISTRATOR:
            return self
        sees_all = user.role in {Role.MANAGER, Role.ANALYST} and user.branch and user.branch.parent_id is None
        return self if sees_all else self.none()


class OutcomeCount(models.Model):
    """How many lines of a month end had a fate. `definition`: the one they were counted by, as it was then."""

    snapshot = models.DateField()
    meaning = models.CharField(max_length=12, choices=Meaning.choices)
    line_type = models.CharField(max_length=20, choices=LineType.choices)
    cohort = models.CharField(max_length=10, choices=TenureCohort.choices)
    fate = models.CharField(max_length=16, choices=Fate.choices)
    lines = models.IntegerField()
    definition = models.JSONField()

    objects = WholeBaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "meaning", "line_type", "cohort", "fate"], name="outcome_count_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.snapshot} {self.meaning} {self.fate}"


class FactorGain(models.Model):
    """How much a factor tells leavers from stayers of a month end: information gain in bits. cohort "": all lines."""

    snapshot = models.DateField()
    cohort = models.CharField(max_length=10, blank=True)
    factor = models.CharField(max_length=80)
    rank = models.PositiveSmallIntegerField()
    gain = models.FloatField()
    gain_ratio = models.FloatField()
    lines = models.IntegerField()
    leavers = models.IntegerField()

    objects = WholeBaseQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "cohort", "factor"], name="factor_gain_once")]

    def __str__(self) -> str:
        return f"{self.snapshot} {self.factor}"


class RiskBand(models.Model):
    """The band of a factor in which most leave. Numbers from `low` up to, not including, `high`; a level, or blank."""

    snapshot = models.DateField()
    cohort = models.CharField(max_length=10, blank=True)
    rank = models.PositiveSmallIntegerField()
    factor = models.CharField(max_length=80)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    level = models.CharField(max_length=80, blank=True)
    is_blank = models.BooleanField(default=False)
    lines = models.IntegerField()
    leavers = models.IntegerField()
    rate = models.FloatField()
    rate_low = models.FloatField()
    rate_high = models.FloatField()
    lift = models.FloatField()

    objects = WholeBaseQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "cohort", "factor"], name="risk_band_once")]

    def __str__(self) -> str:
        return f"{self.snapshot} {self.factor}"
