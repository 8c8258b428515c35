"""Definitions of churn and outcome statuses, model versions, failed trainings and contests of learners."""

from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.facts.models import LineType


class Meaning(models.TextChoices):
    """The three meanings of churn."""

    LEAVES = "leaves", _("Leaves the operator")
    FALLS = "falls", _("Moves to a lower plan or brand")
    SPENDS_LESS = "spends_less", _("Spend drops a tier")


class OutcomeStatus(models.TextChoices):
    """The outcome of a line of a month end, or why it has none."""

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
    SILENT_BEFORE = "silent_before", _("Already dormant")
    PROMOTION = "promotion", _("Joined on a promotion less than three months before")
    LEFT_IN_GAP = "left_in_gap", _("Left inside the gap")
    LOWEST_TIER = "lowest_tier", _("In the lowest tier of spend already")


# Statuses with the label 1. STAYS is 0; all others have no label.
CHURNED = (
    OutcomeStatus.PORT_OUT,
    OutcomeStatus.VOLUNTARY,
    OutcomeStatus.SILENT,
    OutcomeStatus.LOWER_BRAND,
    OutcomeStatus.LOWER_FEE,
    OutcomeStatus.SPEND_FELL,
)
COMPETING = (OutcomeStatus.ARREARS, OutcomeStatus.FALSE_USER, OutcomeStatus.OTHER_END, OutcomeStatus.LEFT)
EXCLUDED = (
    OutcomeStatus.NOT_MATURE,
    OutcomeStatus.OPTED_OUT,
    OutcomeStatus.LISTED_FALSE,
    OutcomeStatus.NO_USAGE,
    OutcomeStatus.NO_BILLS,
    OutcomeStatus.STOPPED,
    OutcomeStatus.SILENT_BEFORE,
    OutcomeStatus.PROMOTION,
    OutcomeStatus.LEFT_IN_GAP,
    OutcomeStatus.LOWEST_TIER,
)


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


class ModelVersionQuerySet(models.QuerySet["ModelVersion"]):
    def for_registry(self) -> Self:
        """Every version, newest first, without its artefact."""
        newest_first = self.order_by("-created_at", "-pk")
        return newest_first.defer("artefact", "reference", "shapes").select_related("promoted_by")

    def champion(self) -> "ModelVersion | None":
        return self.filter(state=ModelVersion.State.CHAMPION).first()


class ModelVersion(models.Model):
    """A trained churn model: what it learnt from, how it was judged, its artefact, and who let it score.

    metrics: see analytics.churn.learners.metrics.summary, judged on rows it had not seen, and "plain_rate", see
    learners.plain_rate; span: {"trained_on": [dates],
    "judged_on": date or null, "rows": n, "judged_rows": n}; tiers: {tier: lowest probability}; recipe: kind of learner
    and cohorts with models of their own; shapes: see analytics.churn.services.curves; comparison:
    analytics.churn.services.comparison
    with the version compared; reference: value distributions of the first night it scored (analytics.monitoring).
    """

    class State(models.TextChoices):
        CHAMPION = "champion", _("Champion")
        CHALLENGER = "challenger", _("Challenger")
        RETIRED = "retired", _("Retired")

    version = models.CharField(_("version"), max_length=60, unique=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.CHALLENGER)
    created_at = models.DateTimeField(_("trained"))
    metrics = models.JSONField(_("figures"), default=dict)
    cohorts = models.JSONField(default=list)
    curves = models.JSONField(default=dict)
    factors = models.JSONField(default=list)
    features = models.JSONField(default=list)
    shapes = models.JSONField(default=list)
    tiers = models.JSONField(default=dict)
    span = models.JSONField(default=dict)
    recipe = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    comparison = models.JSONField(default=dict)
    reference = models.JSONField(default=dict)
    artefact = models.BinaryField()
    checksum = models.CharField(max_length=64)
    promoted_at = models.DateTimeField(_("promoted"), null=True)
    promoted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    promoted_why = models.CharField(_("why"), max_length=200, blank=True)

    objects = ModelVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="champion"), name="model_one_champion"),
            models.CheckConstraint(
                condition=~Q(state="champion") | ~Q(promoted_at=None), name="model_champion_promoted"
            ),
        ]

    def __str__(self) -> str:
        return self.version

    @property
    def beats_plain_rate(self) -> bool:
        """Whether it was surely better than giving everybody the same chance. Versions older than this test pass."""
        return self.metrics.get("plain_rate", {}).get("better", True)


class TrainingAttemptQuerySet(models.QuerySet["TrainingAttempt"]):
    def standing(self) -> "TrainingAttempt | None":
        """Why no model scores: the newest attempt; None while a champion scores or before any was trained."""
        newest, champion = self.first(), ModelVersion.objects.for_registry().champion()
        if newest is None or champion is None or champion.promoted_at is None:
            return newest
        is_unusable = newest.problem == TrainingAttempt.Problem.UNUSABLE and newest.tried_at > champion.promoted_at
        return newest if is_unusable else None


class TrainingAttempt(models.Model):
    """A training that brought no version that may score, and why; the newest one is told while no model scores.

    numbers: {"rows", "leavers", "needed"} and of a version that is not better {"auc", "auc_by_chance"}; of other
    problems {"text"}; where the champion cannot score {"version", "why"} and what kept it from being replaced,
    {"problem", "numbers"}: see analytics.churn.text.
    """

    class Problem(models.TextChoices):
        NO_LEAVERS = "no_leavers"
        FEW_LEAVERS = "few_leavers"
        NOT_BETTER = "not_better"
        UNUSABLE = "unusable"
        OTHER = "other"

    as_of = models.DateField()
    tried_at = models.DateTimeField()
    problem = models.CharField(max_length=20, choices=Problem.choices)
    numbers = models.JSONField(default=dict)
    version = models.ForeignKey(ModelVersion, models.SET_NULL, null=True, related_name="+")

    objects = TrainingAttemptQuerySet.as_manager()

    class Meta:
        ordering = ["-tried_at", "-pk"]
        get_latest_by = ["tried_at", "pk"]

    def __str__(self) -> str:
        return f"{self.as_of} {self.problem}"


class LearnerContest(models.Model):
    """Kinds of learner judged on the same rolling origins: see analytics.churn.services.model_selection."""

    as_of = models.DateField()
    held_at = models.DateTimeField()
    rows = models.JSONField(default=list)
    means = models.JSONField(default=list)
    chosen = models.CharField(max_length=20)
    own = models.JSONField(default=list)

    class Meta:
        ordering = ["-held_at", "-pk"]
        get_latest_by = ["held_at", "pk"]

    def __str__(self) -> str:
        return f"{self.as_of} {self.chosen}"
