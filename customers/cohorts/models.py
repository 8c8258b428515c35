"""Snapshot cohorts 拍照用户: a base of lines frozen on a date, each with an owner who answers for it 责任到人.

They stand below the profile, which takes up whose member a line is; `campaigns.cohorts` freezes, allots and measures.
"""

from decimal import Decimal
from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.facts.models import MONEY, Customer, Subscriber
from retention.core.accounts.models import Branch, User
from retention.core.accounts.roles import Role
from retention.core.errors import Invalid
from retention.core.managed.models import Managed, ManagedQuerySet

WHAT_IS_FROZEN = ("rule", "branch", "mid_from", "high_from")


class CohortQuerySet(ManagedQuerySet["Cohort"]):
    def running(self) -> Self:
        """Frozen and on: measured at month ends, and what the profile and its rules call a cohort."""
        return self.filter(enabled=True)

    def for_list(self) -> Self:
        return self.select_related("branch").order_by("-enabled", F("frozen_on").desc(nulls_first=True), "-pk")


class Cohort(Managed):
    """A rule, and from the freezing on the lines that it held for on that date.

    frozen_on: the date of the profile that was frozen; None for a draft. members, base_revenue: as frozen. Money is
    yuan a month; mid_from, high_from: where the value bands begin.
    """

    editable = ("name", "name_zh", "note", "branch", "rule", "mid_from", "high_from")
    view_permission, edit_permission = "cohorts.view", "cohorts.edit"

    note = models.CharField(_("note"), max_length=300, blank=True)
    rule = models.JSONField(_("rule"))
    mid_from = models.DecimalField(
        _("middle value from (yuan a month)"), default=60, validators=[MinValueValidator(0)], **MONEY
    )
    high_from = models.DecimalField(
        _("high value from (yuan a month)"), default=120, validators=[MinValueValidator(0)], **MONEY
    )
    frozen_on = models.DateField(_("frozen as of"), null=True, editable=False)
    frozen_at = models.DateTimeField(null=True, editable=False)
    frozen_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")
    members = models.PositiveIntegerField(_("members"), default=0, editable=False)
    base_revenue = models.DecimalField(
        _("base revenue a month"), max_digits=14, decimal_places=2, default=Decimal(0), editable=False
    )

    objects = CohortQuerySet.as_manager()

    class Meta:
        verbose_name = _("snapshot cohort")
        verbose_name_plural = _("snapshot cohorts")
        constraints = [
            models.CheckConstraint(
                name="cohort_on_is_frozen", condition=Q(enabled=False) | Q(frozen_on__isnull=False, members__gt=0)
            ),
            models.CheckConstraint(name="cohort_bands_in_order", condition=Q(mid_from__lte=F("high_from"))),
        ]

    def normalize(self) -> None:
        if self.mid_from > self.high_from:
            text = gettext("High value begins below middle value.")
            raise Invalid(text, details=[{"field": "high_from", "code": "below_mid", "message": text}])
        if self.frozen_on is None:
            return
        stored = type(self).objects.get(pk=self.pk)
        changed = [name for name in WHAT_IS_FROZEN if getattr(self, name) != getattr(stored, name)]
        if changed:
            (label,) = (column.verbose_name for column in self._meta.fields if column.name == changed[0])
            text = gettext("The cohort is frozen: its %(field)s does not change any more.") % {"field": label}
            raise Invalid(text, code="frozen", details=[{"field": changed[0], "code": "frozen", "message": text}])

    def check_ready(self) -> None:
        if self.frozen_on is None:
            raise Invalid(gettext("Freeze the cohort first: that switches it on."), code="not_frozen")


class CohortMemberQuerySet(models.QuerySet["CohortMember"]):
    def visible_to(self, user: User) -> Self:
        """Administrators all; managers and analysts the members frozen in their branch and below, also those who have
        left it since; a supervisor what the people of the own groups own; an agent the own ones."""
        if user.role == Role.ADMINISTRATOR:
            return self
        if user.role in {Role.MANAGER, Role.ANALYST}:
            return self.filter(branch__in=Branch.objects.under(user.branch).values("pk"))
        if user.role == Role.SUPERVISOR:
            people = User.objects.filter(teams__in=user.teams.values("pk")).values("pk")
            return self.filter(Q(owner=user) | Q(owner__in=people))
        return self.filter(owner=user)

    def for_list(self) -> Self:
        """With all that the list shows, most worth first."""
        shown = (
            "cohort",
            "subscriber__account",
            "subscriber__plan",
            "subscriber__profile",
            "customer",
            "branch",
            "owner",
        )
        return self.select_related(*shown).order_by("-base_revenue", "pk")


class CohortMember(models.Model):
    """A line of a frozen base, with its customer, branch and number as they were on that date.

    base_revenue: mean of the last six months on record before the date, yuan a month (`customers.fields.spend`).
    owner: who answers for it now; CohortHandover has the history.
    """

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="lines")
    subscriber = models.ForeignKey(Subscriber, models.PROTECT, related_name="cohort_members")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="cohort_members")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="cohort_members", db_index=False)
    phone_number = models.CharField(_("phone number"), max_length=32)
    value_band = models.CharField(_("value"), max_length=4)
    base_revenue = models.DecimalField(_("base revenue"), **MONEY)
    owner = models.ForeignKey(User, models.SET_NULL, null=True, related_name="cohort_members", db_index=False)

    objects = CohortMemberQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "subscriber"], name="cohort_member_once")]
        indexes = [models.Index(fields=["owner", "cohort"], name="cohort_member_of_owner")]

    def __str__(self) -> str:
        return f"{self.cohort_id} {self.subscriber_id}"


class CohortHandover(models.Model):
    """One change of a member's owner, never changed afterwards. owner: None for nobody. by: None for the system."""

    class Reason(models.TextChoices):
        ALLOTTED = "allotted", _("Allotted")
        BY_HAND = "by_hand", _("Given by hand")
        OWNER_LEFT = "owner_left", _("The owner left")

    member = models.ForeignKey(CohortMember, models.CASCADE, related_name="handovers")
    owner = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", db_index=False)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", db_index=False)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)

    def __str__(self) -> str:
        return f"{self.member_id} {self.owner_id} {self.at}"
