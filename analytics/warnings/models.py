"""The formal warning list of a month 每月月初预警: the scores of its first day, the recipients, and the outcomes.

A frozen list and its entries are never changed: triggers of the database refuse it (migration 0006).
"""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from customers.facts.models import MONEY, LineType, Subscriber, unchecked_foreign_key
from customers.fields.choices import RiskTier, TenureCohort
from retention.core.accounts.models import Branch, User
from retention.core.accounts.roles import Role


class WarningListQuerySet(models.QuerySet["WarningList"]):
    def frozen(self) -> Self:
        return self.filter(frozen_at__isnull=False).order_by("-dated")


class WarningList(models.Model):
    """`dated`: the first of the month it is for; `as_of`: the night of the scores. lines: entries in all branches."""

    dated = models.DateField(_("list of"), unique=True)
    as_of = models.DateField(_("scored on"))
    model_version = models.CharField(_("model version"), max_length=60)
    lines = models.PositiveIntegerField(_("lines"), default=0)
    frozen_at = models.DateTimeField(_("frozen"), null=True)

    objects = WarningListQuerySet.as_manager()

    class Meta:
        ordering = ["-dated"]

    def __str__(self) -> str:
        return f"{self.dated:%Y-%m}"


class WarningEntryQuerySet(models.QuerySet["WarningEntry"]):
    def visible_to(self, user: User) -> Self:
        """Managers, analysts: lines that stood in their branch or below when the list was made. Agents, supervisors:
        on customers they may see."""
        if user.role == Role.ADMINISTRATOR:
            return self
        if user.role in {Role.MANAGER, Role.ANALYST}:
            return self.filter(branch__in=Branch.objects.under(user.branch).values("pk"))
        return self.filter(subscriber__in=Subscriber.objects.visible_to(user))

    def for_page(self) -> Self:
        return self.select_related("subscriber__account__customer", "branch").order_by("place")


class WarningEntry(models.Model):
    """One line of a list, as it stood; place 1 is the contact that was expected to bring most."""

    pk = models.CompositePrimaryKey("warning_list_id", "place")
    warning_list = models.ForeignKey(WarningList, models.PROTECT, related_name="entries", db_index=False)
    place = models.PositiveIntegerField(_("place"))
    subscriber = unchecked_foreign_key("customers.Subscriber", related_name="+", db_index=False)
    branch = unchecked_foreign_key("core.Branch", related_name="+", db_index=False)
    line_type = models.CharField(_("line type"), max_length=20, choices=LineType.choices)
    cohort = models.CharField(_("tenure"), max_length=10, choices=TenureCohort.choices)
    tier = models.CharField(_("risk tier"), max_length=10, choices=RiskTier.choices)
    decile = models.SmallIntegerField(_("tenth"))
    probability = models.FloatField(_("churn probability"))
    expected_gain = models.DecimalField(_("expected gain"), null=True, **MONEY)
    monthly_spend = models.DecimalField(_("spend a month"), null=True, **MONEY)
    reasons = models.JSONField(default=list)

    objects = WarningEntryQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["warning_list", "subscriber"], name="warning_entry_once")]
        indexes = [models.Index(fields=["warning_list", "branch", "place"], name="warning_entry_of_branch")]

    def __str__(self) -> str:
        return f"{self.warning_list_id} {self.place}"


class ListResultQuerySet(models.QuerySet["ListResult"]):
    def visible_to(self, user: User) -> Self:
        """Supervisors and agents: nothing, for the counts are of whole branches."""
        if user.role == Role.ADMINISTRATOR:
            return self
        if user.role in {Role.MANAGER, Role.ANALYST}:
            return self.filter(branch__in=Branch.objects.under(user.branch).values("pk"))
        return self.none()

    def by_list(self) -> "models.QuerySet":
        """For each list the sums over the branches that are left."""
        names = ("lines", "expected", "left", "other_left", "contacted", "contacted_left")
        return self.values("warning_list").annotate(**{name: Sum(name) for name in names}).order_by("warning_list")


class ListResult(models.Model):
    """Results of a list's lines of one branch, up to `counted_on`; counted every night for three months.

    expected: leavers that the probabilities announced. left: voluntary leavers; other_left: arrears, false users and
    others. contacted: spoken to or written to since the list; contacted_left: of these, voluntary leavers.
    """

    computed_from_facts: ClassVar[Q] = Q()

    warning_list = models.ForeignKey(WarningList, models.CASCADE, related_name="results")
    branch = unchecked_foreign_key("core.Branch", related_name="+")
    counted_on = models.DateField(_("counted on"))
    lines = models.PositiveIntegerField(_("lines"))
    expected = models.FloatField(_("announced"))
    left = models.PositiveIntegerField(_("left"))
    other_left = models.PositiveIntegerField(_("left otherwise"))
    contacted = models.PositiveIntegerField(_("contacted"))
    contacted_left = models.PositiveIntegerField(_("contacted and left"))

    objects = ListResultQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["warning_list", "branch"], name="list_result_once")]

    def __str__(self) -> str:
        return f"{self.warning_list_id} {self.branch_id}"


class ListDeliveryQuerySet(models.QuerySet["ListDelivery"]):
    def of(self, user: User) -> Self:
        return self.filter(user=user).select_related("warning_list").order_by("-warning_list__dated")

    def unopened_of(self, user: User) -> Self:
        """Lists this person was sent and has not looked at yet: what the home page reminds of."""
        return self.of(user).filter(opened_at=None)

    def to_mail(self) -> Self:
        """Deliveries whose e-mail is due, failed ones included up to the limit of tries."""
        waiting = self.filter(mail=ListDelivery.Mail.WAITING) | self.filter(
            mail=ListDelivery.Mail.FAILED, mail_tries__lt=ListDelivery.MOST_TRIES
        )
        return waiting.select_related("warning_list", "user").order_by("pk")

    def for_page(self) -> Self:
        return self.select_related("user", "branch").order_by("branch__path", "user__username")


class ListDelivery(models.Model):
    """The sending of a list to a branch's manager. `lines`: how many of it the manager may see."""

    class Mail(models.TextChoices):
        NONE = "none", _("No e-mail")
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    MOST_TRIES = 8

    warning_list = models.ForeignKey(WarningList, models.CASCADE, related_name="deliveries")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+", verbose_name=_("branch"))
    lines = models.PositiveIntegerField(_("lines"))
    created_at = models.DateTimeField(_("sent"))
    opened_at = models.DateTimeField(_("first opened"), null=True)
    mail = models.CharField(_("e-mail"), max_length=8, choices=Mail.choices, default=Mail.NONE)
    mail_tries = models.PositiveSmallIntegerField(default=0)
    mail_at = models.DateTimeField(null=True)
    mail_error = models.CharField(max_length=200, blank=True)

    objects = ListDeliveryQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["warning_list", "user"], name="list_delivery_once")]

    def __str__(self) -> str:
        return f"{self.warning_list_id} {self.user_id}"


def month_slug(dated: date) -> str:
    """The list's name in addresses: 2026-12."""
    return f"{dated:%Y-%m}"
