"""What agents can do, how much they take a day, and when they are away."""

from datetime import date
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from retention.core.accounts.models import Team, User
from retention.core.accounts.roles import Role
from retention.core.db.models import Bilingual


class Skill(Bilingual):
    """A skill, or a language, that an order may require. The code of a language is that of `Customer.language`."""

    class Kind(models.TextChoices):
        SKILL = "skill", pgettext_lazy("of an agent", "Skill")
        LANGUAGE = "language", pgettext_lazy("of an agent", "Language")

    code = models.SlugField(_("code"), max_length=24, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.SKILL)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["kind", "code"]
        verbose_name = _("skill")
        verbose_name_plural = _("skills")


class DailyTargets(models.Model):
    """What is to be reached on a day of work. None: no target of one's own."""

    contacts_target = models.PositiveSmallIntegerField(
        _("contacts a day (target)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(999)],
    )
    kept_target = models.PositiveSmallIntegerField(
        _("retained or accepted a day (target)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(999)],
    )

    class Meta:
        abstract = True


class TeamTargets(DailyTargets):
    """What each agent of a group is to reach a day."""

    team = models.OneToOneField(Team, models.CASCADE, related_name="daily_targets")

    class Meta:
        verbose_name = _("daily targets of a group")

    def __str__(self) -> str:
        return f"{self.team_id}"


class AgentTerms(DailyTargets):
    """What one agent can do, and how many orders of the queue the agent takes a day; None, no cap. The targets go
    before those of the group."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="agent_terms")
    skills = models.ManyToManyField(Skill, blank=True, related_name="agents", verbose_name=_("skills and languages"))
    daily_cap = models.PositiveSmallIntegerField(
        _("orders a day at most"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(999)],
    )

    class Meta:
        verbose_name = _("skills of an agent")

    def __str__(self) -> str:
        return f"{self.user_id}"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def on(self, day: date) -> Self:
        """Those that hold on a day of the operator."""
        return self.filter(first_day__lte=day, last_day__gte=day)

    def visible_to(self, user: User) -> Self:
        """Administrators see all; supervisors those of their groups' people; others those of their branch and below."""
        match user.role:
            case Role.ADMINISTRATOR:
                return self
            case Role.SUPERVISOR:
                mates = User.teams.through.objects.filter(team__in=user.teams.values("pk")).values("user")
                return self.filter(Q(agent=user) | Q(agent__in=mates))
            case Role.MANAGER if user.branch is not None:
                return self.filter(agent__branch__path__startswith=user.branch.path)
        return self.filter(agent=user)


class Absence(models.Model):
    """Days on which an agent works no orders, both included. cover: who has the agent's orders meanwhile; None, the
    group. began, ended: its orders went to the cover, and came back."""

    class Reason(models.TextChoices):
        LEAVE = "leave", _("Annual leave")
        SICK = "sick", _("Sick leave")
        TRAINING = "training", _("Training")
        TRIP = "trip", _("Business trip")
        OTHER = "other", pgettext_lazy("absence", "Other")

    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="absences", verbose_name=_("agent")
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=8, choices=Reason.choices, default=Reason.LEAVE)
    cover = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cover")
    )
    began = models.BooleanField(default=False, editable=False)
    ended = models.BooleanField(default=False, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        ordering = ["-first_day", "-pk"]
        constraints = [
            models.CheckConstraint(name="absence_days_in_order", condition=Q(first_day__lte=F("last_day"))),
            models.CheckConstraint(name="absence_covered_by_another", condition=Q(cover=None) | ~Q(cover=F("agent"))),
        ]
        indexes = [models.Index(fields=["last_day"], condition=Q(ended=False), name="absence_not_over")]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.first_day}"
