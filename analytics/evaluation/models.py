"""What was learnt of whom a contact helps, and what it says of every line."""

from typing import Self

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ContestState(models.TextChoices):
    TOO_FEW = "too_few", pgettext_lazy("uplift", "Too few members")
    LOST = "lost", pgettext_lazy("uplift", "Not better: not used")
    WON = "won", pgettext_lazy("uplift", "Better: in use")


class UpliftContestQuerySet(models.QuerySet["UpliftContest"]):
    def newest_first(self) -> Self:
        return self.order_by("-pk")


class UpliftContest(models.Model):
    """One contest of uplift against risk x value on the members of measured campaigns. Never changed.

    campaigns: codes, in order; the next contest is held when they are others. members, treated: rows after both arms of
    every campaign were brought to one share; left, control_left: of all and of the control. figures: of the contest,
    see `services.uplift`; {} where there were too few. artefact: the model, where it won; helps_from: the gain from
    which a line is of the half that the judged policy contacts.
    """

    as_of = models.DateField(_("facts up to"))
    held_at = models.DateTimeField(_("held"))
    campaigns = models.JSONField(default=list)
    members = models.PositiveIntegerField(_("members"))
    treated = models.PositiveIntegerField(_("treated"))
    left = models.PositiveIntegerField(_("left"))
    control_left = models.PositiveIntegerField(_("left of the control"))
    state = models.CharField(_("state"), max_length=8, choices=ContestState.choices)
    figures = models.JSONField(default=dict)
    artefact = models.JSONField(null=True)
    helps_from = models.FloatField(null=True)

    objects = UpliftContestQuerySet.as_manager()

    class Meta:
        verbose_name = _("contest of uplift")
        constraints = [
            models.CheckConstraint(
                name="uplift_model_only_if_won",
                condition=Q(state=ContestState.WON, artefact__isnull=False)
                | ~Q(state=ContestState.WON) & Q(artefact=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.as_of} {self.state}"


class UpliftScoreQuerySet(models.QuerySet["UpliftScore"]):
    def helped(self) -> Self:
        """Lines of the half that is contacted by what a contact changes."""
        return self.filter(helps=True)

    def asleep(self) -> Self:
        """Lines that are expected to stay rather when left alone."""
        return self.filter(gain__lt=0)

    def counted(self) -> dict[str, int]:
        return self.aggregate(
            lines=Count("pk"), helped=Count("pk", filter=Q(helps=True)), asleep=Count("pk", filter=Q(gain__lt=0))
        )


class UpliftScore(models.Model):
    """What a contact changes for a line in use, by the newest model that won. Written by COPY, replaced every night.

    gain: of the chance to be still here after 90 days, if contacted. helps: of the half that the policy contacts.
    """

    subscriber = models.OneToOneField(
        "customers.Subscriber", models.DO_NOTHING, primary_key=True, related_name="uplift", db_constraint=False
    )
    as_of = models.DateField()
    gain = models.FloatField()
    helps = models.BooleanField()

    objects = UpliftScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("uplift of a line")
