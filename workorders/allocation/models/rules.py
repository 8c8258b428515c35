from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.facts.models import MONEY
from retention.core.accounts.models import Branch, Team, User
from retention.core.accounts.roles import Role
from retention.core.db.models import Bilingual
from workorders.allocation.models.people import Skill


class AllocationRuleQuerySet(models.QuerySet["AllocationRule"]):
    def visible_to(self, user: User) -> Self:
        """Rules of the own branch, below it, and above it, since those hold there too."""
        if user.role == Role.ADMINISTRATOR:
            return self
        if user.branch is None:
            return self.none()
        path = user.branch.path
        above = [path[: place + 1] for place, sign in enumerate(path) if sign == "/"]
        return self.filter(Q(branch__path__startswith=path) | Q(branch__path__in=above))

    def changeable_by(self, user: User) -> Self:
        """Rules of the own branch and below it."""
        return self.filter(branch__in=Branch.objects.visible_to(user).values("pk"))

    def in_order(self) -> Self:
        """As they are tried for one branch: its own first, then those of the branch above; each by its position."""
        return self.order_by("-branch__path", "position", "pk")


class AllocationRule(Bilingual):
    """Which group a new order goes to, and for whom it is reserved at first.

    Blank conditions hold for every order. spend_from, spend_below: yuan a month of the line. For `minutes` after the
    order was opened, or after the day it waits for, only agents take it who have the skill, speak the language and are
    among the agents named, if any are; with to_owner first the owner of the line in a snapshot cohort.
    """

    class Ownership(models.TextChoices):
        OWNED = "owned", _("With an owner")
        UNOWNED = "unowned", _("Without an owner")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="allocation_rules", verbose_name=_("branch"))
    position = models.PositiveSmallIntegerField(_("position"), default=10)
    active = models.BooleanField(_("active"), default=True)
    order_type = models.CharField(_("order type"), max_length=40, blank=True)
    origin = models.CharField(_("origin"), max_length=16, blank=True)
    spend_from = models.DecimalField(
        _("spend from (yuan a month)"), null=True, blank=True, validators=[MinValueValidator(0)], **MONEY
    )
    spend_below = models.DecimalField(
        _("spend below (yuan a month)"), null=True, blank=True, validators=[MinValueValidator(0)], **MONEY
    )
    language = models.CharField(_("language of the customer"), max_length=10, blank=True)
    own_field = models.CharField(_("own field"), max_length=60, blank=True)
    own_value = models.CharField(_("value of the own field"), max_length=100, blank=True)
    ownership = models.CharField(_("owner"), max_length=8, choices=Ownership.choices, blank=True)
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=pgettext_lazy("team", "group")
    )
    skill = models.ForeignKey(
        Skill, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("required skill")
    )
    speaks = models.ForeignKey(
        Skill, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("required language")
    )
    agents = models.ManyToManyField(User, blank=True, related_name="+", verbose_name=_("reserved for these agents"))
    to_owner = models.BooleanField(_("first to the owner"), default=False)
    minutes = models.PositiveIntegerField(
        _("minutes until it is open to the whole group"), default=240,
        validators=[MinValueValidator(1), MaxValueValidator(43_200)],
    )  # fmt: skip

    objects = AllocationRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("allocation rule")
        verbose_name_plural = _("allocation rules")
        constraints = [
            models.CheckConstraint(
                name="allocation_spend_in_order",
                condition=Q(spend_from=None) | Q(spend_below=None) | Q(spend_from__lt=F("spend_below")),
            )
        ]
