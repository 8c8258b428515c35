"""Assumptions of a contact's value: terms of a line type, treatments, randomised tests, and churn rates."""

from decimal import Decimal
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaigns.offers.models import Offer
from customers.facts.models import MONEY, LineType, unchecked_foreign_key
from customers.fields.choices import TenureCohort, ValueBand


class TreatmentKind(models.TextChoices):
    """Treatment of a contact: the call alone, or with an offer of a kind."""

    CONTACT = "contact", _("Contact only")
    RENEWAL = Offer.Kind.RENEWAL.value, Offer.Kind.RENEWAL.label
    PLAN_CHANGE = Offer.Kind.PLAN_CHANGE.value, Offer.Kind.PLAN_CHANGE.label
    GIFT = Offer.Kind.GIFT.value, Offer.Kind.GIFT.label


SHARE = [MinValueValidator(0), MaxValueValidator(1)]


class ValueTerms(models.Model):
    """How the value of a line is computed, for a line type; the row without one applies to all others.

    margin, discount_a_year, leaving_a_month: shares of one. leaving_a_month is the churn rate used while too few
    line-months are observed. saved_leaves: factor on the churn rate of a line that was saved once.
    """

    line_type = models.CharField(_("line type"), max_length=20, choices=LineType.choices, blank=True, unique=True)
    margin = models.FloatField(_("margin, share of spend"), default=0.45, validators=SHARE)
    discount_a_year = models.FloatField(_("discount rate a year"), default=0.10, validators=SHARE)
    horizon_months = models.PositiveSmallIntegerField(
        _("months looked ahead"), default=36, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    leaving_a_month = models.FloatField(_("leaving a month, when not known"), default=0.02, validators=SHARE)
    saved_leaves = models.FloatField(
        _("a saved line leaves at this many times the usual rate"),
        default=2.0,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
    )
    contact_cost = models.DecimalField(
        _("cost of a contact (yuan)"), default=4, validators=[MinValueValidator(0)], **MONEY
    )
    mid_from = models.DecimalField(
        _("middle value from (yuan a month)"), default=60, validators=[MinValueValidator(0)], **MONEY
    )
    high_from = models.DecimalField(
        _("high value from (yuan a month)"), default=120, validators=[MinValueValidator(0)], **MONEY
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(mid_from__lte=F("high_from")), name="value_bands_in_order"),
            models.CheckConstraint(
                condition=Q(margin__range=(0, 1), discount_a_year__range=(0, 1), leaving_a_month__range=(0, 1)),
                name="value_shares",
            ),
        ]

    def __str__(self) -> str:
        return str(LineType(self.line_type).label) if self.line_type else str(_("All others"))

    @property
    def edges(self) -> tuple[Decimal, Decimal]:
        """Where the value bands but the lowest begin, yuan a month (`customers.fields.spend.band_limits`)."""
        return self.mid_from, self.high_from


class Treatment(models.Model):
    """Prior save rate and cost of a treatment.

    save_rate: share of the leavers among the treated who stay because of it. weight: the prior counts as much as a
    test with so many leavers in each arm. enough: minimum leavers of a segment's tests, both arms together, for the
    tests to be used. offer_cost is paid for the share `acceptance` of those contacted.
    """

    kind = models.CharField(_("treatment"), max_length=12, choices=TreatmentKind.choices, unique=True)
    save_rate = models.FloatField(_("save rate, before tests"), validators=SHARE)
    weight = models.PositiveIntegerField(_("counts as so many leavers"), validators=[MinValueValidator(1)])
    enough = models.PositiveIntegerField(_("leavers needed in tests"), validators=[MinValueValidator(1)])
    acceptance = models.FloatField(_("share that takes the offer"), validators=SHARE)
    offer_cost = models.DecimalField(_("cost of the offer (yuan)"), validators=[MinValueValidator(0)], **MONEY)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(save_rate__gte=0, save_rate__lt=1, acceptance__range=(0, 1), weight__gte=1),
                name="treatment_shares",
            )
        ]

    def __str__(self) -> str:
        return str(TreatmentKind(self.kind).label)


class ExperimentQuerySet(models.QuerySet["Experiment"]):
    def for_list(self) -> Self:
        return self.select_related("recorded_by", "campaign").order_by("-as_of", "-pk")

    def in_force(self) -> Self:
        return self.filter(withdrawn_at=None)


class Experiment(models.Model):
    """The outcome of one randomised test: leavers among the contacted and among the random control group.

    cohort, band: the segment it was made in; blank is all. campaign: that it was counted from, by the night; such a row
    is written once, whatever becomes of it. accepted: of the treated, those that took an offer; None where nobody
    counted. Never changed: a wrong one is withdrawn.
    """

    kind = models.CharField(_("treatment"), max_length=12, choices=TreatmentKind.choices)
    cohort = models.CharField(_("tenure"), max_length=10, choices=TenureCohort.choices, blank=True)
    band = models.CharField(_("value"), max_length=4, choices=ValueBand.choices, blank=True)
    as_of = models.DateField(_("counted on"))
    treated = models.PositiveIntegerField(_("contacted"))
    treated_left = models.PositiveIntegerField(_("of these left"))
    control = models.PositiveIntegerField(_("held back"))
    control_left = models.PositiveIntegerField(_("of those left"))
    accepted = models.PositiveIntegerField(_("of these took the offer"), null=True)
    source = models.CharField(_("source"), max_length=120)
    campaign = unchecked_foreign_key("campaigns.Campaign", null=True, related_name="tests_of_treatment", db_index=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField(_("recorded"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)

    objects = ExperimentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "cohort", "band"], name="experiment_once",
                                    condition=Q(withdrawn_at=None)),
            models.CheckConstraint(
                condition=Q(treated__gte=1, control__gte=1, treated_left__lte=F("treated"),
                            control_left__lte=F("control")),
                name="experiment_counts",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.source


class LeavingRate(models.Model):
    """Leavers of a line type and cohort in the 90 days up to `as_of`, and the line-days at risk."""

    as_of = models.DateField(_("as of"))
    line_type = models.CharField(_("line type"), max_length=20, choices=LineType.choices)
    cohort = models.CharField(_("tenure"), max_length=10, choices=TenureCohort.choices)
    line_days = models.BigIntegerField(_("line-days"))
    leavers = models.PositiveIntegerField(_("leavers"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["as_of", "line_type", "cohort"], name="leaving_rate_once")]

    def __str__(self) -> str:
        return f"{self.line_type} {self.cohort} {self.as_of}"
