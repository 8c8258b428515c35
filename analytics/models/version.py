from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ModelVersionQuerySet(models.QuerySet["ModelVersion"]):
    def for_registry(self) -> Self:
        """Every version, newest first, without its artefact."""
        newest_first = self.order_by("-created_at", "-pk")
        return newest_first.defer("artefact", "reference", "shapes").select_related("promoted_by")

    def champion(self) -> "ModelVersion | None":
        return self.filter(state=ModelVersion.State.CHAMPION).first()


class ModelVersion(models.Model):
    """A trained churn model: what it learnt from, how it was judged, its artefact, and who let it score.

    metrics: see analytics.churn.metrics.summary, judged on rows it had not seen; span: {"trained_on": [dates],
    "judged_on": date or null, "rows": n, "judged_rows": n}; tiers: {tier: lowest probability}; recipe: kind of learner
    and cohorts with models of their own; shapes: see analytics.churn.shapes; comparison: analytics.churn.comparison
    with the version it was held against; reference: how values lay on the first night it scored (analytics.watch).
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


class LearnerContest(models.Model):
    """Kinds of learner judged on the same rolling origins: see analytics.churn.contest."""

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
