"""Tables of model monitoring: figures of every night, thresholds of its alarms, retrain proposals."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from retention.core.alerts.models import Alert


class WatchNight(models.Model):
    """A night's scoring run as counts in the bins of its version's reference (see analytics.churn.learners.sketch)."""

    as_of = models.DateField(primary_key=True)
    version = models.CharField(max_length=60)
    rows = models.IntegerField()
    sketch = models.JSONField()


class WatchValueQuerySet(models.QuerySet["WatchValue"]):
    def of(self, *measures: str) -> Self:
        return self.filter(measure__in=measures)

    def between(self, first: date, last: date) -> Self:
        return self.filter(as_of__range=(first, last))


class WatchValue(models.Model):
    """One figure of one night. subject: a feature, a tier or a cohort; "" for the base as a whole.

    Realised figures stand under the month end whose scores they judge, for the version that gave those scores.
    """

    class Measure(models.TextChoices):
        PSI = "psi", _("Drift against the reference")
        DRIFT = "drift", _("Drift beyond the calendar")
        MISSING = "missing", _("Missing")
        MISSING_RISE = "missing_rise", _("Missing, rise beyond the calendar")
        SCORE_PSI = "score_psi", _("Score drift against the reference")
        SCORE_DRIFT = "score_drift", _("Score drift beyond the calendar")
        MEAN = "mean", _("Mean churn probability")
        TIER = "tier", _("Share of the tier")
        AGE = "age", _("Age of the model")
        UNSCORED = "unscored", _("Nights since the last scores")
        ROWS = "rows", _("Lines evaluated")
        LEAVERS = "leavers", _("Leavers")
        AUC = "auc", _("AUC")
        LIFT = "lift", _("Lift, top tenth")
        SAID = "said", _("Predicted, mean")
        HAPPENED = "happened", _("Actual")
        CALIBRATION = "calibration", _("Calibration gap")
        LIFT_LOST = "lift_lost", _("Lift drop")

    as_of = models.DateField()
    version = models.CharField(max_length=60)
    measure = models.CharField(max_length=16, choices=Measure.choices)
    subject = models.CharField(max_length=80, blank=True)
    value = models.FloatField()

    objects = WatchValueQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "as_of", "subject", "version"], name="watch_value_once")
        ]
        indexes = [models.Index(fields=["as_of", "measure"], name="watch_by_night")]


class AlarmKind(models.TextChoices):
    FEATURE = "feature", _("Feature drift")
    SCORE = "score", _("Score drift")
    MISSING = "missing", _("Missing values")
    CALIBRATION = "calibration", _("Calibration")
    LIFT = "lift", _("Lift drop")
    OLD = "old", _("Model too old")
    UNSCORED = "unscored", _("Nightly run without scores")

    @property
    def alert_kind(self) -> str:
        """Its code among the alert kinds of the whole product."""
        return f"{ALERT_PREFIX}{self.value}"


ALERT_PREFIX = "model."


class WatchThreshold(models.Model):
    """When an alarm of a kind opens and closes. The shipped values stand in analytics.monitoring.defaults.

    An open alarm closes after `calm` figures in a row below `closes_at`. floor: lines (for calibration and lift:
    leavers) below which nothing is judged. serious: leads to a proposal to retrain.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=AlarmKind.choices, primary_key=True)
    opens_at = models.FloatField(_("opens at"))
    closes_at = models.FloatField(_("closes below"))
    calm = models.PositiveSmallIntegerField(_("figures in a row below, to close"), default=1)
    floor = models.PositiveIntegerField(_("lines or leavers needed"), default=0)
    serious = models.BooleanField(_("proposes to retrain"), default=False)

    class Meta:
        verbose_name = _("Threshold of the model watch")
        verbose_name_plural = _("Thresholds of the model watch")
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at__gt=0) & Q(closes_at__gt=0) & Q(closes_at__lte=models.F("opens_at")),
                name="watch_threshold_opens_above_closing",
                violation_error_message=_("An alarm must open above the value at which it closes."),
            ),
            models.CheckConstraint(condition=Q(calm__gte=1), name="watch_threshold_calm"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class RetrainProposalQuerySet(models.QuerySet["RetrainProposal"]):
    def waiting(self) -> Self:
        """Proposals without a decision."""
        return self.filter(state=RetrainProposal.State.OPEN)

    def under_way(self) -> Self:
        """Undecided, or accepted and not trained yet: as long as there is one, no other is made."""
        return self.filter(state__in=RetrainProposal.UNDER_WAY)

    def decided(self) -> Self:
        """Decided and finished proposals, the newest first."""
        return self.exclude(state__in=RetrainProposal.UNDER_WAY).select_related("decided_by").order_by("-decided_at")


class RetrainProposal(models.Model):
    """Train a challenger, because of the alarms that name this proposal. A person accepts or declines it."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("proposal", "Waiting for a decision")
        ACCEPTED = "accepted", pgettext_lazy("proposal", "Accepted, training")
        DECLINED = "declined", pgettext_lazy("proposal", "Declined")
        TRAINED = "trained", pgettext_lazy("proposal", "Trained")
        FAILED = "failed", pgettext_lazy("proposal", "Training failed")

    UNDER_WAY = (State.OPEN, State.ACCEPTED)

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    as_of = models.DateField(_("night"))
    version = models.CharField(_("version"), max_length=60)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(_("outcome"), max_length=300, blank=True)
    alarms = models.ManyToManyField(Alert, through="ProposalReason", related_name="+")

    objects = RetrainProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(state__in=("open", "accepted")), name="retrain_proposal_one_under_way"
            ),
            models.CheckConstraint(
                condition=Q(state="open") | ~Q(decided_at=None), name="retrain_proposal_decided_when_closed"
            ),
        ]


class ProposalReason(models.Model):
    """An alarm that a proposal names; none is named by two."""

    alert = models.OneToOneField(Alert, models.CASCADE, primary_key=True, related_name="proposal_reason")
    proposal = models.ForeignKey(RetrainProposal, models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"{self.alert_id} for {self.proposal_id}"
